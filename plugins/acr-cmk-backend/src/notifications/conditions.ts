/** From the verdict in a registry's row to what its owners are notified of. Pure. */
import type { DigestKind } from './kinds';

const DAY_MS = 24 * 60 * 60_000;

/** What may hold of a registry. The stages of an expiry are one condition. */
type ConditionName = 'expiry' | Exclude<DigestKind, 'expires' | 'expired'>;

/** What the verdict says of one condition. */
export type ConditionVerdict =
  | { condition: ConditionName; verdict: 'unknown' | 'absent' }
  | ({ condition: ConditionName; verdict: 'holds' } & Holding);

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

/** @param now - Azure's time, epoch milliseconds */
export function conditionsOf(
  registry: JudgedRegistry,
  now: number,
): ConditionVerdict[] {
  const key = `${registry.vaultHost ?? ''}/${registry.keyName ?? ''}`;
  const found = (
    condition: Exclude<ConditionName, 'expiry'>,
    finding: string,
    subject: string,
  ): ConditionVerdict => {
    if (registry.findings.includes(finding)) {
      const kind = condition;
      return {
        condition,
        verdict: 'holds',
        subject,
        level: 0,
        kind,
        details: {},
      };
    }
    return {
      condition,
      verdict: registry.undecided.includes(finding) ? 'unknown' : 'absent',
    };
  };
  return [
    expiryOf(registry, now),
    found('behind', 'key-behind', `${key} ${registry.behindSince ?? ''}`),
    found('pinned-key-trap', 'pinned-key-trap', key),
    found('identity-detached', 'identity-detached', registry.identity ?? ''),
    found('firewall-closed', 'vault-firewall', registry.vaultHost ?? ''),
  ];
}

function expiryOf(
  { expiresAt, undecided, versionInUse }: JudgedRegistry,
  now: number,
): ConditionVerdict {
  const condition = 'expiry';
  if (undecided.includes('key-expires-soon')) {
    return { condition, verdict: 'unknown' };
  }
  if (expiresAt === undefined) return { condition, verdict: 'absent' };
  const holds = {
    condition,
    verdict: 'holds',
    subject: `${versionInUse ?? ''} ${expiresAt}`,
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
