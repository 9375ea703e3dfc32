/** Choices of the client's next request, made from the seed alone, regardless of earlier answers. */
import type { Random } from '../random';
import {
  newTarget,
  OPERATORS,
  type Person,
  type Target,
  TARGETS,
  VISITOR,
} from '../world/people';

/** Something to be asked for; what depends on the state of the registry is said in words. */
export type IntentChoice =
  | { kind: 'rotate'; to: 'new-version'; follow: 'now' | 'wait' }
  | { kind: 'rotate'; to: 'other-mode' }
  | { kind: 'rotate'; to: 'older-version' }
  | { kind: 'rotate'; to: 'new-key'; keyName: string }
  | { kind: 'rotate'; to: 'system-identity' }
  | {
      kind: 'revoke';
      /** Choice of an offered method, from 0 to 1; the recommended one when absent. */
      method?: number;
      restoreAfterMinutes?: number;
    }
  | { kind: 'automatic-rotation'; to: { days: number } | 'off' | 'as-before' }
  | { kind: 'restore' }
  | { kind: 'retire' }
  | { kind: 'create-registry'; name: string };

/**
 * Policies to choose from, in days: so long that the vault makes no version by itself while a run lasts.
 * Several, so that it matters whose was set last.
 */
export const ROTATION_DAYS = [400, 500, 600] as const;

/** One request with everything that belongs to it. */
export interface Choice {
  /** Before it begins. */
  pauseMs: number;
  person: Person;
  target: Target;
  intent: IntentChoice;
  /** Second request, sent once the first has ended or the wait for it is over. */
  then?: IntentChoice;
  /** Replica that is asked first, modulo how many there are; each further call asks the next one. */
  replica: number;
  /** The acceptance goes to two replicas at once, with one key. */
  twice: boolean;
  /** Sends the acceptance again after its answer. */
  again: boolean;
  /** The key comes back with another reason, which has to be refused. */
  reuseKey: boolean;
  decision: 'approve' | 'reject' | 'leave';
  decideAfterMs: number;
  cancelAfterMs?: number;
  /** Opens the stream of events and goes away after so long. */
  streamMs?: number;
  /** Longest wait for the end before the next request. */
  patienceMs: number;
}

function chooseIntent(random: Random, name: string): IntentChoice {
  const kind = random.weighted([
    [32, 'rotate'],
    [10, 'automatic-rotation'],
    [34, 'revoke'],
    [8, 'restore'],
    [10, 'retire'],
    [6, 'create-registry'],
  ] as const);
  switch (kind) {
    case 'rotate': {
      const to = random.weighted([
        [12, 'new-version'],
        [3, 'other-mode'],
        [2, 'older-version'],
        [2, 'new-key'],
        [1, 'system-identity'],
      ] as const);
      if (to === 'new-version') {
        return { kind, to, follow: random.chance(0.8) ? 'now' : 'wait' };
      }
      return to === 'new-key' ? { kind, to, keyName: name } : { kind, to };
    }
    case 'revoke': {
      return {
        kind,
        ...(random.chance(0.75) ? { method: random.next() } : {}),
        ...(random.chance(0.15) ? { restoreAfterMinutes: 5 } : {}),
      };
    }
    case 'automatic-rotation': {
      const to = random.weighted([
        [4, 'on'],
        [1, 'off'],
        [1, 'as-before'],
      ] as const);
      return {
        kind,
        to: to === 'on' ? { days: random.pick(ROTATION_DAYS) } : to,
      };
    }
    case 'create-registry':
      return { kind, name };
    default:
      return { kind };
  }
}

/**
 * The nth request of one of the client's threads.
 *
 * @param random - of the thread; nothing is drawn from it, so that a choice depends on its number only
 */
export function chooseRequest(
  random: Random,
  thread: number,
  index: number,
): Choice {
  const own = random.fork(`request-${index}`);
  const intent = chooseIntent(own, `chaos${thread}x${index}`);
  const target =
    intent.kind === 'create-registry'
      ? newTarget(intent.name)
      : own.pick(TARGETS);
  return {
    pauseMs: own.between(0, 800),
    person: own.chance(0.04) ? VISITOR : own.pick(OPERATORS),
    target,
    intent,
    // What is never restored keeps its registry from everything else.
    ...(intent.kind === 'revoke' && own.chance(0.8)
      ? { then: { kind: 'restore' } as const }
      : {}),
    replica: own.between(0, 5),
    twice: own.chance(0.35),
    again: own.chance(0.3),
    reuseKey: own.chance(0.1),
    decision: own.weighted([
      [7, 'approve'],
      [2, 'reject'],
      [1, 'leave'],
    ]),
    decideAfterMs: own.between(0, 1500),
    ...(own.chance(0.2) ? { cancelAfterMs: own.between(0, 1200) } : {}),
    ...(own.chance(0.25) ? { streamMs: own.between(0, 3000) } : {}),
    patienceMs: own.between(1000, 12_000),
  };
}
