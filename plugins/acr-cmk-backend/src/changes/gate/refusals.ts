import {
  ActionRefused,
  type FieldChange,
  InvalidInput,
  type NamedRegistry,
  type PermissionMissing,
  RegistryNotOfEntity,
} from 'backstage-plugin-acr-cmk-common';
import { bindingShownTo } from '../../catalog/binding';
import { type Change, fieldOfNamedKey } from '../../domain/plan/change';
import { definitionOf } from '../../domain/plan/intents';
import type { MadePlan } from '../../domain/plan/draft';
import {
  type AcrCmkConfig,
  inScope,
  vaultNameAllowed,
} from '../../platform/config';
import type { Requirement } from './authoritiesOf';
import type { Refusal } from './question';
import { outOfScope, vaultNotAllowed } from './scope';

/*
 * Comparisons of the gate, with nothing left to ask: each returns why something may not happen, or
 * nothing.
 */

/** @param now - what has become of "the entity names the registry" */
export function entityChange({ entityRef }: Change, now: string): FieldChange {
  return { field: 'entity', shown: `${entityRef} names the registry`, now };
}

export function lacksPermission(
  error: PermissionMissing | ActionRefused,
): Refusal {
  return {
    error,
    change: { field: 'permission', shown: 'granted', now: 'not granted' },
  };
}

export function lacksAuthority(error: ActionRefused): Refusal {
  return {
    error,
    change: { field: 'authority', shown: 'allowed', now: error.message },
  };
}

/**
 * Refusal of a plan that needs others' agreement on a shared key, while the configuration does not allow such
 * requests.
 */
export function sharedKeyRefusal(
  { intent, entityRef, namedKey }: Change,
  needs: readonly Requirement[],
): Refusal | undefined {
  const shared = needs.find(({ sharedKey }) => sharedKey);
  return (
    shared &&
    lacksAuthority(
      new ActionRefused(
        intent.kind,
        `You need the permission ${shared.permission.name}${
          // The caller may not see the entity; the reason names its registry.
          shared.entityRef && shared.entityRef !== entityRef.toLowerCase()
            ? ' on another entity'
            : ''
        }, because ${
          shared.because
        }. Others cannot approve this for you, because acrCmk.approvals.sharedKeys is set to refuse`,
        namedKey ? fieldOfNamedKey(intent) : 'registryId',
      ),
    )
  );
}

export function namingRefusal(
  change: Change,
  { entityRef, named }: { entityRef: string; named?: NamedRegistry[] },
): Refusal | undefined {
  if (definitionOf(change.intent).registry === 'new') return undefined;
  const isNamed = named?.some(
    one => 'id' in one && one.id.equals(change.registryId),
  );
  return isNamed
    ? undefined
    : {
        error: new RegistryNotOfEntity(entityRef, change.registryId.toString()),
        change: entityChange(change, 'it does not name it'),
      };
}

export function scopeRefusal(
  { intent, registryId, namedKey }: Change,
  config: Pick<AcrCmkConfig, 'scopes' | 'vaults'>,
): Refusal | undefined {
  if (!inScope(config.scopes, registryId)) {
    return {
      error: new ActionRefused(
        intent.kind,
        outOfScope(registryId),
        'registryId',
      ),
      change: { field: 'scope', shown: 'in scope', now: 'out of scope' },
    };
  }
  if (namedKey && !vaultNameAllowed(config, namedKey.vaultName)) {
    return {
      error: new InvalidInput(
        fieldOfNamedKey(intent),
        vaultNotAllowed(namedKey),
      ),
      change: { field: 'vault', shown: 'allowed', now: 'not allowed' },
    };
  }
  return undefined;
}

export async function bindingRefusal(
  { entityRef, intent }: Change,
  { registry }: Pick<MadePlan, 'registry'>,
  /** Other entities in the tag that may be named. */
  shown: Parameters<typeof bindingShownTo>[2],
): Promise<Refusal | undefined> {
  // A registry that is to be made gets its proof as it is made.
  if (definitionOf(intent).registry === 'new' || !registry) return undefined;
  const binding = await bindingShownTo(entityRef, registry, shown);
  return binding.proven
    ? undefined
    : {
        error: new ActionRefused(intent.kind, binding.message, 'registryId'),
        change: { field: 'binding', shown: 'proven', now: 'not proven' },
      };
}
