/**
 * The engine by itself: real tables, the emulated Azure behind the real SDK clients, a clock that
 * is moved, and a worker that can be made to die between any two things it does.
 */
import { randomUUID } from 'node:crypto';
import type {
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Emulator } from 'azure-emulator';
import {
  type Intent,
  isTerminal,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Backends } from '../platform/config';
import { changesOf } from '../engine/changesOf';
import { AuditLog } from '../platform/audit/AuditLog';
import { createAzurePorts } from '../azure/azurePorts';
import { createCredentials } from '../azure/credentials/credentials';
import type { AzurePorts } from '../azure/ports';
import type { Clock } from '../platform/database/clock';
import { createInventory } from '../inventory/createInventory';
import type { Inventory } from '../inventory/Inventory';
import type { InventoryRows } from '../inventory/rows';
import { type MonotonicClock, sleep } from '../platform/time/realClock';
import {
  createOperationStores,
  type OperationStores,
} from '../engine/createOperationStores';
import { OperationsWorker } from '../engine/OperationsWorker';
import { Gate, type PlanSource } from '../changes/gate/Gate';
import { PermissionChecker } from '../changes/gate/PermissionChecker';
import { changeOf } from '../domain/plan/change';
import { PlanMaker } from '../changes/plans/PlanMaker';
import { NOBODY } from './nobody';
import { PlanStore } from '../changes/plans/PlanStore';
import { findingsBefore, newFindings } from '../changes/campaigns/findings';
import { changesBeforeWrite } from '../changes/operations/changesBeforeWrite';
import { invalidate } from '../changes/operations/invalidate';
import type { RunnerDeps } from '../engine/run';
import { RequestRecorder } from '../changes/gate/RequestRecorder';
import { LIMITS } from '../platform/limits';
import { PlanService } from '../changes/plans/PlanService';
import type { OperationRecord } from '../engine/types';
import { Boundaries } from './Boundaries';
import { openSqlite } from './databases';
import { SUBSCRIPTION } from './demoWorld';
import { fillQuotasAtOnce } from './fastQuotas';
import { MovedClock } from './movedTime';

/** Part of Azure that an engine works in. */
export interface EngineScope {
  subscriptions: readonly string[];
  /** Vaults whose keys everybody may use. */
  vaults: readonly string[];
}

const DEMO_SCOPE: EngineScope = {
  subscriptions: [SUBSCRIPTION],
  vaults: [
    ...['rbac', 'policy', 'closed', 'legacy'].map(name => `kv-contoso-${name}`),
    'hsm-contoso.managedhsm',
    // Of a fleet of 45 registries.
    ...['00000', '00015', '00030'].map(number => `kv-fleet-${number}`),
  ],
};

export interface Engine extends OperationStores {
  inventory: Inventory;
  rows: InventoryRows;
  planMaker: PlanMaker;
  planService: PlanService;
  plans: PlanStore;
  clock: MovedClock;
  db: Knex;
  audit: AuditLog;
  azurePorts: AzurePorts;
  /** Another process over the same database: what the others keep in memory, it does not know. */
  process(azurePorts: AzurePorts): EngineParts;
  /** Plans and accepts. */
  accept(registryId: string, intent: Intent): Promise<OperationRecord>;
  /** Parts of its worker, which a test may replace. */
  deps: RunnerDeps;
  /** One turn of its worker. @returns whether there was something to do */
  work(): Promise<boolean>;
  /** Works until the operation has ended, or is held by its campaign. */
  runToEnd(
    operationId: string,
    worker?: { owner?: string; boundaries?: Boundaries },
  ): Promise<OperationRecord>;
  stop(): Promise<void>;
}

const LEASE_SECONDS = 60;

/** The emulator's principals, as a configuration has them. */
export function credentialsOf({
  ready: { principals, tenantId },
}: Pick<Emulator, 'ready'>) {
  return {
    read: { tenantId, ...principals.reader },
    rotate: { tenantId, ...principals.rotator },
    revoke: { tenantId, ...principals.revoker },
    provision: { tenantId, ...principals.provisioner },
  };
}

/** The SDK clients, with the emulator's principals. One set serves many engines. */
export function portsTo(
  azure: Emulator,
  monotonic?: MonotonicClock,
): AzurePorts {
  fillQuotasAtOnce();
  return createAzurePorts({
    monotonic,
    credentials: createCredentials(credentialsOf(azure)),
  });
}

/**
 * Dependencies of a worker, built from the product's own classes over a database that has the plugin's tables.
 */
export interface EngineParts extends OperationStores {
  inventory: Inventory;
  rows: InventoryRows;
  planMaker: PlanMaker;
  planService: PlanService;
  plans: PlanStore;
  audit: AuditLog;
  /** For a worker of this engine. */
  deps: RunnerDeps;
  /** Plans and accepts, as the service does once everybody has been asked. */
  accept(registryId: string, intent: Intent): Promise<OperationRecord>;
}

const ENTITY_REF = 'resource:default/under-test';

/** Everybody may do everything. Backstage's mock loads half a backend, in each file that runs an engine. */
const permissions: PermissionsService = {
  authorize: async requests =>
    requests.map(() => ({ result: AuthorizeResult.ALLOW })),
  authorizeConditional: async requests =>
    requests.map(() => ({ result: AuthorizeResult.ALLOW })),
};

/** A backend without others, where nobody has to agree. */
export const ALONE: Pick<Backends, 'strictestApprovals'> = {
  strictestApprovals: async () => ({
    approvals: new Set(),
    sharedKeys: 'ask',
  }),
};

/** The gate where everybody agrees, so that only the plan itself can change. */
function openGate(plans: PlanSource, scope: EngineScope): Gate {
  const entity = async (entityRef: string) => ({
    entityRef,
    // It names whatever registry it is asked about.
    named: [{ id: { equals: () => true } as unknown as RegistryId }],
  });
  return new Gate({
    config: {
      scopes: scope.subscriptions.map(subscriptionId => ({ subscriptionId })),
      bindings: { get: () => new Set([ENTITY_REF]) } as unknown as Map<
        string,
        Set<string>
      >,
      keys: scope.vaults.map(vaultName => ({
        vaultName,
        entityRefs: new Set([ENTITY_REF]),
      })),
      identities: { get: () => new Set([ENTITY_REF]) } as unknown as Map<
        string,
        Set<string>
      >,
      resourceGroups: new Map(),
      readUnlinked: true,
    },
    backends: ALONE,
    catalog: {
      registriesOf: entity,
      registriesAsPlugin: entity,
      ownership: async entityRef => ({
        exists: false,
        named: [],
        claimants: new Set([entityRef]),
        requester: 'is in the catalog',
      }),
      relationsOf: async () => ['is in the catalog'],
      visibleAmong: async refs => new Set(refs),
      inTagsOf: async () => () => new Set(),
    },
    permissionChecker: new PermissionChecker({ permissions }),
    plans,
  });
}

export const silentLogger: LoggerService = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silentLogger,
};

export function engineParts({
  db,
  clock,
  azurePorts,
  leaseSeconds,
  scope = DEMO_SCOPE,
}: {
  db: Knex;
  clock: Clock;
  azurePorts: AzurePorts;
  leaseSeconds: number;
  /** Default: the demo's, and that of a small fleet. */
  scope?: EngineScope;
}): EngineParts {
  const audit = new AuditLog({ db, clock });
  const stores = createOperationStores({
    db,
    clock,
    audit,
    limits: { leaseSeconds },
    azure: azurePorts,
  });
  const { operations } = stores;
  const plans = new PlanStore({ db });
  const { inventory, rows } = createInventory(
    { db, clock, azure: azurePorts, logger: silentLogger, sleep },
    {
      scope: { subscriptions: scope.subscriptions, includes: () => true },
      everyMs: 5 * 60_000,
      changesOf,
    },
  );
  const planMaker = new PlanMaker({
    inventory,
    operations,
    azure: azurePorts,
    allows: { retire: true, deleteKey: true },
  });
  const gate = openGate(planMaker, scope);
  const planService = new PlanService(
    {
      db,
      clock,
      config: {
        approvers: new Map(),
        waitingSeconds: 0,
        actionsRevoke: false,
        cloud: 'public',
      },
      limits: LIMITS,
    },
    {
      recorder: new RequestRecorder(
        {
          audit,
          logger: silentLogger,
          // A worker process of a test has no jest, so this is no mock.
          auditor: {
            createEvent: async () => ({
              success: async () => undefined,
              fail: async () => undefined,
            }),
          },
        },
        { granted: async () => true },
      ),
      gate,
      plans,
      catalog: {
        affected: async () => NOBODY,
        entitiesInTags: async () => NOBODY.inTags,
      },
    },
  );
  return {
    inventory,
    rows,
    ...stores,
    audit,
    planMaker,
    plans,
    planService,
    deps: {
      ...stores,
      azure: azurePorts,
      clock,
      logger: silentLogger,
      changesSincePlan: operation =>
        changesBeforeWrite(operation, { gate, plans }),
      invalidate: operation => invalidate(operation, inventory),
      findingsBefore: operation =>
        findingsBefore(operation, { inventory, clock }),
      newFindings: operation => newFindings(operation, { inventory, clock }),
    },
    async accept(registryId, intent) {
      const prepared = await planService.prepare(
        changeOf({ entityRef: ENTITY_REF, registryId, intent }),
        { kind: 'plugin', onBehalfOf: 'user:default/tester' },
      );
      const { plan } = prepared;
      if (plan.blocked) {
        throw new Error(
          `The plan is blocked: ${JSON.stringify(
            plan.checks.filter(({ status }) => status === 'fail'),
          )}`,
        );
      }
      return stores.acceptances.accept({
        ...prepared,
        id: randomUUID(),
        reason: 'A test',
        authorities: [],
        idempotencyKey: plan.id,
        requestHash: plan.hash,
      });
    },
  };
}

/** @param givenDb - with the plugin's tables; destroyed by `stop`. Default: a new one in memory */
export async function startEngine(
  azurePorts: AzurePorts,
  givenDb?: Knex,
  /** Emulator whose clock moves with the engine's, and whose request log counts writes. */
  world?: Pick<Emulator, 'clock' | 'requests'>,
  /** Seconds that both clocks move between two turns of a worker. Default: longer than a lease. */
  turnSeconds: number = LEASE_SECONDS + 1,
  scope?: EngineScope,
): Promise<Engine> {
  const db = givenDb ?? (await openSqlite());
  const clock = new MovedClock(db);
  const process = (ports: AzurePorts) =>
    engineParts({
      db,
      clock,
      azurePorts: ports,
      leaseSeconds: LEASE_SECONDS,
      scope,
    });
  const { deps, ...parts } = process(azurePorts);
  const { operations, leases, writes } = parts;
  let statements = 0;
  db.on('query', ({ sql }: { sql: string }) => {
    if (/^\s*(insert|update|delete)/i.test(sql)) statements += 1;
  });
  const writesSoFar = () =>
    statements +
    (world?.requests() ?? []).filter(
      ({ method, path }) =>
        method !== 'GET' &&
        !/\/(token|exchange|Microsoft\.ResourceGraph\/resources)$/.test(path),
    ).length;
  /** Errors that a worker logged. */
  const logged: unknown[] = [];
  const workerWith = (owner: string, boundaries?: Boundaries) =>
    new OperationsWorker({
      owner,
      logger: {
        ...silentLogger,
        error: (message, meta) => logged.push(meta ?? message),
      },
      sleep: async () => undefined,
      pollMs: 0,
      concurrency: 1,
      runner: boundaries
        ? {
            ...deps,
            operations: boundaries.around(operations, 'operations'),
            leases: boundaries.around(leases, 'leases'),
            writes: boundaries.around(writes, 'writes'),
            azure: boundaries.aroundEach(azurePorts),
            changesSincePlan: boundaries.after(
              'gate.ask',
              deps.changesSincePlan,
            ),
            invalidate: boundaries.after('invalidate', deps.invalidate),
          }
        : deps,
    });

  return {
    ...parts,
    clock,
    db,
    azurePorts,
    process,
    deps,
    work: () => workerWith('worker-1').runOne(),
    async runToEnd(operationId, { owner = 'worker-1', boundaries } = {}) {
      if (boundaries) boundaries.writes = writesSoFar;
      for (let turn = 0; turn < 200; turn++) {
        await workerWith(owner, boundaries).runOne();
        // Nothing else may go wrong: the next attempt would hide it.
        if (logged.length > 0) throw logged[0];
        const operation = await operations.get(operationId);
        if (!operation) continue;
        // One of a campaign may go back to that.
        if (isTerminal(operation.state) || operation.state === 'held') {
          return operation;
        }
        // Whatever is waited for, the lease of a dead worker or a due time, comes.
        clock.advance(turnSeconds * 1000);
        world?.clock.advance(turnSeconds * 1000);
      }
      throw new Error(
        `It does not end: ${JSON.stringify(await operations.get(operationId))}`,
      );
    },
    async stop() {
      await db.destroy();
    },
  };
}
