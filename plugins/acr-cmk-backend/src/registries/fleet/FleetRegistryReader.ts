import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type Fact,
  type FleetRegistryView,
  keyRestorePermission,
  type RegistryEncryption,
  RegistryId,
  RegistryUnknown,
} from 'backstage-plugin-acr-cmk-common';
import { askedOf } from '../../changes/gate/approvers';
import { consumersOf } from '../../catalog/consumersOf';
import { withoutUndo } from '../../domain/findings/withoutUndo';
import type { Registry } from '../../domain/registry';
import { freshnessOf, unreadableView, viewOf } from '../../domain/view';
import type { Approvers } from '../../platform/config';
import type { Clock } from '../../platform/database/clock';
import {
  type Freshness,
  type Inventory,
  REFRESHED,
  SHOWN,
} from '../../inventory/Inventory';
import { azureNow, sinceOf } from '../../inventory/facts';
import type { RegistryRows } from '../../inventory/rows/registries';
import { hostOfVault } from '../../inventory/rows/vaults';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';
import { revokedBy } from '../../changes/operations/revokedOnPurpose';
import type { FleetReader } from './FleetReader';
import type { FleetViewer } from './FleetViewer';
import type { FleetRows } from './FleetRows';
import { lower } from '../../platform/text';

interface Viewer extends FleetViewer {
  freshness: Freshness;
  /** Our time of the request, epoch milliseconds. */
  now: number;
  /** Owners of the registry's entities, as far as they may be seen. */
  owners: string[];
}

interface Deps {
  clock: Clock;
  inventory: Pick<Inventory, 'registry' | 'bundle' | 'users'>;
  registries: Pick<RegistryRows, 'getAll'>;
  operations: Pick<OperationQueries, 'holderOf' | 'get' | 'revokeBehind'>;
  reader: FleetReader;
  rows: FleetRows;
  /** `acrCmk.approvers` */
  approvers: Approvers;
}

/** Answers with one registry as the Encryption tab shows it, even if no entity names it. */
export class FleetRegistryReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param options.refresh - the user requests newer facts
   * @throws RegistryUnknown when it does not exist, or the caller may not see it
   */
  async registry(
    id: RegistryId,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<FleetRegistryView> {
    const visibleScope = await this.#deps.reader.visibleScopeOf(credentials);
    if (!(await this.#deps.rows.sees(visibleScope, id))) {
      throw new RegistryUnknown(id.toString());
    }
    const now = await this.#deps.clock.now();
    const freshness = { ...(options.refresh ? REFRESHED : SHOWN), now };
    const [namedBy, fact] = await Promise.all([
      this.#deps.reader.namedBy([id.key], credentials),
      this.#deps.inventory.registry(id, freshness),
    ]);
    const { entities, hiddenEntities } = namedBy(id.key);
    return {
      registry: fact.known
        ? await this.#view(fact, {
            visibleScope,
            credentials,
            freshness,
            now,
            owners: entities.flatMap(({ owner }) => owner ?? []),
          })
        : unreadableView(id.toString(), fact.problem),
      entities,
      hiddenEntities,
    };
  }

  async #view(
    fact: Extract<Fact<Registry>, { known: true }>,
    viewer: Viewer,
  ): Promise<RegistryEncryption> {
    const { now } = viewer;
    const registry = fact.value;
    const { registryId } = registry;
    const [bundle, runningOperationId, consumers] = await Promise.all([
      this.#deps.inventory.bundle(registry, viewer.freshness, {
        since: sinceOf(fact),
      }),
      this.#runningOperation(registryId, viewer),
      this.#consumers(registry, viewer),
    ]);
    const users = registry.key
      ? await this.#deps.inventory.users.known(registry.key, {
          known: registry,
          now,
        })
      : { inScope: [], complete: true };
    const view = viewOf(bundle, azureNow(fact, now));
    return {
      ...view,
      ...(await this.#onPurpose(view, { registryId, viewer })),
      binding: {
        proven: false,
        message:
          'This page checks no link. To change the registry, open the Encryption tab of an entity that names it.',
      },
      runningOperationId,
      freshness: freshnessOf(fact, bundle, now),
      consumers,
      consumersComplete:
        users.complete && users.inScope.length === consumers.length,
      actions: [],
    };
  }

  /** State and findings of a registry that was revoked on purpose: nothing says how to undo that by hand. */
  async #onPurpose(
    { state, findings }: Pick<RegistryEncryption, 'state' | 'findings'>,
    { registryId, viewer }: { registryId: RegistryId; viewer: Viewer },
  ): Promise<Pick<RegistryEncryption, 'state' | 'findings'>> {
    const revoke =
      state.id === 'revoked'
        ? await this.#deps.operations.revokeBehind(registryId)
        : undefined;
    if (!revoke) return { state, findings };
    const revoked = (await this.#maySee(revoke, viewer))
      ? revokedBy(revoke, registryId)
      : undefined;
    return {
      state: revoked
        ? {
            ...state,
            revoked: { ...revoked, askedOf: this.#restorersOf(viewer) },
          }
        : state,
      findings: withoutUndo(findings),
    };
  }

  /** Approvers that `acrCmk.approvers` names for a restore, as the tab of each entity does. */
  #restorersOf({ owners }: Viewer): string[] {
    const permission = keyRestorePermission.name;
    // Without an owner, the groups alone.
    const askedBy = [...owners, undefined].flatMap(owner =>
      askedOf(this.#deps.approvers, { permission, owner }),
    );
    return [...new Set(askedBy)];
  }

  /** The operation in progress on a registry, if the viewer may see it. */
  async #runningOperation(
    registryId: RegistryId,
    viewer: Viewer,
  ): Promise<string | null> {
    const holder = await this.#deps.operations.holderOf([registryId.key]);
    const operation =
      holder && (await this.#deps.operations.get(holder.operationId));
    return operation && (await this.#maySee(operation, viewer))
      ? operation.id
      : null;
  }

  async #maySee(operation: OperationRecord, viewer: Viewer): Promise<boolean> {
    const visible = await this.#deps.reader.visibleOf([operation], viewer);
    return visible.length > 0;
  }

  /** Registries in the visible scope that use the same key. */
  async #consumers(
    { registryId, key }: Registry,
    { visibleScope, credentials }: FleetViewer,
  ) {
    if (!key) return [];
    const ids = await this.#deps.rows
      .matching({ visibleScope })
      .where({
        'registries.vault_host': hostOfVault(key.vaultName),
        'registries.key_name': lower(key.keyName),
      })
      .pluck<string[]>('registries.id');
    const [stored, namedBy] = await Promise.all([
      this.#deps.registries.getAll(ids),
      this.#deps.reader.namedBy(ids, credentials),
    ]);
    return consumersOf(stored, {
      self: registryId,
      behind: id => {
        const { entities, hiddenEntities } = namedBy(id.key);
        return { visible: entities, hidden: hiddenEntities };
      },
    });
  }
}
