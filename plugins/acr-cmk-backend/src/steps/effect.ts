import type {
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';

/** What can happen to a key. `cmk/effects` says which of them take it from registries. */
export type KeyChange =
  | 'created'
  | 'version-made'
  | 'version-enabled'
  | 'version-disabled'
  | 'rotation-policy-set'
  | 'deleted'
  | 'recovered';

/**
 * What one step does to the world, as its spec alone says it. Which registries that reaches is
 * answered by `cmk/effects`, with the facts of the moment.
 */
export type StepEffect =
  | { does: 'change-registry'; registryId: RegistryId }
  | { does: 'create-registry'; registryId: RegistryId }
  | { does: 'use-key'; registryId: RegistryId; key: KeyIdentifier }
  | {
      does: 'use-identity';
      registryId: RegistryId;
      /** Resource id, client id, or `system`. */
      identity: string;
    }
  | { does: 'create-identity'; identity: string }
  | { does: 'change-key'; key: KeyIdentifier; change: KeyChange }
  | {
      does: 'grant' | 'remove-access';
      /** ARM id of a key, its vault, or what is above. */
      scope: string;
      principalId: string;
    };
