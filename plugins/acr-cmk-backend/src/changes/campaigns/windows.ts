import { DateTime } from 'luxon';
import type {
  CampaignFreeze,
  CampaignsConfig,
  CampaignWindow,
} from '../../platform/config';

/** Windows and freezes of `acrCmk.campaigns`. */
export type CampaignCalendar = CampaignsConfig;

/** Whether a member may start now; otherwise the next time to look again, and the reason in a sentence. */
export type Opening =
  | { open: true }
  | { open: false; until?: number; message: string };

/** A window that a change to summer time removes opens a week later. */
const LOOKED_AHEAD_DAYS = 15;
/** Freezes and windows that are tried one after another. No calendar has as many in a row. */
const MOST_TRIED = 200;
const NEXT_DAYS_MS = 6 * 24 * 60 * 60_000;

const inUtc = (at: number) =>
  DateTime.fromMillis(at, { zone: 'utc', locale: 'en' }).toFormat(
    "d LLLL yyyy, HH:mm 'UTC'",
  );

/**
 * Whether an operation may start now.
 *
 * @param durationMs - its estimated duration: nothing starts that would end inside a freeze
 */
export function openingAt(
  { windows, freezes, closed }: CampaignCalendar,
  now: number,
  durationMs: number,
): Opening {
  if (closed !== undefined) return { open: false, message: closed };
  const freeze = freezeOver(freezes, now, durationMs);
  if (!freeze && isAnyOpen(windows, now)) return { open: true };
  const until = nextOpening({ windows, freezes }, now, durationMs);
  if (freeze) {
    const times = `${inUtc(freeze.from)} to ${inUtc(freeze.to)}`;
    return {
      open: false,
      until,
      message:
        freeze.from <= now
          ? `Frozen until ${inUtc(freeze.to)}: ${freeze.reason}`
          : `Would end in the freeze from ${times}: ${freeze.reason}`,
    };
  }
  const next =
    until === undefined ? undefined : opensAt(windows, { at: until, now });
  return {
    open: false,
    until,
    message: next
      ? `The window opens on ${next}`
      : 'No window of acrCmk.campaigns.windows opens within two weeks',
  };
}

/** The next time at which something may start; the time itself where that is so, or no such time is known. */
export function nextOpenAt(calendar: CampaignCalendar, at: number): number {
  return nextOpening(calendar, at, 0) ?? at;
}

/** A time in the words of the window that is open then. */
function opensAt(
  windows: readonly CampaignWindow[],
  { at, now }: { at: number; now: number },
): string {
  const { timeZone = 'UTC' } = windows.find(one => isIn(one, at)) ?? {};
  const local = DateTime.fromMillis(at, { zone: timeZone, locale: 'en' });
  const day = at - now < NEXT_DAYS_MS ? 'cccc' : 'd LLLL yyyy';
  return `${local.toFormat(`${day} 'at' HH:mm`)} (${timeZone})`;
}

/** The freeze that an operation which starts now would touch. */
function freezeOver(
  freezes: readonly CampaignFreeze[],
  start: number,
  durationMs: number,
): CampaignFreeze | undefined {
  return freezes.find(
    ({ from, to }) => start < to && start + durationMs >= from,
  );
}

/** Without windows, it is always open. */
function isAnyOpen(windows: readonly CampaignWindow[], at: number): boolean {
  return windows.length === 0 || windows.some(one => isIn(one, at));
}

/** Compares by the wall clock: where summer time repeats an hour, the window is open in both. */
function isIn({ days, from, to, timeZone }: CampaignWindow, at: number) {
  const local = DateTime.fromMillis(at, { zone: timeZone });
  const minute = local.hour * 60 + local.minute;
  return days.includes(local.weekday) && minute >= from && minute < to;
}

function nextOpening(
  { windows, freezes }: CampaignCalendar,
  now: number,
  durationMs: number,
): number | undefined {
  let at = now;
  for (let tried = 0; tried < MOST_TRIED; tried++) {
    const freeze = freezeOver(freezes, at, durationMs);
    if (freeze) {
      at = freeze.to;
    } else if (isAnyOpen(windows, at)) {
      return at;
    } else {
      const next = nextBeginning(windows, at);
      if (next === undefined) return undefined;
      at = next;
    }
  }
  return undefined;
}

/** The first beginning of a window after a time at which none is open. */
function nextBeginning(
  windows: readonly CampaignWindow[],
  after: number,
): number | undefined {
  const beginnings = windows.flatMap(window => {
    const { timeZone } = window;
    const today = DateTime.fromMillis(after, { zone: timeZone }).startOf('day');
    return Array.from({ length: LOOKED_AHEAD_DAYS }, (_, days) =>
      beginningsOn(window, today.plus({ days })),
    ).flatMap(times => times.filter(at => at > after && isIn(window, at)));
  });
  return beginnings.length > 0 ? Math.min(...beginnings) : undefined;
}

/** Times of a day, which begins then, at which a window may begin. */
function beginningsOn({ from }: CampaignWindow, day: DateTime): number[] {
  const next = day.plus({ days: 1 });
  if (day.offset === next.offset) {
    return [day.plus({ minutes: from }).toMillis()];
  }
  // The clock is changed, and skips the beginning or repeats a part of the window: any minute may be the first.
  return Array.from({ length: next.diff(day).as('minutes') }, (_, minutes) =>
    day.plus({ minutes }).toMillis(),
  );
}
