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
import { isoTime } from '../../platform/database/clock';
import { freshnessOf } from '../../inventory/refresh/freshness';
import type { InventorySync } from '../../inventory/refresh';
import { readingOf } from '../../inventory/refresh/reading';
import type {
  LastTurn,
  ScopeStatus,
  SyncStatus,
} from '../../inventory/refresh/status';
import { SyncState } from '../../inventory/rows/SyncState';
import type { Context } from '../../platform/context';

/** Budgets in an answer. */
const MAX_BUDGETS = 20;

interface InventoryServiceParts {
  permissionChecker: PermissionChecker;
  sync: Pick<InventorySync, 'ask'>;
  status: () => Promise<SyncStatus>;
  lastTurn: () => Promise<LastTurn>;
}

/** Answers with the status of the inventory, and starts a sync. */
export class InventoryService {
  readonly #context: Pick<Context, 'db' | 'clock' | 'config' | 'budget'>;
  readonly #parts: InventoryServiceParts;
  readonly #state: SyncState;

  constructor(
    context: Pick<Context, 'db' | 'clock' | 'config' | 'budget'>,
    parts: InventoryServiceParts,
  ) {
    this.#context = context;
    this.#parts = parts;
    this.#state = new SyncState(context);
  }

  async status(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#parts.permissionChecker.require(
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
    await this.#parts.permissionChecker.require(
      { permission: inventoryReadPermission },
      credentials,
    );
    const { db, config } = this.#context;
    const rows = await freshnessOf(
      { db, state: this.#state, everyMs: config.sync.everyMs },
      id,
    );
    if (rows.length === 0) throw new RegistryUnknown(id.toString());
    return {
      at: isoTime(await this.#context.clock.now()),
      items: rows.map(({ readAt, nextReadAt, ...row }) => ({
        ...row,
        ...(readAt !== undefined && { readAt: isoTime(readAt) }),
        ...(nextReadAt !== undefined && { nextReadAt: isoTime(nextReadAt) }),
      })),
    };
  }

  /** Requests a listing of everything. Several requests get one listing. */
  async sync(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#parts.permissionChecker.require(
      { permission: inventorySyncPermission },
      credentials,
    );
    await this.#parts.sync.ask();
    return this.#read();
  }

  async #read(): Promise<InventoryStatus> {
    const now = await this.#context.clock.now();
    const [status, turn, reading] = await Promise.all([
      this.#parts.status(),
      this.#parts.lastTurn(),
      readingOf(this.#context.db, { now, state: this.#state }),
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
      budget: this.#context.budget
        .left()
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
