import type { Effect } from '../../domain/effects';
import type { OperationRecord } from '../../engine/types';

/** Columns of a registry's row that conditions depend on. */
export interface JudgedRegistry {
  /** Ids of findings. */
  findings: readonly string[];
  /** Ids of the findings that could not be decided. */
  undecided: readonly string[];
  vaultHost?: string;
  keyName?: string;
  versionInUse?: string;
  identity?: string;
  /** Time since which it lags, by Azure's clock. Epoch milliseconds. */
  behindSince?: number;
  expiresAt?: number;
}

/** Switches in the settings of Backstage, which show these names. */
export const DIGEST_TOPIC = 'digest';
export const LOST_TOPIC = 'access-lost';
export const BACK_TOPIC = 'access-back';

/** A kind that owners get once a condition begins to hold of a registry. */
export interface ConditionKind {
  severity: 'normal' | 'high' | 'critical';
  /**
   * Present where the registry cannot reach its key, or its version has expired: told at once, also to the platform
   * team, and so is the end. Absent: reported in the digest.
   */
  loss?: {
    /** Level of the condition from which it is a loss. */
    level: number;
    /** Effect by which a revoke causes it too. That is reported by itself. */
    byRevoke?: Effect['kind'];
  };
  /**
   * Condition that the rules of `domain/findings/` notify of. While their finding is undecided, it neither
   * begins nor ends. Kinds with the same condition are stages of it.
   */
  condition: string;
  /** A condition is reported again when its subject changes. */
  subject(registry: JudgedRegistry): string;
  /**
   * The stage that the condition has reached, if it holds: it decides alone, whatever the registry's findings are.
   * Default: one stage, as long as the registry has a finding that notifies of it.
   *
   * @param now - Azure's time, epoch milliseconds
   */
  stage?(registry: JudgedRegistry, now: number): Stage | undefined;
  /** @param registries - such as "2 registries" */
  sentence(
    registries: string,
    group: { isOne: boolean; days?: number },
  ): string;
}

export interface Stage {
  /** A condition is reported again when its level rises. */
  level: number;
  /** Data of the texts. */
  details: { days?: number; expiresAt?: number; cause?: string };
}

const DAY_MS = 24 * 60 * 60_000;
/** Days before the expiry at which it is reported, the last first. */
const EXPIRY_DAYS = [1, 7, 30];

const keyOf = ({ vaultHost, keyName }: JudgedRegistry) =>
  `${vaultHost ?? ''}/${keyName ?? ''}`;

const expiryOf = ({ versionInUse, expiresAt }: JudgedRegistry) =>
  `${versionInUse ?? ''} ${expiresAt}`;

const keyAndIdentityOf = (registry: JudgedRegistry) =>
  `${keyOf(registry)} ${registry.identity ?? ''}`;

const EXPIRED_LEVEL = EXPIRY_DAYS.length + 1;

/** Kinds that report a condition, for several registries together. */
export const CONDITION_KINDS: Record<string, ConditionKind> = {
  expires: {
    severity: 'normal',
    condition: 'expiry',
    subject: expiryOf,
    stage({ expiresAt }, now) {
      if (expiresAt === undefined || expiresAt <= now) return undefined;
      const passed = EXPIRY_DAYS.filter(
        days => expiresAt - now <= days * DAY_MS,
      );
      return passed.length === 0
        ? undefined
        : { level: passed.length, details: { expiresAt, days: passed[0] } };
    },
    sentence: (registries, { days }) =>
      `${registries}: the key version in use expires within ${
        days === 1 ? '1 day' : `${days} days`
      }`,
  },
  expired: {
    severity: 'critical',
    loss: { level: EXPIRED_LEVEL },
    condition: 'expiry',
    subject: expiryOf,
    stage: ({ expiresAt }, now) =>
      expiresAt === undefined || expiresAt > now
        ? undefined
        : { level: EXPIRED_LEVEL, details: { expiresAt } },
    sentence: registries => `${registries}: the key version in use has expired`,
  },
  behind: {
    severity: 'high',
    condition: 'behind',
    subject: registry => `${keyOf(registry)} ${registry.behindSince ?? ''}`,
    sentence: (registries, { isOne }) =>
      `${registries} ${
        isOne ? 'has' : 'have'
      } not followed a new version of the key`,
  },
  'pinned-key-trap': {
    severity: 'high',
    condition: 'pinned-key-trap',
    subject: keyOf,
    sentence: (registries, { isOne }) =>
      `${registries} ${
        isOne ? 'is' : 'are'
      } pinned to one version while a policy rotates the key`,
  },
  'key-unusable': {
    severity: 'critical',
    loss: { level: 0, byRevoke: 'key-changed' },
    condition: 'key-unusable',
    subject: registry => `${keyOf(registry)} ${registry.versionInUse ?? ''}`,
    sentence: registries =>
      `${registries}: the key, or its version in use, is deleted or disabled`,
  },
  'access-removed': {
    severity: 'critical',
    loss: { level: 0, byRevoke: 'access-removed' },
    condition: 'access-removed',
    subject: keyAndIdentityOf,
    sentence: registries =>
      `${registries}: no access of the encryption identity to the key is known`,
  },
  'identity-deleted': {
    severity: 'critical',
    loss: { level: 0 },
    condition: 'identity-deleted',
    subject: ({ identity }) => identity ?? '',
    sentence: registries =>
      `${registries}: the encryption identity was deleted`,
  },
  'identity-detached': {
    severity: 'critical',
    loss: { level: 0 },
    condition: 'identity-detached',
    subject: ({ identity }) => identity ?? '',
    sentence: registries =>
      `${registries}: the encryption identity is not attached`,
  },
  'firewall-closed': {
    severity: 'critical',
    loss: { level: 0 },
    condition: 'firewall-closed',
    subject: ({ vaultHost }) => vaultHost ?? '',
    sentence: registries =>
      `${registries}: a firewall keeps the registry from its key`,
  },
};

/** Kind of the end of a loss: the registry is known to have no other. */
export const BACK_KIND = 'access-back';

/** Texts of each kind that is reported for several registries together. */
export const GROUPED_KINDS: Record<
  string,
  Pick<ConditionKind, 'severity' | 'sentence' | 'loss'>
> = {
  ...CONDITION_KINDS,
  [BACK_KIND]: {
    severity: 'normal',
    sentence: (registries, { isOne }) =>
      `${registries} can use ${isOne ? 'its' : 'their'} key in full again`,
  },
};

export function topicOf(kind: string): string {
  if (kind === BACK_KIND) return BACK_TOPIC;
  return CONDITION_KINDS[kind].loss ? LOST_TOPIC : DIGEST_TOPIC;
}

/** The loss that a condition is from some level on. */
const lossOf = (condition: string) =>
  Object.values(CONDITION_KINDS).find(
    kind => kind.condition === condition && kind.loss,
  )?.loss;

/** Level of a condition that a revoke by this portal has caused, which is no loss to report here. */
export const BY_REVOKE = -1;

/** Conditions that are a loss from some level on. */
export const LOSS_CONDITIONS: ReadonlySet<string> = new Set(
  Object.values(CONDITION_KINDS).flatMap(({ condition, loss }) =>
    loss ? [condition] : [],
  ),
);

/** Whether a condition that has reached this level is a loss to report. */
export function isLoss(of: { condition: string; level: number }): boolean {
  const loss = lossOf(of.condition);
  return loss !== undefined && of.level >= loss.level;
}

/** Whether a revoke has caused this condition. One that failed or is unverified may have taken nothing. */
export function isByRevoke(
  condition: string,
  { state, effects }: Pick<OperationRecord, 'state' | 'effects'>,
): boolean {
  const effect = lossOf(condition)?.byRevoke;
  if (state === 'failed' || state === 'unverified') return false;
  return effects.some(({ kind }) => kind === effect);
}
