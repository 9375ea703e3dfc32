import type { Steps } from './steps';
import type { Time } from './time';

/** How long something took, as far as it can be seen: longer than the last time that it had not happened. */
export interface Span {
  atLeast: number;
  /** Null: it had not happened when the wait ended. */
  atMost: number | null;
}

/** What was measured of one assumption: seconds, or a value, or why it is not known. */
export type Measured =
  | { seconds: Span }
  | { value: unknown }
  | { unknown: string };

/** A moment with its uncertainty: a request left and was answered. Epoch milliseconds. */
export interface Moment {
  sentAt: number;
  answeredAt: number;
}

const inSeconds = (ms: number) => Math.round(ms) / 1000;

/** The longest pause between two looks. Seconds. */
const LONGEST_PAUSE = 60;

/** The next look comes after a tenth of the time that has passed: at least a second, at most a minute. */
const pauseAfter = (elapsedSeconds: number) =>
  Math.min(LONGEST_PAUSE, Math.max(1, elapsedSeconds / 10)) * 1000;

/** Looks again and again until it is so, and says how long that was after the moment. */
export async function* until(
  {
    time,
    start,
    limitSeconds,
  }: { time: Time; start: Moment; limitSeconds: number },
  isSo: () => Promise<boolean>,
): Steps<Span> {
  let atLeast = 0;
  for (;;) {
    const sentAt = time.now();
    if (await isSo()) {
      return { atLeast, atMost: inSeconds(time.now() - start.sentAt) };
    }
    atLeast = Math.max(0, inSeconds(sentAt - start.answeredAt));
    if (atLeast >= limitSeconds) return { atLeast, atMost: null };
    yield pauseAfter(atLeast);
  }
}

/** The span of one thing that began when another was over, which was itself only seen from outside. */
export function after(total: Span, first: Span): Span {
  if (first.atMost === null) return { atLeast: 0, atMost: null };
  return {
    atLeast: Math.max(0, total.atLeast - first.atMost),
    atMost:
      total.atMost === null
        ? null
        : Math.max(0, inSeconds((total.atMost - first.atLeast) * 1000)),
  };
}

/** Does what was measured agree with what was assumed? Undefined: it is not known. */
export function agrees(
  assumed: unknown,
  measured: Measured,
): boolean | undefined {
  if ('unknown' in measured) return undefined;
  if ('value' in measured) {
    return JSON.stringify(measured.value) === JSON.stringify(assumed);
  }
  const { atLeast, atMost } = measured.seconds;
  if (assumed === null || atMost === null) return assumed === atMost;
  return atLeast <= Number(assumed) && Number(assumed) <= atMost;
}

/** The setting by which an emulator does what was measured. */
export function settingOf(measured: Measured): unknown {
  if ('value' in measured) return measured.value;
  if (!('seconds' in measured)) return undefined;
  const { atLeast, atMost } = measured.seconds;
  return atMost === null ? null : inSeconds(((atLeast + atMost) / 2) * 1000);
}
