import type {
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';

/** Changes of a key. `domain/effects.ts` decides which of them take it from registries. */
export type KeyChange =
  | 'created'
  | 'version-made'
  | 'version-enabled'
  | 'version-disabled'
  | 'rotation-policy-set'
  | 'deleted'
  | 'recovered';

/**
 * Effect of one step, from its spec alone. `domain/effects.ts` finds the registries that it reaches, with
 * the facts of the moment.
 */
export type StepEffect =
  | { does: 'change-registry'; registryId: RegistryId }
  /** The registry reads its key again, with the settings that it has. */
  | { does: 'reread-key'; registryId: RegistryId }
  | { does: 'create-registry'; registryId: RegistryId }
  | { does: 'use-key'; registryId: RegistryId; key: KeyIdentifier }
  | {
      does: 'use-identity';
      registryId: RegistryId;
      /** Resource id, client id, or `system`. */
      identity: string;
    }
  | { does: 'create-identity'; identity: string }
  | {
      does: 'change-key';
      key: KeyIdentifier;
      change: KeyChange;
      /** Whether it is a rotation policy by which the vault makes newer versions. */
      makesVersions?: true;
    }
  | {
      does: 'grant' | 'remove-access';
      /** ARM id of a key, its vault, or what is above. */
      scope: string;
      principalId: string;
    };
