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
import type { FactReader, Freshness } from './FactReader';
import type { FactStore } from '../FactStore';
import { withKnown } from '../rows/knownBundle';
import type { InventoryRows } from '../rows';
import type { InVault } from './VaultFactsReader';

/** Reads access facts: role assignments, permissions of our own credentials, and management locks. */
export class AccessReader {
  readonly #rows: InventoryRows;
  readonly #facts: FactStore;
  readonly #azure: AzurePorts;
  readonly #reader: FactReader;

  constructor(options: {
    rows: InventoryRows;
    facts: FactStore;
    azure: AzurePorts;
    reader: FactReader;
  }) {
    this.#rows = options.rows;
    this.#facts = options.facts;
    this.#azure = options.azure;
    this.#reader = options.reader;
  }

  /** Management locks that hold at a scope. */
  locks(scope: string, freshness: Freshness): Promise<Fact<LockFacts[]>> {
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'locks', subject: scope.toLowerCase() }),
        ask: () => this.#azure.locks.list(scope),
      },
      freshness,
    );
  }

  /** Permissions of one of our own credentials at a scope. */
  permissions(
    scope: string,
    credential: CredentialName,
    freshness: Freshness,
  ): Promise<Fact<PermissionSet[]>> {
    const subject = `${credential} ${scope}`.toLowerCase();
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'permissions', subject }),
        ask: () => this.#azure.access.permissionsOfCaller(scope, credential),
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
    const stored = this.#rows.access.of({ principalId, key });
    return this.#reader.read(
      {
        stored: bundle ? withKnown(stored, bundle.access) : stored,
        ask: () =>
          this.#azure.access.assignmentsFor(
            principalId,
            `${vaultId}/keys/${key.keyName}`,
          ),
      },
      freshness,
    );
  }
}
