/*
 * Runs inside a checkout of an earlier release: has operations wait in every way there is, on SQLite and
 * on PostgreSQL, and writes the database of that release, with the state of its Azure.
 *
 * Started by `scripts/make-upgrade-fixtures.mjs`, for the commit that is named there and its API.
 */
const os = require('node:os');
const { writeFileSync, readFileSync, mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');
const { createBackend } = require('@backstage/backend-defaults');
const {
  coreServices,
  createServiceFactory,
} = require('@backstage/backend-plugin-api');
const {
  mockCredentials,
  mockServices,
} = require('@backstage/backend-test-utils');
const {
  catalogServiceMock,
} = require('@backstage/plugin-catalog-node/testUtils');
const { startEmulator, trustInThisProcess } = require('azure-emulator');
const { AcrCmkClient } = require('backstage-plugin-acr-cmk-common');
const knexFactory = require('knex');
const { default: acrCmkPlugin } = require('../src');
const {
  registryId,
  resource,
  SUBSCRIPTION,
} = require('../src/__testUtils__/demoWorld');
const { OperationsWorker } = require('../src/operations/OperationsWorker');
const { startPostgres } = require('../src/__testUtils__/postgres');

const ENTITIES = [
  resource('shop-images', registryId('shopimages')),
  resource('orders-images', registryId('ordersimages')),
  resource('payments-images', registryId('paymentsimages')),
  resource('checkout-images', registryId('checkoutimages')),
  resource('catalog-images', registryId('catalogimages')),
  resource('billing-images', registryId('billingimages')),
  resource('shared-base', registryId('sharedbase', 'rg-platform')),
  resource('shared-tools', registryId('sharedtools', 'rg-platform')),
];

// It is in the leases.
os.hostname = () => 'before-the-upgrade';

/** Statements that make the tables, as the release sends them, and nothing else. */
const DEFINES =
  /^\s*(create (table|unique index|index)|alter table|comment on)/i;
/** Tables of Backstage's own services, which share the database of a plugin. */
const OF_OTHERS = /backstage_backend_/;

/** A backend of this release on this database. */
async function startBackend({ db, azure, acrCmk }) {
  const { principals, tenantId } = azure.ready;
  const of = name => ({ tenantId, ...principals[name] });
  const backend = createBackend();
  backend.add(
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl: 'http://localhost' },
        backend: {
          baseUrl: 'http://localhost',
          listen: { host: '127.0.0.1', port: 0 },
          database: { client: 'better-sqlite3', connection: ':memory:' },
        },
        acrCmk: {
          scopes: ['rg-shop', 'rg-platform'].map(
            group => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}`,
          ),
          azure: {
            credentials: {
              read: of('reader'),
              rotate: of('rotator'),
              revoke: of('revoker'),
              provision: of('provisioner'),
            },
          },
          operations: { pollSeconds: 0.1 },
          ...acrCmk,
        },
      },
    }),
  );
  let port;
  backend.add(
    createServiceFactory({
      service: coreServices.rootHttpRouter,
      deps: { lifecycle: coreServices.rootLifecycle },
      async factory({ lifecycle }) {
        const app = require('express')();
        const server = app.listen(0, '127.0.0.1');
        await new Promise(resolve => server.once('listening', resolve));
        port = server.address().port;
        lifecycle.addShutdownHook(() => {
          server.closeAllConnections();
          server.close();
        });
        return { use: (path, handler) => app.use(path, handler) };
      },
    }),
  );
  backend.add(mockServices.database.factory({ knex: db }));
  backend.add(mockServices.auth.factory());
  backend.add(mockServices.httpAuth.factory());
  backend.add(mockServices.userInfo.factory());
  backend.add(mockServices.permissions.factory());
  backend.add(mockServices.scheduler.factory());
  backend.add(catalogServiceMock.factory({ entities: ENTITIES }));
  backend.add(acrCmkPlugin);
  await backend.start();
  const client = new AcrCmkClient({
    baseUrl: `http://127.0.0.1:${port}/api/acr-cmk`,
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...init?.headers,
          Authorization: mockCredentials.user.header('user:default/olivia'),
        },
      }),
  });
  return { client, stop: () => backend.stop() };
}

let requests = 0;

async function ask(client, entity, id, intent) {
  const plan = await client.plan({
    entityRef: `resource:default/${entity}`,
    registryId: id,
    intent,
  });
  if (plan.blocked) throw new Error(JSON.stringify(plan.checks));
  requests += 1;
  const operation = await client.accept({
    planId: plan.id,
    planHash: plan.hash,
    reason: 'It waits while the release is upgraded',
    idempotencyKey: `before-the-upgrade-${requests}`,
    confirmation: plan.confirmation.typedName ?? undefined,
  });
  return operation.id;
}

async function until(client, id, isIt) {
  for (let look = 0; look < 600; look++) {
    const operation = await client.operation(id);
    if (isIt(operation)) return id;
    await delay(50);
  }
  throw new Error(JSON.stringify(await client.operation(id)));
}

/** What waits, by how it waits. */
async function haveOperationsWait(db, azure) {
  const ids = {};

  let { client, stop } = await startBackend({ db, azure });
  ids['temporary revoke'] = await ask(
    client,
    'catalog-images',
    registryId('catalogimages'),
    { kind: 'revoke', restoreAfterMinutes: 30 },
  );
  await until(
    client,
    ids['temporary revoke'],
    ({ state }) => state === 'succeeded',
  );
  ids.converging = await ask(client, 'shop-images', registryId('shopimages'), {
    kind: 'rotate',
    follow: 'wait',
  });
  await until(
    client,
    ids.converging,
    ({ state, steps }) => state === 'waiting' && steps[0].state === 'done',
  );
  azure.faults.add({
    method: 'PATCH',
    path: '*/registries/billingimages',
    status: 503,
    times: 1000,
  });
  ids['half done'] = await ask(
    client,
    'billing-images',
    registryId('billingimages'),
    { kind: 'rotate', follow: 'nudge' },
  );
  await until(
    client,
    ids['half done'],
    ({ state, steps }) => state === 'waiting' && steps[0].state === 'done',
  );
  await stop();

  ({ client, stop } = await startBackend({
    db,
    azure,
    acrCmk: {
      waitingPeriod: { hours: 1 },
      approvals: { rotate: 'required' },
    },
  }));
  ids['waiting period'] = await ask(
    client,
    'payments-images',
    registryId('paymentsimages'),
    { kind: 'revoke' },
  );
  ids['waiting for approval'] = await ask(
    client,
    'orders-images',
    registryId('ordersimages'),
    { kind: 'rotate' },
  );
  ids['shared key, waiting for approval'] = await ask(
    client,
    'shared-base',
    registryId('sharedbase', 'rg-platform'),
    { kind: 'rotate' },
  );
  await stop();

  // Accepted, and nobody takes it up.
  const { start } = OperationsWorker.prototype;
  OperationsWorker.prototype.start = () => undefined;
  ({ client, stop } = await startBackend({ db, azure }));
  OperationsWorker.prototype.start = start;
  ids['not begun'] = await ask(
    client,
    'checkout-images',
    registryId('checkoutimages'),
    { kind: 'rotate' },
  );
  await stop();
  return ids;
}

async function tablesOf(db) {
  const names =
    db.client.config.client === 'pg'
      ? await db('pg_tables').where({ schemaname: 'public' }).pluck('tablename')
      : await db('sqlite_master')
          .where({ type: 'table' })
          .whereNot('name', 'like', 'sqlite_%')
          .pluck('name');
  const tables = {};
  for (const name of names.filter(one => !OF_OTHERS.test(one)).sort()) {
    tables[name] = await db(name);
  }
  return tables;
}

async function play(name, open, folder) {
  const directory = mkdtempSync(join(os.tmpdir(), 'azure-before-upgrade-'));
  const azure = await startEmulator({
    world: 'demo',
    dataDir: directory,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const distrust = trustInThisProcess(azure);
  const { db, close } = await open();
  const schema = [];
  db.on('query', ({ sql, bindings = [] }) => {
    if (DEFINES.test(sql) && !OF_OTHERS.test(sql) && bindings.length === 0) {
      schema.push(sql);
    }
  });
  try {
    const operations = await haveOperationsWait(db, azure);
    const takenAt = Date.now();
    const tables = await tablesOf(db);
    await azure.close();
    // As it starts it puts all of its state into one file.
    await (await startEmulator({ dataDir: directory })).close();
    writeFileSync(
      join(folder, `${name}.json`),
      `${JSON.stringify(
        {
          takenAt: new Date(takenAt).toISOString(),
          operations,
          schema,
          tables,
          azure: JSON.parse(
            readFileSync(join(directory, 'state.json'), 'utf8'),
          ),
        },
        undefined,
        1,
      )}\n`,
    );
  } finally {
    distrust();
    await close();
    rmSync(directory, { recursive: true });
  }
}

async function main([folder]) {
  await play(
    'sqlite',
    async () => {
      const db = knexFactory({
        client: 'better-sqlite3',
        connection: ':memory:',
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
      return { db, close: () => db.destroy() };
    },
    folder,
  );
  await play(
    'postgresql',
    async () => {
      const server = await startPostgres();
      const db = knexFactory({
        client: 'pg',
        connection: {
          host: server.host,
          user: server.user,
          database: 'postgres',
        },
      });
      return {
        db,
        close: async () => {
          await db.destroy();
          await server.stop();
        },
      };
    },
    folder,
  );
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
