import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type Fact,
  type FleetRegistryView,
  type RegistryEncryption,
  RegistryId,
  RegistryUnknown,
  type UnreadableReason,
} from 'backstage-plugin-acr-cmk-common';
import { consumersOf } from '../catalog/consumersOf';
import type { Registry } from '../cmk/registry';
import { freshnessOf, viewOf } from '../cmk/view';
import type { Clock } from '../database/clock';
import {
  type Freshness,
  type Inventory,
  REFRESHED,
  SHOWN,
} from '../inventory/Inventory';
import { azureNow, sinceOf } from '../inventory/facts';
import type { RegistryRows } from '../inventory/rows/registries';
import { lower } from '../inventory/rows/readings';
import type { OperationStore } from '../operations/engine/OperationStore';
import type { FleetReader } from './FleetReader';
import type { FleetRows } from './FleetRows';
import type { VisibleScope } from './VisibleScope';

/** Who looks, and how old what they see may be. */
interface Viewer {
  visibleScope: VisibleScope;
  credentials: BackstageCredentials;
  freshness: Freshness;
  /** Our time when they looked, epoch milliseconds. */
  now: number;
}

/** One registry of the fleet as the Encryption tab shows it, whether or not an entity names it. */
export class FleetRegistryReader {
  readonly #clock: Clock;
  readonly #inventory: Pick<Inventory, 'registry' | 'bundle' | 'knownUsersOf'>;
  readonly #registries: Pick<RegistryRows, 'getAll'>;
  readonly #operations: Pick<OperationStore, 'holderOf' | 'get'>;
  readonly #reader: FleetReader;
  readonly #rows: FleetRows;

  constructor(options: {
    clock: Clock;
    inventory: Pick<Inventory, 'registry' | 'bundle' | 'knownUsersOf'>;
    registries: Pick<RegistryRows, 'getAll'>;
    operations: Pick<OperationStore, 'holderOf' | 'get'>;
    reader: FleetReader;
    rows: FleetRows;
  }) {
    this.#clock = options.clock;
    this.#inventory = options.inventory;
    this.#registries = options.registries;
    this.#operations = options.operations;
    this.#reader = options.reader;
    this.#rows = options.rows;
  }

  /**
   * @param options.refresh - a person asked for newer facts
   * @throws RegistryUnknown when it is not there, or the caller may not see it
   */
  async registry(
    id: RegistryId,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<FleetRegistryView> {
    const visibleScope = await this.#reader.visibleScopeOf(credentials);
    if (!(await this.#rows.sees(visibleScope, id))) {
      throw new RegistryUnknown(id.toString());
    }
    const now = await this.#clock.now();
    const freshness = { ...(options.refresh ? REFRESHED : SHOWN), now };
    const [namedBy, fact] = await Promise.all([
      this.#reader.namedBy([id.key], credentials),
      this.#inventory.registry(id, freshness),
    ]);
    const { entities, hiddenEntities } = namedBy(id.key);
    return {
      registry: fact.known
        ? await this.#view(fact, { visibleScope, credentials, freshness, now })
        : {
            kind: 'unreadable',
            text: id.toString(),
            reason: reasonOf(fact.problem.kind),
            message: fact.problem.message,
          },
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
    const [gathered, runningOperationId, consumers] = await Promise.all([
      this.#inventory.bundle(registry, viewer.freshness),
      this.#runningOperation(registryId, viewer),
      this.#consumers(registry, viewer),
    ]);
    const bundle = { ...gathered, registrySince: sinceOf(fact) };
    const users = registry.key
      ? await this.#inventory.knownUsersOf(registry.key, {
          known: registry,
          now,
        })
      : { inScope: [], complete: true };
    return {
      ...viewOf(bundle, azureNow(fact, now)),
      binding: {
        proven: false,
        message:
          'Changes are asked for on the Encryption tab of an entity that names the registry.',
      },
      runningOperationId,
      freshness: freshnessOf(fact, bundle, now),
      consumers,
      consumersComplete:
        users.complete && users.inScope.length === consumers.length,
      actions: [],
    };
  }

  /** The operation that is in progress on a registry, for those who may see it. */
  async #runningOperation(
    { key: registryKey }: RegistryId,
    viewer: Viewer,
  ): Promise<string | null> {
    const holder = await this.#operations.holderOf([registryKey]);
    const operation =
      holder && (await this.#operations.get(holder.operationId));
    if (!operation) return null;
    const { id, entityRef, requestedBy } = operation;
    const visible = await this.#reader.visibleOf(
      [{ registryKey, entityRef, requestedBy }],
      viewer,
    );
    return visible.length > 0 ? id : null;
  }

  /** Registries in the visible scope that use the same key. */
  async #consumers(
    { registryId, key }: Registry,
    { visibleScope, credentials }: Pick<Viewer, 'visibleScope' | 'credentials'>,
  ) {
    if (!key) return [];
    const ids: string[] = await this.#rows
      .query({ visibleScope })
      .where({
        'registries.vault_host': lower(key.vaultHost),
        'registries.key_name': lower(key.keyName),
      })
      .pluck('registries.id');
    const [stored, namedBy] = await Promise.all([
      this.#registries.getAll(ids),
      this.#reader.namedBy(ids, credentials),
    ]);
    return consumersOf(
      stored.flatMap(({ fact }) => fact.value ?? []),
      {
        self: registryId,
        behind: id => {
          const { entities, hiddenEntities } = namedBy(id.key);
          return { visible: entities, hidden: hiddenEntities };
        },
      },
    );
  }
}

function reasonOf(kind: string): UnreadableReason {
  return kind === 'denied' || kind === 'not-found' ? kind : 'unavailable';
}
