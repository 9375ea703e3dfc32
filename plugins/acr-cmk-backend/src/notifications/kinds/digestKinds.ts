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

/** Switch for digests in the settings of Backstage, which show this name. */
export const DIGEST_TOPIC = 'digest';

/** A kind that owners get in a digest, once a condition begins to hold of a registry. */
export interface DigestKind {
  severity: 'normal' | 'high' | 'critical';
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
  details: { days?: number; expiresAt?: number };
}

const DAY_MS = 24 * 60 * 60_000;
/** Days before the expiry at which it is reported, the last first. */
const EXPIRY_DAYS = [1, 7, 30];

const keyOf = ({ vaultHost, keyName }: JudgedRegistry) =>
  `${vaultHost ?? ''}/${keyName ?? ''}`;

const expiryOf = ({ versionInUse, expiresAt }: JudgedRegistry) =>
  `${versionInUse ?? ''} ${expiresAt}`;

/** Kinds that are reported together, in a digest. */
export const DIGEST_KINDS: Record<string, DigestKind> = {
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
    condition: 'expiry',
    subject: expiryOf,
    stage: ({ expiresAt }, now) =>
      expiresAt === undefined || expiresAt > now
        ? undefined
        : { level: EXPIRY_DAYS.length + 1, details: { expiresAt } },
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
  'identity-detached': {
    severity: 'critical',
    condition: 'identity-detached',
    subject: ({ identity }) => identity ?? '',
    sentence: registries =>
      `${registries}: the encryption identity is not attached`,
  },
  'firewall-closed': {
    severity: 'critical',
    condition: 'firewall-closed',
    subject: ({ vaultHost }) => vaultHost ?? '',
    sentence: registries =>
      `${registries}: a firewall keeps the registry from its key`,
  },
};
