import {
  assertNever,
  keyHome,
  type PlannedChange,
} from 'backstage-plugin-acr-cmk-common';
import type { KeyChange } from '../steps/effect';
import { type Effect, keysAt } from '../effects';
import { shortVersion } from '../encryptedRegistry';
import type { Registry } from '../registry';

/** Text of a thing that is not there. */
const NONE = 'none';

const KEY_CHANGES: Record<
  Exclude<KeyChange, 'rotation-policy-set'>,
  [before: string, after: string]
> = {
  created: [NONE, 'created'],
  'version-made': ['the versions it has', 'one more version'],
  'version-enabled': ['disabled', 'enabled'],
  'version-disabled': ['enabled', 'disabled'],
  deleted: ['present', 'deleted'],
  recovered: ['deleted', 'present'],
};

/** Access of registries to their keys, where a plan takes it or gives it back: the registry's own first. */
function accessChanges(
  effects: readonly Effect[],
  kind: 'registry-loses-key' | 'registry-regains-key',
  self: Registry | undefined,
): PlannedChange[] {
  const ids = new Set(
    effects.flatMap(effect =>
      effect.kind === kind ? [effect.registryId] : [],
    ),
  );
  const isOwn = self !== undefined && ids.delete(self.registryId.key);
  const whose = [
    ...(isOwn ? [self.name] : []),
    ...(ids.size > 0
      ? [ids.size === 1 ? '1 other registry' : `${ids.size} other registries`]
      : []),
  ];
  return whose.map(name => ({
    what: `Access of ${name} to the key`,
    ...(kind === 'registry-loses-key'
      ? { before: 'granted', after: NONE }
      : { before: NONE, after: 'granted' }),
  }));
}

function servicesWithoutKey(effects: readonly Effect[]): PlannedChange[] {
  const ids = new Set(
    effects.flatMap(effect =>
      effect.kind === 'service-loses-key' && effect.certain
        ? [effect.serviceId]
        : [],
    ),
  );
  return ids.size === 0
    ? []
    : [
        {
          what: `Access of ${ids.size === 1 ? '1 resource' : `${ids.size} resources`} of other Azure services to the key`,
          before: 'granted',
          after: NONE,
        },
      ];
}

/** Changes of a plan beside the encryption settings of its registry: access and keys, before and after. */
export function changesInWords(
  effects: readonly Effect[],
  self: Registry | undefined,
): PlannedChange[] {
  return [
    ...accessChanges(effects, 'registry-loses-key', self),
    ...accessChanges(effects, 'registry-regains-key', self),
    ...servicesWithoutKey(effects),
    ...effects.flatMap(ofEffect),
  ];
}

function ofEffect(effect: Effect): PlannedChange[] {
  switch (effect.kind) {
    case 'access-granted':
      return [
        {
          what: `Grant at ${scopeInWords(effect.scope)}`,
          before: NONE,
          after: 'added',
        },
      ];
    case 'access-removed':
      return [
        {
          what: `Grant at ${scopeInWords(effect.scope)}`,
          before: 'present',
          after: 'removed',
        },
      ];
    case 'key-changed': {
      // The planner of the policy knows both policies.
      if (effect.change === 'rotation-policy-set') return [];
      const [before, after] = KEY_CHANGES[effect.change];
      const key = `Key ${effect.key.slice(effect.key.lastIndexOf('/') + 1)}`;
      return [
        {
          what: effect.version
            ? `${key}, version ${shortVersion(effect.version)}`
            : key,
          before,
          after,
        },
      ];
    }
    case 'identity-created':
      return [
        {
          what: `Identity ${effect.identity.slice(
            effect.identity.lastIndexOf('/') + 1,
          )}`,
          before: NONE,
          after: 'created',
        },
      ];
    case 'registry-changed':
    case 'registry-created':
    case 'registry-begins-to-use-key':
    case 'registry-loses-key':
    case 'registry-regains-key':
    case 'registry-reached-by-identity':
    case 'service-loses-key':
    case 'unknown':
      return [];
    default:
      return assertNever(effect);
  }
}

function scopeInWords(scope: string): string {
  const at = keysAt(scope);
  if (!at) return scope;
  return at.keyName
    ? `the key ${at.keyName} in the ${keyHome(at.vaultName)}`
    : `the ${keyHome(at.vaultName)}, for all of its keys`;
}
