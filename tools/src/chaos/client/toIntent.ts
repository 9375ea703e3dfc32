import type {
  AcrCmkClient,
  AutomaticRotationIntent,
  Intent,
} from 'backstage-plugin-acr-cmk-common';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Target } from '../world/people';
import type { IntentChoice } from './choices';

/** The vault in which new registries get their keys. */
const VAULT_OF_NEW_KEYS = 'kv-contoso-rbac';

function rotationOf(
  to: Extract<IntentChoice, { kind: 'automatic-rotation' }>['to'],
): AutomaticRotationIntent['rotation'] {
  return typeof to === 'string'
    ? { kind: to }
    : { kind: 'on', policy: { timeAfterCreate: `P${to.days}D` } };
}

/**
 * An intent for a registry as it is now, from a choice that was made without looking.
 *
 * @returns nothing when the choice does not fit, such as an older version where there is none
 */
export async function toIntent(
  choice: IntentChoice,
  { entityRef, registryId }: Target,
  client: AcrCmkClient,
): Promise<Intent | undefined> {
  switch (choice.kind) {
    case 'restore':
      return choice;
    case 'revoke': {
      const { method, ...revoke } = choice;
      if (method === undefined) return revoke;
      const { methods = [] } = await client.plan({
        entityRef,
        registryId,
        intent: revoke,
      });
      const offered = methods.filter(({ available }) => available);
      const chosen = offered[Math.floor(method * offered.length)];
      return chosen && { ...revoke, method: chosen.method };
    }
    case 'automatic-rotation':
      return { kind: 'automatic-rotation', rotation: rotationOf(choice.to) };
    case 'create-registry':
      return {
        kind: 'create-registry',
        location: 'westeurope',
        identity: { name: `id-${choice.name}`, create: true },
        key: {
          kind: 'new-key',
          vaultName: VAULT_OF_NEW_KEYS,
          keyName: choice.name,
          size: 2048,
        },
      };
    default:
  }
  if (choice.kind === 'rotate' && choice.to === 'new-version') {
    return { kind: 'rotate', follow: choice.follow };
  }
  if (choice.kind === 'rotate' && choice.to === 'system-identity') {
    return {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: 'system',
      grantAccess: true,
    };
  }
  const { registries } = await client.registriesOf(entityRef);
  const registry = registries.find(
    one =>
      one.kind === 'registry' &&
      one.registryId.toLowerCase() === registryId.toLowerCase(),
  );
  if (registry?.kind !== 'registry') return undefined;
  const key = KeyIdentifier.tryParse(registry.encryption.keyIdentifier);
  const { versionMode } = registry;
  if (!key || !registry.key?.known) return undefined;
  const { versions, versionInUse } = registry.key;
  const older = [...versions]
    .reverse()
    .find(({ enabled, version }) => enabled && version !== versionInUse);
  if (choice.kind === 'retire') {
    return older && { kind: 'retire', version: older.version };
  }
  switch (choice.to) {
    case 'other-mode':
      return {
        kind: 'rotate',
        key: {
          kind: 'current',
          mode: versionMode === 'manual' ? 'automatic' : 'manual',
        },
      };
    case 'older-version':
      return (
        older && {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier: key.versionless.at(older.version).toString(),
          },
        }
      );
    default:
      return {
        kind: 'rotate',
        key: {
          kind: 'new-key',
          vaultName: key.vaultName,
          keyName: choice.keyName,
          size: 2048,
        },
        grantAccess: true,
      };
  }
}
