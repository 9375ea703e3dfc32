import { parseDuration } from '../state/durations';
import { vault as errors } from '../errors';
import { same } from '../state/ids';
import { Key, RotationPolicy } from '../state/model';
import { MIN_ROTATION_MS } from '../assumptions';
import {
  asRecord,
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
} from '../http/body';

/** The rotation policy of a request; throws Key Vault's error when it is invalid. */
export function readRotationPolicy(
  body: Record<string, unknown>,
  key: Key,
  now: number,
): RotationPolicy {
  const attributes = optionalRecord(body.attributes, 'attributes') ?? {};
  const expiryTime = optionalString(
    attributes.expiryTime,
    'attributes.expiryTime',
  );
  const lifetime = expiryTime
    ? durationOf(expiryTime, 'expiryTime')
    : undefined;
  const actions = optionalArray(body.lifetimeActions, 'lifetimeActions') ?? [];
  return {
    lifetimeActions: actions.map(entry => readAction(entry, lifetime)),
    attributes: expiryTime ? { expiryTime } : {},
    createdAt: key.rotationPolicy?.createdAt ?? now,
    updatedAt: now,
  };
}

function readAction(
  entry: unknown,
  lifetime: number | undefined,
): RotationPolicy['lifetimeActions'][number] {
  const { action, trigger } = asRecord(entry, 'lifetimeActions');
  const type = requiredString(
    asRecord(action, 'lifetimeActions.action').type,
    'lifetimeActions.action.type',
  );
  const known = ['Rotate', 'Notify'].find(word => same(word, type));
  if (!known) {
    throw errors.badParameter(
      `Invalid lifetime action '${type}': it must be Rotate or Notify`,
    );
  }
  const when = asRecord(trigger, 'lifetimeActions.trigger');
  const timeAfterCreate = optionalString(
    when.timeAfterCreate,
    'trigger.timeAfterCreate',
  );
  const timeBeforeExpiry = optionalString(
    when.timeBeforeExpiry,
    'trigger.timeBeforeExpiry',
  );
  if (Boolean(timeAfterCreate) === Boolean(timeBeforeExpiry)) {
    throw errors.badParameter(
      'A lifetime action needs exactly one of timeAfterCreate and timeBeforeExpiry',
    );
  }
  checkTrigger({ timeAfterCreate, timeBeforeExpiry }, known, lifetime);
  return {
    trigger: timeAfterCreate
      ? { timeAfterCreate }
      : { timeBeforeExpiry: timeBeforeExpiry! },
    action: { type: known },
  };
}

/** No rotation may come sooner than a week after the last one. */
function checkTrigger(
  {
    timeAfterCreate,
    timeBeforeExpiry,
  }: { timeAfterCreate?: string; timeBeforeExpiry?: string },
  type: string,
  lifetime: number | undefined,
) {
  if (timeAfterCreate) {
    const after = durationOf(timeAfterCreate, 'timeAfterCreate');
    if (lifetime !== undefined && after >= lifetime) {
      throw errors.badParameter(
        'timeAfterCreate must be shorter than the expiry time',
      );
    }
    return;
  }
  const before = durationOf(timeBeforeExpiry!, 'timeBeforeExpiry');
  if (
    type === 'Rotate' &&
    lifetime !== undefined &&
    lifetime - before < MIN_ROTATION_MS
  ) {
    throw errors.badParameter(
      'timeBeforeExpiry must leave at least seven days after creation',
    );
  }
}

function durationOf(text: string, field: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < MIN_ROTATION_MS) {
    throw errors.badParameter(
      `Property ${field} has invalid value '${text}': it must be an ISO 8601 duration of seven days or more`,
    );
  }
  return ms;
}
