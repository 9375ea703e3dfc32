/**
 * Several backends on one database: who wins, and who takes over. Each is a process of its own.
 */
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import {
  AcrCmkClient,
  isTerminal,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { TestProcess } from '../__testUtils__/TestProcess';
import { PostgresDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { credentialsOf, engineParts, portsTo } from '../__testUtils__/engine';
import type { ReplicaReady, ReplicaSettings } from '../__testUtils__/replica';
import { until } from '../__testUtils__/until';
import type { WorkerSettings } from '../__testUtils__/workerProcess';
import { AuditLog, type AuditRecord } from '../platform/audit/AuditLog';
import { breaksIn } from '../platform/audit/chain';
import { DatabaseClock } from '../platform/database/clock';

/** The longest of what a test here waits for. */
const LONG_MS = 120_000;

// Processes of their own start here; on a busy machine that takes a minute.
jest.setTimeout(300_000);

/** Half of them with one request sent twice, half with two. In each, both are stopped right before they write. */
const ROUNDS = 10;
const REGISTRY = registryId('ordersimages');

const postgres = new PostgresDatabases();
let azure: Emulator;
let env: Record<string, string>;
let credentials: ReturnType<typeof credentialsOf>;

beforeAll(async () => {
  azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const { caFile, proxy } = azure.ready;
  env = { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: caFile };
  credentials = credentialsOf(azure);
});
afterAll(async () => {
  await postgres.stop();
  await azure.close();
});

const versions = () =>
  azure.state.key('kv-contoso-policy', 'ordersimages').versions.length;

async function wholeChain(db: Knex): Promise<AuditRecord[]> {
  const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
  const records: AuditRecord[] = [];
  for (;;) {
    const more = await audit.list({ afterSeq: records.length });
    if (more.length === 0) return records;
    records.push(...more);
  }
}

describe('two backends on one PostgreSQL', () => {
  let db: Knex;
  let replicas: TestProcess<ReplicaReady>[] = [];
  let clients: AcrCmkClient[];
  beforeAll(async () => {
    db = await postgres.open();
    const database = db.client.config.connection;
    replicas = await Promise.all(
      [1, 2].map(() =>
        TestProcess.start<ReplicaSettings, ReplicaReady>(
          'replica.ts',
          { database, credentials },
          env,
        ),
      ),
    );
    const Authorization = mockCredentials.user.header('user:default/olivia');
    clients = replicas.map(
      ({ ready: { port } }) =>
        new AcrCmkClient({
          baseUrl: `http://127.0.0.1:${port}/api/acr-cmk`,
          fetch: (url, init) =>
            fetch(url, {
              ...init,
              headers: { ...init?.headers, Authorization },
            }),
        }),
    );
  });
  afterAll(async () => {
    await Promise.all(replicas.map(replica => replica.kill()));
    await db.destroy();
  });

  const rotation = (client: AcrCmkClient) =>
    client.plan({
      entityRef: 'resource:default/orders-images',
      registryId: REGISTRY,
      intent: { kind: 'rotate' },
    });

  /** Holds every write of an operation back until so many wait, and lets all of them go at once. */
  async function holdBack(writes: number) {
    const gate = await db.transaction();
    await gate.raw('lock table operations in exclusive mode');
    return async () => {
      try {
        await until(
          `${writes} replicas are about to write`,
          async () =>
            Number(
              (
                await db('pg_stat_activity')
                  .where({ wait_event_type: 'Lock' })
                  .whereRaw('datname = current_database()')
                  .whereLike('query', 'insert into "operations"%')
                  .count()
              )[0].count,
            ),
          waiting => waiting === writes,
          LONG_MS,
        );
      } finally {
        await gate.rollback();
      }
    };
  }

  /** Asks both at once: the resulting operations, and the answers to the losers. */
  async function atOnce(
    requests: { planId: string; planHash: string; idempotencyKey: string }[],
  ) {
    const answers = await Promise.allSettled(
      clients.map((client, n) =>
        client.accept({ ...requests[n], reason: 'Two at once' }),
      ),
    );
    const operations: Operation[] = [];
    const refusals: unknown[] = [];
    for (const answer of answers) {
      if (answer.status === 'fulfilled') operations.push(answer.value);
      else refusals.push(answer.reason.body?.error ?? answer.reason);
    }
    return { operations, refusals };
  }

  it('F11, F12: of two requests that write at the same moment, one becomes an operation, and the other is answered with it', async () => {
    const { id: planId, hash: planHash } = await rotation(clients[0]);
    const winners = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      // Every other time it is the same request, sent to both.
      const isSame = round % 2 === 1;
      const letGo = await holdBack(clients.length);
      const [{ operations, refusals }] = await Promise.all([
        atOnce(
          clients.map((_, n) => ({
            planId,
            planHash,
            idempotencyKey: `round-${round}-of-${isSame ? 'both' : n}`,
          })),
        ),
        letGo(),
      ]);
      const [{ id }] = operations;
      const busy = { code: 'TARGET_BUSY', operationId: id };
      expect(operations.map(one => one.id)).toEqual(isSame ? [id, id] : [id]);
      expect(refusals).toMatchObject(isSame ? [] : [busy]);
      winners.add(id);
      const loser = clients[round % 2];
      expect(await loser.cancel(id, 'Next round')).toMatchObject({
        state: 'cancelled',
      });
      // A cancelled operation spends its plan; a new plan in each round would take minutes.
      await db('operations').where({ id }).update({ state: 'failed' });
    }
    expect(winners.size).toBe(ROUNDS);
    expect(await db('operations').count()).toEqual([{ count: `${ROUNDS}` }]);
    expect(await db('operation_locks')).toEqual([]);
    const records = await wholeChain(db);
    expect(records).toHaveLength(2 * ROUNDS);
    expect(breaksIn(records)).toEqual([]);
  });

  it('carries each winner out once, whichever of the two takes it', async () => {
    await Promise.all(replicas.map(replica => replica.work()));
    const before = versions();
    const rounds = 5;
    for (let round = 0; round < rounds; round++) {
      const plans = await Promise.all(clients.map(rotation));
      const letGo = await holdBack(clients.length);
      const [{ operations, refusals }] = await Promise.all([
        atOnce(
          plans.map(({ id, hash }, n) => ({
            planId: id,
            planHash: hash,
            idempotencyKey: `carried-out-${round}-of-${n}`,
          })),
        ),
        letGo(),
      ]);
      expect([operations.length, refusals.length]).toEqual([1, 1]);
      // The stream ends with the operation.
      const stream = await clients[round % 2].events(operations[0].id);
      await stream.text();
      expect(await clients[0].operation(operations[0].id)).toMatchObject({
        state: 'succeeded',
        steps: [{ attempts: 1 }, { attempts: 1 }],
      });
    }
    expect(versions()).toBe(before + rounds);
    expect(breaksIn(await wholeChain(db))).toEqual([]);
  });
});

describe('two workers on one PostgreSQL', () => {
  /** Seconds. */
  const LEASE = 5;

  it('F2: one is killed when Azure has made the version: the other ends the operation within twice the lease, with no second version', async () => {
    azure.reset();
    const db = await postgres.open();
    const clock = new DatabaseClock(db);
    const disconnect = trustInThisProcess(azure);
    const { accept, operations } = engineParts({
      db,
      clock,
      azurePorts: portsTo(azure),
      leaseSeconds: LEASE,
    });
    const [victim, heir] = await Promise.all(
      ['victim', 'heir'].map(owner =>
        TestProcess.start<WorkerSettings, {}>(
          'workerProcess.ts',
          {
            database: db.client.config.connection,
            credentials,
            leaseSeconds: LEASE,
            owner,
          },
          env,
        ),
      ),
    );
    try {
      azure.faults.add({
        method: 'POST',
        path: '/keys/ordersimages/rotate',
        principal: 'rotator',
        lostAnswer: true,
      });
      const before = versions();
      const { id } = await accept(REGISTRY, { kind: 'rotate' });
      await victim.work();
      await until(
        'Azure has made a version',
        versions,
        n => n > before,
        LONG_MS,
      );
      await heir.work();
      await victim.kill();
      const killedAt = await clock.now();

      expect(await operations.get(id)).toMatchObject({ state: 'running' });
      const operation = await until(
        'the operation has ended',
        () => operations.get(id),
        seen => seen !== undefined && isTerminal(seen.state),
        LONG_MS,
      );
      expect(operation).toMatchObject({
        state: 'succeeded',
        steps: [{ attempts: 1 }, { attempts: 1 }],
      });
      expect(operation!.endedAt! - killedAt).toBeLessThan(2 * LEASE * 1000);
      expect(versions()).toBe(before + 1);
      const { versionInUse } = azure.state.registry('ordersimages');
      expect(versionInUse).toBe(
        azure.state.key('kv-contoso-policy', 'ordersimages').latest,
      );
      expect(breaksIn(await wholeChain(db))).toEqual([]);
    } finally {
      await Promise.all([victim.kill(), heir.kill()]);
      disconnect();
      await db.destroy();
    }
  });
});
