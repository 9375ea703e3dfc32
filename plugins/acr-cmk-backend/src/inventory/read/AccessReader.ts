import type {
  Fact,
  KeyIdentifier,
  RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import type {
  AzurePorts,
  CredentialName,
  LockFacts,
  PermissionSet,
} from '../../azure/ports';
import { isAtOrAbove, subscriptionOf } from '../../azure/armIds';
import type { FactReader, Freshness } from './FactReader';
import type { InventoryRows } from '../rows';
import type { InVault } from './VaultFactsReader';

interface AccessReaderDeps {
  rows: InventoryRows;
  azure: AzurePorts;
  reader: FactReader;
}

/** Reads access facts: role assignments, permissions of our own credentials, and management locks. */
export class AccessReader {
  readonly #deps: AccessReaderDeps;

  constructor(deps: AccessReaderDeps) {
    this.#deps = deps;
  }

  /** Management locks that hold at a scope. */
  locks(scope: string, freshness: Freshness): Promise<Fact<LockFacts[]>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'locks',
          subject: scope.toLowerCase(),
        }),
        ask: () => this.#deps.azure.locks.list(scope),
      },
      freshness,
    );
  }

  /**
   * Management locks that hold at a scope, for a preview of many plans: by one list for its whole subscription, if that
   * can be read.
   */
  async knownLocks(
    scope: string,
    freshness: Freshness,
  ): Promise<Fact<LockFacts[]>> {
    const subscriptionId = subscriptionOf(scope);
    const all = await this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of<LockFacts[]>({
          kind: 'all-locks',
          subject: subscriptionId,
        }),
        ask: () => this.#deps.azure.locks.listAll(subscriptionId),
      },
      freshness,
    );
    return all.known
      ? {
          ...all,
          value: all.value.filter(lock => isAtOrAbove(lock.scope, scope)),
        }
      : this.locks(scope, freshness);
  }

  /** Permissions of one of our own credentials at a scope. */
  permissions(
    scope: string,
    credential: CredentialName,
    freshness: Freshness,
  ): Promise<Fact<PermissionSet[]>> {
    const subject = `${credential} ${scope}`.toLowerCase();
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({ kind: 'permissions', subject }),
        ask: () =>
          this.#deps.azure.access.permissionsOfCaller(scope, credential),
      },
      freshness,
    );
  }

  /** Role assignments by which a principal reaches a key. */
  assignments(
    principalId: string,
    { vaultId, key, bundle }: InVault<KeyIdentifier>,
    freshness: Freshness,
  ): Promise<Fact<RoleAssignmentFacts[]>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.access.of({ principalId, key }),
        known: bundle?.access,
        ask: () =>
          this.#deps.azure.access.assignmentsFor(
            principalId,
            `${vaultId}/keys/${key.keyName}`,
          ),
      },
      freshness,
    );
  }
}
