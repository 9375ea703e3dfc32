/** From the verdict in a registry's row to what its owners are notified of. Pure. */
import { findingRules } from '../cmk/findings';
import type { FindingNotification } from '../cmk/findings/rule';
import type { DigestKind } from './kinds';

const DAY_MS = 24 * 60 * 60_000;

/** What the verdict says of one condition. */
export type ConditionVerdict =
  | { condition: FindingNotification; verdict: 'unknown' | 'absent' }
  | ({ condition: FindingNotification; verdict: 'holds' } & Holding);

export interface Holding {
  /** What it holds of: the same condition of something else is reported again. */
  subject: string;
  /** The same condition with a higher level is reported again. */
  level: number;
  kind: DigestKind;
  /** For the words. */
  details: { days?: number; expiresAt?: number };
}

/** The parts of a registry's row that are read here. */
export interface JudgedRegistry {
  /** Ids of findings. */
  findings: readonly string[];
  undecided: readonly string[];
  vaultHost?: string;
  keyName?: string;
  versionInUse?: string;
  identity?: string;
  /** By Azure's clock, epoch milliseconds. */
  behindSince?: number;
  expiresAt?: number;
}

/** Days before the expiry at which it is reported, the last first. */
export const EXPIRY_DAYS = [1, 7, 30] as const;

const keyOf = ({ vaultHost = '', keyName = '' }: JudgedRegistry) =>
  `${vaultHost}/${keyName}`;

/** Subject of each condition. */
const SUBJECTS: Record<
  FindingNotification,
  (registry: JudgedRegistry) => string
> = {
  expiry: ({ versionInUse = '', expiresAt }) => `${versionInUse} ${expiresAt}`,
  behind: registry => `${keyOf(registry)} ${registry.behindSince ?? ''}`,
  'pinned-key-trap': keyOf,
  'identity-detached': ({ identity = '' }) => identity,
  'firewall-closed': ({ vaultHost = '' }) => vaultHost,
};

/** @param now - Azure's time, epoch milliseconds */
export function conditionsOf(
  registry: JudgedRegistry,
  now: number,
): ConditionVerdict[] {
  return (Object.keys(SUBJECTS) as FindingNotification[]).map(condition => {
    const ids = findingRules
      .filter(({ notifies }) => notifies === condition)
      .map(({ id }) => id);
    const isIn = (some: readonly string[]) => ids.some(id => some.includes(id));
    const subject = SUBJECTS[condition](registry);
    if (condition === 'expiry') {
      return expiryOf(registry, {
        now,
        subject,
        isUnknown: isIn(registry.undecided),
      });
    }
    if (isIn(registry.findings)) {
      return {
        condition,
        verdict: 'holds',
        subject,
        level: 0,
        kind: condition,
        details: {},
      };
    }
    return {
      condition,
      verdict: isIn(registry.undecided) ? 'unknown' : 'absent',
    };
  });
}

function expiryOf(
  { expiresAt }: JudgedRegistry,
  {
    now,
    subject,
    isUnknown,
  }: { now: number; subject: string; isUnknown: boolean },
): ConditionVerdict {
  const condition = 'expiry';
  if (isUnknown) return { condition, verdict: 'unknown' };
  if (expiresAt === undefined) return { condition, verdict: 'absent' };
  const holds = {
    condition,
    verdict: 'holds',
    subject,
  } as const;
  const left = expiresAt - now;
  if (left <= 0) {
    return {
      ...holds,
      kind: 'expired',
      level: EXPIRY_DAYS.length + 1,
      details: { expiresAt },
    };
  }
  const days = EXPIRY_DAYS.find(each => left <= each * DAY_MS);
  if (days === undefined) return { condition, verdict: 'absent' };
  return {
    ...holds,
    kind: 'expires',
    level: EXPIRY_DAYS.length - EXPIRY_DAYS.indexOf(days),
    details: { expiresAt, days },
  };
}
