import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type InventoryFreshness,
  inventoryReadPermission,
  type InventoryStatus,
  type InventorySweep,
  inventorySyncPermission,
  type RegistryId,
  RegistryUnknown,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../../changes/gate/PermissionChecker';
import type { BudgetLeft } from '../../azure/transport/budget';
import { type Clock, isoTime } from '../../platform/database/clock';
import type { RowFreshness } from '../../inventory/refresh/freshness';
import type { InventoryReading } from '../../inventory/refresh/reading';
import type {
  LastTurn,
  ScopeStatus,
  SyncStatus,
} from '../../inventory/refresh/status';

/** Budgets in an answer. */
const MAX_BUDGETS = 20;

interface Deps {
  permissionChecker: PermissionChecker;
  clock: Clock;
  status: () => Promise<SyncStatus>;
  lastTurn: () => Promise<LastTurn>;
  reading: (now: number) => Promise<InventoryReading | undefined>;
  budget: () => BudgetLeft[];
  askForSync: () => Promise<void>;
  freshness: (id: RegistryId) => Promise<RowFreshness[]>;
}

/** Answers with the status of the inventory, and starts a sync. */
export class InventoryService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async status(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#deps.permissionChecker.require(
      { permission: inventoryReadPermission },
      credentials,
    );
    return this.#read();
  }

  /**
   * Answers when and why a registry, and what its encryption depends on, is read next.
   *
   * @throws RegistryUnknown for one that the inventory does not have
   */
  async freshness(
    id: RegistryId,
    credentials: BackstageCredentials,
  ): Promise<InventoryFreshness> {
    await this.#deps.permissionChecker.require(
      { permission: inventoryReadPermission },
      credentials,
    );
    const rows = await this.#deps.freshness(id);
    if (rows.length === 0) throw new RegistryUnknown(id.toString());
    return {
      at: isoTime(await this.#deps.clock.now()),
      items: rows.map(({ readAt, nextReadAt, ...row }) => ({
        ...row,
        ...(readAt !== undefined && { readAt: isoTime(readAt) }),
        ...(nextReadAt !== undefined && { nextReadAt: isoTime(nextReadAt) }),
      })),
    };
  }

  /** Requests a listing of everything. Several requests get one listing. */
  async sync(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#deps.permissionChecker.require(
      { permission: inventorySyncPermission },
      credentials,
    );
    await this.#deps.askForSync();
    return this.#read();
  }

  async #read(): Promise<InventoryStatus> {
    const now = await this.#deps.clock.now();
    const [status, turn, reading] = await Promise.all([
      this.#deps.status(),
      this.#deps.lastTurn(),
      this.#deps.reading(now),
    ]);
    const { lastSweep, oldestFactsAt, lastWholeSweepAt } = status;
    return {
      at: isoTime(now),
      registries: status.registries,
      ...(oldestFactsAt && { oldestFactsAt: isoTime(oldestFactsAt) }),
      scopes: status.scopes.map(toScope),
      lastTurn: toTurn(turn),
      ...(lastSweep && { lastSweep: toSweep(lastSweep) }),
      ...(lastWholeSweepAt && { lastWholeSweepAt: isoTime(lastWholeSweepAt) }),
      dirty: status.dirty,
      ...(reading && {
        reading: { ...reading, endsAt: isoTime(reading.endsAt) },
      }),
      keyLists: status.keyLists,
      budget: this.#deps
        .budget()
        .slice(0, MAX_BUDGETS)
        .map(({ principal, ...left }) => ({ ...left, credential: principal })),
    };
  }
}

function toTurn({
  startedAt,
  endedAt,
  late,
}: LastTurn): NonNullable<InventoryStatus['lastTurn']> {
  return {
    ...(startedAt && { startedAt: isoTime(startedAt) }),
    ...(endedAt && { endedAt: isoTime(endedAt) }),
    ...(late && { late }),
  };
}

function toScope({
  known,
  expected,
  seen,
  listedAt,
  ...scope
}: ScopeStatus): InventoryStatus['scopes'][number] {
  return {
    ...scope,
    registries: {
      known,
      ...(expected !== undefined && { expected }),
      ...(seen !== undefined && { seen }),
    },
    ...(listedAt && { listedAt: isoTime(listedAt) }),
  };
}

function toSweep({
  state,
  startedAt,
  endedAt,
  partitions,
  problem,
}: NonNullable<SyncStatus['lastSweep']>): InventorySweep {
  return {
    state,
    startedAt: isoTime(startedAt),
    ...(endedAt && { endedAt: isoTime(endedAt) }),
    partitions,
    ...(problem && { problem: problem.message }),
  };
}
