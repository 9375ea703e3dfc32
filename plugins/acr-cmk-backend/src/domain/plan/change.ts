import {
  type AzureCloudName,
  type CreateRegistryIntent,
  type Intent,
  InvalidInput,
  isKeyName,
  isVaultName,
  KeyIdentifier,
  RegistryId,
  type RotateIntent,
} from 'backstage-plugin-acr-cmk-common';
import { requirePolicyThatRotates } from './policyLimits';

/** A requested change, with its ids as values. */
export interface Change<I extends Intent = Intent> {
  entityRef: string;
  registryId: RegistryId;
  intent: I;
  /** The key that the intent names, when it names one. */
  namedKey?: KeyIdentifier;
}

/** A change as it comes over the wire, or out of the database. */
export interface ChangeText {
  entityRef: string;
  registryId: string;
  intent: Intent;
}

/**
 * Parses a change. Code below works with values.
 *
 * @param cloud - where everything is; a key of another cloud is refused
 * @throws InvalidInput that names the field
 */
export function changeOf(
  { entityRef, registryId, intent }: ChangeText,
  cloud: AzureCloudName = 'public',
): Change {
  if (intent.kind === 'automatic-rotation' && intent.rotation.kind === 'on') {
    requirePolicyThatRotates(intent.rotation.policy, 'intent.rotation.policy');
  }
  if (
    intent.kind === 'restore' &&
    intent.onlyOperation &&
    !intent.operationId
  ) {
    throw new InvalidInput(
      'intent.operationId',
      'is missing; intent.onlyOperation says that one revoke is to be undone',
    );
  }
  return {
    entityRef,
    registryId: RegistryId.parse(registryId),
    intent,
    namedKey: 'key' in intent ? keyNamedBy(intent.key, cloud) : undefined,
  };
}

/** Field of the intent that names the key, for messages about that key. */
export function fieldOfNamedKey(intent: Intent): string {
  return 'key' in intent && intent.key?.kind === 'new-key'
    ? 'intent.key.vaultName'
    : 'intent.key.keyIdentifier';
}

/** Field of the intent that names the identity, for messages about that identity. */
export function fieldOfIdentity({ kind }: Intent): string {
  return kind === 'create-registry'
    ? 'intent.identity.name'
    : 'intent.identity';
}

function keyNamedBy(
  key: RotateIntent['key'] | CreateRegistryIntent['key'],
  cloud: AzureCloudName,
): KeyIdentifier | undefined {
  switch (key?.kind) {
    case 'existing':
      return KeyIdentifier.parse(
        key.keyIdentifier,
        'intent.key.keyIdentifier',
        cloud,
      );
    case 'new-key':
      if (!isVaultName(key.vaultName)) {
        throw new InvalidInput(
          'intent.key.vaultName',
          'is not a name that a vault can have: 3 to 24 letters, digits and single hyphens',
        );
      }
      if (!isKeyName(key.keyName)) {
        throw new InvalidInput(
          'intent.key.keyName',
          'is not a name that a key can have: 1 to 127 letters, digits and hyphens',
        );
      }
      return KeyIdentifier.of(key.vaultName, key.keyName, cloud);
    default:
      return undefined;
  }
}
