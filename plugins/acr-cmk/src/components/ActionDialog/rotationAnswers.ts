import {
  daysOfPolicyDuration,
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
export type RotationProblem = 'days' | 'expiryNeeded' | 'expiryTooSoon';

/** Key Vault's limits, and those of the API. */
const LEAST_DAYS = 7;
const MOST_DAYS = 3650;

type WithKey = Partial<Pick<RegistryEncryption, 'key'>>;

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

export function rotationProblem({
  trigger,
  days,
  expiryTime,
}: RotationAnswers): RotationProblem | undefined {
  const count = /^\d{1,4}$/.test(days.trim()) ? Number(days) : 0;
  if (count < LEAST_DAYS || count > MOST_DAYS) return 'days';
  if (!expiryTime) {
    return trigger === 'timeBeforeExpiry' ? 'expiryNeeded' : undefined;
  }
  const expiry = daysOfPolicyDuration(expiryTime) ?? 0;
  return expiry - count < LEAST_DAYS ? 'expiryTooSoon' : undefined;
}

/** The intent for the answers; nothing while one is missing or wrong. */
export function rotationIntentOf(
  answers: RotationAnswers,
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
  if (rotationProblem(answers)) return undefined;
  return {
    kind,
    rotation: {
      kind: 'on',
      policy: {
        [trigger]: `P${Number(answers.days)}D`,
        ...(expiryTime && { expiryTime }),
        ...(expiryTime && notifyBeforeExpiry && { notifyBeforeExpiry }),
      },
    },
  };
}
