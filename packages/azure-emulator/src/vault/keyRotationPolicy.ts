import { inDays, parseDuration } from '../state/durations';
import { vault as errors } from '../errors';
import { same } from '../state/ids';
import { RotationPolicy, Vault } from '../state/model';
import {
  MIN_EXPIRY_MS,
  MIN_HSM_ROTATION_MS,
  MIN_ROTATION_MS,
} from '../assumptions';
import type { Azure } from '../types';
import {
  asRecord,
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
} from '../http/body';

type Action = RotationPolicy['lifetimeActions'][number];

/** A trigger of a request, with what its policy says beside it. */
interface Wanted {
  type: string;
  timeAfterCreate?: string;
  timeBeforeExpiry?: string;
  /** Milliseconds that a new version is valid. */
  lifetime?: number;
}

/**
 * The rotation policy of a request: undefined when it is blank and the key is of a Managed HSM, which has
 * none then. Throws Key Vault's error when it is invalid; the messages are the emulator's [?].
 */
export function readRotationPolicy(
  body: Record<string, unknown>,
  { vault, before }: { vault: Vault; before?: RotationPolicy },
  azure: Azure,
): RotationPolicy | undefined {
  const attributes = optionalRecord(body.attributes, 'attributes') ?? {};
  const expiryTime = optionalString(
    attributes.expiryTime,
    'attributes.expiryTime',
  );
  const lifetime = expiryTime
    ? durationOf(expiryTime, { field: 'expiryTime', least: MIN_EXPIRY_MS })
    : undefined;
  const entries = optionalArray(body.lifetimeActions, 'lifetimeActions') ?? [];
  const lifetimeActions = entries.map(entry =>
    readAction(entry, { lifetime }, vault.hsm ? checkInHsm : checkInVault),
  );
  if (vault.hsm && !lifetimeActions.length && !expiryTime) return undefined;
  return {
    lifetimeActions,
    attributes: expiryTime ? { expiryTime } : {},
    createdAt: before?.createdAt ?? azure.now(),
    updatedAt: azure.now(),
  };
}

function readAction(
  entry: unknown,
  beside: Pick<Wanted, 'lifetime'>,
  check: (wanted: Wanted) => void,
): Action {
  const { action, trigger } = asRecord(entry, 'lifetimeActions');
  const named = requiredString(
    asRecord(action, 'lifetimeActions.action').type,
    'lifetimeActions.action.type',
  );
  const type = ['Rotate', 'Notify'].find(word => same(word, named));
  if (!type) {
    throw errors.badParameter(
      `Invalid lifetime action '${named}': it must be Rotate or Notify`,
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
  check({ type, timeAfterCreate, timeBeforeExpiry, ...beside });
  return {
    trigger: timeAfterCreate
      ? { timeAfterCreate }
      : { timeBeforeExpiry: timeBeforeExpiry! },
    action: { type },
  };
}

/**
 * "The minimum value is seven days from creation and seven days from expiration time"
 * (how-to-configure-key-rotation.md); `timeAfterCreate` "only applies to rotate" (keys.json).
 */
function checkInVault(wanted: Wanted) {
  const { type, timeAfterCreate, timeBeforeExpiry, lifetime } = wanted;
  if (timeAfterCreate) {
    if (type === 'Notify') {
      throw errors.badParameter('timeAfterCreate only applies to Rotate');
    }
    const after = durationOf(timeAfterCreate, {
      field: 'timeAfterCreate',
      least: MIN_ROTATION_MS,
    });
    if (lifetime !== undefined && lifetime - after < MIN_ROTATION_MS) {
      throw errors.badParameter(
        'timeAfterCreate must be at least seven days before the expiry',
      );
    }
    return;
  }
  const before = durationOf(timeBeforeExpiry!, {
    field: 'timeBeforeExpiry',
    least: MIN_ROTATION_MS,
  });
  // A notice is taken without an expiry: Azure's default policy has one [?].
  if (type === 'Notify') return;
  if (lifetime === undefined) {
    throw errors.badParameter('timeBeforeExpiry requires expiryTime');
  }
  if (lifetime - before < MIN_ROTATION_MS) {
    throw errors.badParameter(
      'timeBeforeExpiry must leave at least seven days after creation',
    );
  }
}

/**
 * A policy cannot make versions "more frequently than once every 28 days", and Event Grid is not supported
 * (managed-hsm/key-rotation.md). That a Notify is refused was seen by the authors of azurerm (pull request
 * 27306 of terraform-provider-azurerm).
 */
function checkInHsm(wanted: Wanted) {
  const { type, timeAfterCreate, timeBeforeExpiry, lifetime } = wanted;
  if (type === 'Notify') {
    throw errors.badParameter(
      'The lifetime action Notify is not supported by a Managed HSM',
    );
  }
  if (timeAfterCreate) {
    const after = durationOf(timeAfterCreate, {
      field: 'timeAfterCreate',
      least: MIN_HSM_ROTATION_MS,
    });
    if (lifetime !== undefined && after >= lifetime) {
      throw errors.badParameter(
        'timeAfterCreate must be shorter than the expiry time',
      );
    }
    return;
  }
  const before = durationOf(timeBeforeExpiry!, {
    field: 'timeBeforeExpiry',
    least: 0,
  });
  if (lifetime === undefined) {
    throw errors.badParameter('timeBeforeExpiry requires expiryTime');
  }
  if (lifetime - before < MIN_HSM_ROTATION_MS) {
    throw errors.badParameter(
      'timeBeforeExpiry must leave at least 28 days after creation',
    );
  }
}

function durationOf(
  text: string,
  { field, least }: { field: string; least: number },
): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < least) {
    throw errors.badParameter(
      `Property ${field} has invalid value '${text}': it must be an ISO 8601 duration of ${inDays(
        least,
      )} days or more`,
    );
  }
  return ms;
}
