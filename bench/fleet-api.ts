// `yarn bench:fleet-api`: what questions about the whole fleet cost on both databases, printed, never
// asserted.
//
// The tables are filled with a made-up fleet; each question is asked many times as somebody who sees
// everything and as somebody who sees one team's registries. Wanted: at 10,000 registries a filter's
// 99th percentile under 150 ms, and no more memory for an export of all than for one of a tenth.
// The time of the processor is this process's alone: with SQLite all there is, and the figure that a
// busy machine does not spoil. With `--database sqlite` or `postgres` only that one is measured. With
// `--plans`, how each database carries out the statements of a list and of the counts.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { FleetFilter } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  openSqlite,
  PostgresDatabases,
} from '../plugins/acr-cmk-backend/src/__testUtils__/databases';
import {
  fillFleet,
  subscriptionNumber,
} from '../plugins/acr-cmk-backend/src/__testUtils__/fleetWorld';
import { createFleet } from '../plugins/acr-cmk-backend/src/fleet/createFleet';
import { DatabaseClock } from '../plugins/acr-cmk-backend/src/database/clock';
import {
  registryConditions,
  registryPermissionRules,
} from '../plugins/acr-cmk-backend/src/fleet/rules';

const { values } = parseArgs({
  options: {
    registries: { type: 'string', default: '10000' },
    times: { type: 'string', default: '100' },
    plans: { type: 'boolean', default: false },
    database: { type: 'string', default: 'both' },
  },
});
const REGISTRIES = Number(values.registries);
const TIMES = Number(values.times);
const SUBSCRIPTIONS = 20;

const everybody = mockCredentials.user('user:default/priya');
const team = mockCredentials.user('user:default/olivia');

const print = (...parts: unknown[]) =>
  process.stdout.write(`${parts.join(' ')}\n`);
const percentile = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];

async function fleetOn(db: Knex) {
  const clock = await DatabaseClock.open(db);
  return createFleet({
    db,
    clock,
    config: {
      managementGroups: [],
      cloud: 'public',
      bindings: new Map(),
      keys: [],
      scopes: Array.from({ length: SUBSCRIPTIONS }, (_, n) => ({
        subscriptionId: subscriptionNumber(n),
      })),
    },
    subscriptions: [],
    inventory: undefined as never,
    listings: { completeness: async () => ({ complete: true }) },
    operations: undefined as never,
    permissionChecker: undefined as never,
    catalog: {
      // As fast as a catalog can be: what is measured is ours.
      getEntitiesByRefs: async ({ entityRefs }) => ({
        items: entityRefs.map(ref => {
          const [kind, namespace, name] = ref.split(/[:/]/);
          return { apiVersion: 'v1', kind, metadata: { namespace, name } };
        }),
      }),
    },
    permissions: {
      authorize: async () => [],
      authorizeConditional: async (_, options) => [
        options && 'credentials' in options && options.credentials === team
          ? {
              result: AuthorizeResult.CONDITIONAL,
              pluginId: 'acr-cmk',
              resourceType: 'acr-cmk-registry',
              conditions: registryConditions.isRegistryOwner({
                claims: ['user:default/olivia', 'group:default/team-3'],
              }),
            }
          : { result: AuthorizeResult.ALLOW },
      ],
    },
    permissionsRegistry: {
      addPermissions: () => undefined,
      addPermissionRules: () => undefined,
      addResourceType: () => undefined,
      getPermissionRuleset: () => ({
        getRuleByName: name =>
          registryPermissionRules.find(one => one.name === name) as never,
      }),
    },
  });
}

async function measure(
  name: string,
  ask: (n: number) => Promise<unknown>,
): Promise<void> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let n = 0; n < TIMES; n += 1) {
    const began = performance.now();
    JSON.stringify(await ask(n));
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  print(
    `  ${name.padEnd(44)} p50 ${percentile(times, 0.5).toFixed(1)} ms`,
    ` p99 ${percentile(times, 0.99).toFixed(1)} ms`,
    ` processor ${((user + system) / 1000 / TIMES).toFixed(1)} ms`,
  );
}

/** Prints how the database carries out what a question asks of it. */
async function explain(db: Knex, ask: () => Promise<unknown>): Promise<void> {
  const asked: { sql: string; bindings: readonly Knex.Value[] }[] = [];
  const note = (query: (typeof asked)[number]) => asked.push(query);
  db.on('query', note);
  await ask();
  db.removeListener('query', note);
  const isSqlite = db.client.config.client === 'better-sqlite3';
  for (const { sql, bindings } of asked) {
    print(`  ${sql.slice(0, 150)}`);
    const text = isSqlite ? sql : sql.replace(/\$\d+/g, '?');
    const plan = await db.raw(
      `${isSqlite ? 'explain query plan' : 'explain'} ${text}`,
      [...bindings],
    );
    for (const line of isSqlite ? plan : plan.rows) {
      print(`    ${line.detail ?? line['QUERY PLAN']}`);
    }
  }
}

function heapMb(): number {
  if (!globalThis.gc) throw new Error('Start node with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const FILTERS: [name: string, filter: (n: number) => FleetFilter][] = [
  ['no filter', () => ({})],
  ['a state', n => ({ state: [n % 2 ? 'behind' : 'revoked'] })],
  ['a subscription', n => ({ subscription: subscriptionNumber(n % 20) })],
  ['an owner', n => ({ owner: `group:default/team-${n % 200}` })],
  ['expires this quarter', () => ({ expiresBefore: '2027-01-01' })],
  ['no entity', () => ({ unbound: true })],
  ['a search that finds few', n => ({ search: `registry${n}9` })],
  ['a search that finds many', () => ({ search: 'images' })],
];

async function bench(name: string, db: Knex): Promise<void> {
  const began = performance.now();
  await fillFleet(db, {
    registries: REGISTRIES,
    subscriptions: SUBSCRIPTIONS,
    teams: 200,
    now: Date.parse('2026-11-25T12:00:00Z'),
  });
  if (name === 'PostgreSQL') await db.raw('analyze');
  print(
    `${name}: ${REGISTRIES} registries, filled in ${Math.round(
      performance.now() - began,
    )} ms`,
  );
  const { fleet, fleetCounts, fleetKeys, fleetCalendar, fleetExport } =
    await fleetOn(db);
  if (values.plans) {
    for (const credentials of [everybody, team]) {
      await explain(db, () =>
        fleet.list(
          {
            filter: { state: ['behind'] },
            order: { sort: 'state', direction: 'asc' },
            limit: 50,
          },
          credentials,
        ),
      );
      await explain(db, () => fleetCounts.summary({}, credentials));
    }
    return;
  }
  for (const [who, credentials] of [
    ['everything', everybody],
    ['one team', team],
  ] as const) {
    print(` sees ${who}`);
    for (const [what, filter] of FILTERS) {
      await measure(`list: ${what}`, n =>
        fleet.list(
          {
            filter: filter(n),
            order: { sort: 'state', direction: 'asc' },
            limit: 50,
          },
          credentials,
        ),
      );
    }
    for (const sort of ['name', 'expires', 'age'] as const) {
      await measure(`list: by ${sort}`, () =>
        fleet.list(
          { filter: {}, order: { sort, direction: 'desc' }, limit: 50 },
          credentials,
        ),
      );
    }
    for (const [what, filter] of FILTERS) {
      await measure(`counts: ${what}`, n =>
        fleetCounts.summary(filter(n), credentials),
      );
    }
    await measure('keys', () =>
      fleetKeys.list({ filter: {}, limit: 50 }, credentials),
    );
    await measure('expiries', () =>
      fleetCalendar.expiries({ filter: {}, weeks: 26 }, credentials),
    );
  }
  for (const filter of [{ search: 'registry1' }, {}]) {
    const before = heapMb();
    let peak = 0;
    let bytes = 0;
    const start = performance.now();
    for await (const piece of fleetExport.csv(filter, everybody)) {
      bytes += piece.length;
      peak = Math.max(peak, heapMb() - before);
    }
    print(
      `  CSV ${JSON.stringify(filter).padEnd(24)} ${(bytes / 2 ** 20).toFixed(
        1,
      )} MB in ${Math.round(performance.now() - start)} ms, live heap at most`,
      `${peak.toFixed(1)} MB more`,
    );
  }
}

async function main() {
  print(
    `load ${os
      .loadavg()
      .map(each => each.toFixed(2))
      .join(' ')},`,
    `node ${process.version}, ${os.cpus().length} cores`,
  );
  if (values.database !== 'postgres') {
    const sqlite = await openSqlite();
    await bench('SQLite', sqlite);
    await sqlite.destroy();
  }
  if (values.database === 'sqlite') return;
  const postgres = new PostgresDatabases();
  const db = await postgres.open();
  try {
    await bench('PostgreSQL', db);
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}

void main();
