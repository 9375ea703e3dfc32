import {
  daysOfPolicyDuration,
  isHsmName,
  type AutomaticRotationIntent,
  type RegistryEncryption,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';

/** Answers of the form for automatic rotation. */
export interface RotationAnswers {
  rotation: AutomaticRotationIntent['rotation']['kind'];
  /** Start of the days. */
  trigger: 'timeAfterCreate' | 'timeBeforeExpiry';
  /** Days, as typed. */
  days: string;
  /** ISO 8601; empty for none. */
  expiryTime: string;
  /** ISO 8601; empty for none. Sent only with an expiry. */
  notifyBeforeExpiry: string;
  /** Change to undo for `as-before`. Default: the latest. */
  undoOperationId?: string;
}

/** Durations that are offered. */
export const EXPIRIES = ['P1Y', 'P2Y', 'P3Y'];
export const NOTICES = ['P7D', 'P30D', 'P60D'];

/** Problem with the answers, named by its text. */
type RotationProblem =
  | 'days'
  | 'daysInHsm'
  | 'expiryNeeded'
  | 'expiryTooSoon'
  | 'tooOftenInHsm';

/** Key Vault's limits, and those of the API. */
const LEAST_DAYS = 7;
const MOST_DAYS = 3650;
/** A Managed HSM makes no version more often. */
const LEAST_DAYS_IN_HSM = 28;

export type WithKey = Partial<Pick<RegistryEncryption, 'key'>>;

/** Whether the key is in a Managed HSM, which has limits of its own and sends no notices. */
export function isInHsm({ key }: WithKey): boolean {
  return key?.known === true && isHsmName(key.vaultName);
}

/** Whether a rotation needs a policy first: a Managed HSM rotates no key without one. */
export function lacksPolicy({ key }: WithKey): boolean {
  return key?.known === true && isInHsm({ key }) && !key.rotationPolicy;
}

/** The number that was typed; 0 when it is none. */
const daysOf = (text: string) =>
  /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;

/** The days between versions in a Managed HSM; nothing while they are wrong. */
export function daysInHsm(text: string): number | undefined {
  const days = daysOf(text);
  return days >= LEAST_DAYS_IN_HSM && days <= MOST_DAYS ? days : undefined;
}

/** The policy that the key has, when it rotates the key. */
export function presentPolicy({ key }: WithKey): RotationPolicy | undefined {
  return key?.known && key.rotatesByPolicy ? key.rotationPolicy : undefined;
}

/** Initial answers: the intent's policy, else the present one, else every 90 days. */
export function rotationAnswers(
  registry: WithKey,
  intent?: AutomaticRotationIntent,
): RotationAnswers {
  const rotation = intent?.rotation ?? { kind: 'on' };
  const policy = ('policy' in rotation ? rotation.policy : undefined) ??
    presentPolicy(registry) ?? { timeAfterCreate: 'P90D' };
  const trigger = policy.timeAfterCreate
    ? 'timeAfterCreate'
    : 'timeBeforeExpiry';
  return {
    rotation: rotation.kind,
    trigger,
    days: String(daysOfPolicyDuration(policy[trigger] ?? '') ?? 90),
    expiryTime: policy.expiryTime ?? '',
    notifyBeforeExpiry: policy.notifyBeforeExpiry ?? '',
    ...(rotation.kind === 'as-before' && {
      undoOperationId: rotation.operationId,
    }),
  };
}

export function rotationProblem(
  { trigger, days, expiryTime }: RotationAnswers,
  registry: WithKey,
): RotationProblem | undefined {
  const inHsm = isInHsm(registry);
  const count = daysOf(days);
  if (inHsm && trigger === 'timeAfterCreate' && !daysInHsm(days)) {
    return 'daysInHsm';
  }
  if (count < LEAST_DAYS || count > MOST_DAYS) return 'days';
  if (!expiryTime) {
    return trigger === 'timeBeforeExpiry' ? 'expiryNeeded' : undefined;
  }
  const expiry = daysOfPolicyDuration(expiryTime) ?? 0;
  if (
    inHsm &&
    trigger === 'timeBeforeExpiry' &&
    expiry - count < LEAST_DAYS_IN_HSM
  ) {
    return 'tooOftenInHsm';
  }
  return expiry - count < LEAST_DAYS ? 'expiryTooSoon' : undefined;
}

/** The intent for the answers; nothing while one is missing or wrong. */
export function rotationIntentOf(
  answers: RotationAnswers,
  registry: WithKey,
): AutomaticRotationIntent | undefined {
  const { rotation, trigger, expiryTime, notifyBeforeExpiry } = answers;
  const kind = 'automatic-rotation';
  if (rotation === 'off') return { kind, rotation: { kind: 'off' } };
  if (rotation === 'as-before') {
    const { undoOperationId: operationId } = answers;
    return {
      kind,
      rotation: { kind: 'as-before', ...(operationId && { operationId }) },
    };
  }
  if (rotationProblem(answers, registry)) return undefined;
  return {
    kind,
    rotation: {
      kind: 'on',
      policy: {
        [trigger]: `P${Number(answers.days)}D`,
        ...(expiryTime && { expiryTime }),
        ...(expiryTime &&
          notifyBeforeExpiry &&
          !isInHsm(registry) && { notifyBeforeExpiry }),
      },
    },
  };
}
