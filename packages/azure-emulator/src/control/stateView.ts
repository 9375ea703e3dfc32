import type { Cloud } from '../http/cloud';
import { keyUri, parseKeyUri } from '../state/ids';
import {
  Key,
  KeyVersion,
  RoleAssignment,
  Vault,
  RotationPolicy,
} from '../state/model';
import { Reach } from '../registry/reach';
import { reachOfVersionInUse } from '../registry/registryKey';
import type { Azure } from '../types';

export interface RegistryState {
  id: string;
  name: string;
  provisioningState: string;
  tags: Record<string, string>;
  keyIdentifier?: string;
  /** The version's id, without the URI around it. */
  versionInUse?: string;
  versionedKeyIdentifier?: string;
  /** Client id, or `system`. */
  identity?: string;
  lastRotatedAt?: number;
  /** Whether it can access its key, so that a pull works. */
  reach: Reach;
}

export interface KeyState {
  name: string;
  vault: string;
  /** Oldest first. */
  versions: KeyVersion[];
  /** The id of the newest version. */
  latest: string;
  deleted: boolean;
  /** Absent when none was ever set. */
  rotationPolicy?: Pick<RotationPolicy, 'lifetimeActions' | 'attributes'>;
}

/** Reads the state directly, bypassing the API, for assertions in tests. */
export class StateView {
  constructor(
    private readonly azure: Azure,
    private readonly cloud: Cloud,
  ) {}

  registry(name: string): RegistryState {
    const found = this.current().registriesByName.first(name);
    if (!found) {
      throw new Error(`There is no registry ${name}`);
    }
    const { encryption } = found;
    const uri = encryption && parseKeyUri(encryption.keyIdentifier);
    return {
      id: found.id,
      name: found.name,
      provisioningState: found.change?.kind ?? found.provisioningState,
      tags: found.tags,
      ...(encryption &&
        uri && {
          keyIdentifier: this.cloud.toExternal(encryption.keyIdentifier),
          versionInUse: encryption.versionInUse,
          versionedKeyIdentifier: this.cloud.toExternal(
            keyUri(uri.vault, uri.name, encryption.versionInUse),
          ),
          identity: encryption.identity,
          lastRotatedAt: encryption.lastRotatedAt,
        }),
      reach: reachOfVersionInUse(this.azure, found),
    };
  }

  registries(): string[] {
    return this.current()
      .store.all('registries')
      .map(({ name }) => name)
      .sort();
  }

  key(vault: string, name: string): KeyState {
    const found = this.current().store.get('keys', `${vault}/${name}`) as
      | Key
      | undefined;
    if (!found) {
      throw new Error(`There is no key ${name} in the vault ${vault}`);
    }
    return {
      name: found.name,
      vault: found.vault,
      versions: found.versions,
      latest: found.versions[found.versions.length - 1].version,
      deleted: found.deleted !== undefined,
      ...(found.rotationPolicy && {
        rotationPolicy: {
          lifetimeActions: found.rotationPolicy.lifetimeActions,
          attributes: found.rotationPolicy.attributes,
        },
      }),
    };
  }

  vault(name: string): Vault {
    const found = this.current().vaultsByName.first(name);
    if (!found) {
      throw new Error(`There is no vault ${name}`);
    }
    return found;
  }

  /** The principal id (object id) behind a registry's or a user-assigned identity's name. */
  principalId(displayName: string): string {
    const found = this.current()
      .store.all('principals')
      .find(principal => principal.displayName === displayName);
    if (!found) {
      throw new Error(`There is no principal ${displayName}`);
    }
    return found.id;
  }

  /** The role assignments of a principal, as a list would show them. */
  assignments(principalId: string): RoleAssignment[] {
    return this.current()
      .assignmentsByPrincipal.find(principalId)
      .filter(({ removedAt }) => removedAt === undefined);
  }

  private current(): Azure {
    this.azure.catchUp();
    return this.azure;
  }
}
