import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  inventoryReadPermission,
  type InventoryStatus,
  type InventorySweep,
  inventorySyncPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../authority/PermissionChecker';
import type { BudgetLeft } from '../azure/budget';
import { type Clock, isoTime } from '../database/clock';
import type { ScopeStatus, SyncStatus } from '../inventory/sync/status';

/** Limits that are shown. */
const MOST_BUDGETS = 20;

/** The status of the inventory, for those who may read it, and a sync when they ask for one. */
export class InventoryService {
  readonly #permissionChecker: PermissionChecker;
  readonly #clock: Clock;
  readonly #status: () => Promise<SyncStatus>;
  readonly #budget: () => BudgetLeft[];
  readonly #askForSync: () => Promise<void>;
  readonly #enabled: boolean;

  constructor(options: {
    permissionChecker: PermissionChecker;
    clock: Clock;
    status: () => Promise<SyncStatus>;
    budget: () => BudgetLeft[];
    askForSync: () => Promise<void>;
    /** Is the inventory listed by itself? */
    enabled: boolean;
  }) {
    this.#permissionChecker = options.permissionChecker;
    this.#clock = options.clock;
    this.#status = options.status;
    this.#budget = options.budget;
    this.#askForSync = options.askForSync;
    this.#enabled = options.enabled;
  }

  async status(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#permissionChecker.require(
      { permission: inventoryReadPermission },
      credentials,
    );
    return this.#read();
  }

  /** Has the next turn list everything. Many who ask for it get one listing. */
  async sync(credentials: BackstageCredentials): Promise<InventoryStatus> {
    await this.#permissionChecker.require(
      { permission: inventorySyncPermission },
      credentials,
    );
    await this.#askForSync();
    return this.#read();
  }

  async #read(): Promise<InventoryStatus> {
    const [status, now] = await Promise.all([
      this.#status(),
      this.#clock.now(),
    ]);
    const { lastSweep, oldestFactsAt, lastWholeSweepAt } = status;
    return {
      at: isoTime(now),
      enabled: this.#enabled,
      registries: status.registries,
      ...(oldestFactsAt && { oldestFactsAt: isoTime(oldestFactsAt) }),
      scopes: status.scopes.map(toScope),
      ...(lastSweep && { lastSweep: toSweep(lastSweep) }),
      ...(lastWholeSweepAt && { lastWholeSweepAt: isoTime(lastWholeSweepAt) }),
      dirty: status.dirty,
      keyLists: status.keyLists,
      budget: this.#budget()
        .slice(0, MOST_BUDGETS)
        .map(({ principal, ...left }) => ({ ...left, credential: principal })),
    };
  }
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
