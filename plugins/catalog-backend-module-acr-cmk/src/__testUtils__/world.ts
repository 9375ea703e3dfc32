/**
 * A backend with a real catalog, the real plugin acr-cmk and this module between them, each plugin
 * with its own database. Only the catalog's processing runs by itself.
 */
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports -- the tests talk to the real one
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  type EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports -- the tests talk to the real one
import acrCmkPlugin from 'backstage-plugin-acr-cmk-backend';
import type { JsonObject } from '@backstage/types';
import knexFactory, { type Knex } from 'knex';
import { catalogModuleAcrCmk } from '../module';
import { OTHER, SUBSCRIPTION, TestInventory } from './inventory';
import { LOOP_MS, LoopTimers } from './LoopTimers';

const CONFIG = {
  defaultOwner: 'platform-team',
  ownerTags: ['backstage-entity-ref', 'Owner'],
};

export interface TestWorld {
  backend: TestBackend;
  inventory: TestInventory;
  /** Databases by the ids of the plugins. */
  db(plugin: 'acr-cmk' | 'catalog'): Knex;
  /** Replaces the foreign entities of the catalog. */
  others(entities: readonly Entity[]): Promise<void>;
  /** Runs the task of the module and lets the catalog process everything. */
  run(): Promise<void>;
  /** Runs the task of the module alone. */
  runOnly(): Promise<void>;
  /** Lets the catalog process everything. */
  settled(): Promise<void>;
  /** Lets the catalog process until `look` sees what is expected. */
  until: LoopTimers['until'];
  entity(ref: string): Promise<Entity | undefined>;
  refs(): Promise<string[]>;
  /** Refs of what an entity depends on, and of what depends on it. */
  relations(
    ref: string,
  ): Promise<{ dependsOn: string[]; dependencyOf: string[] }>;
  /** Refs of entities that were processed since the last call. */
  processed(): string[];
  /** Every row of the catalog that a change of an entity would touch. */
  snapshot(): Promise<unknown>;
  warnings(): string[];
  errors(): string[];
  /** Stops the backend; its databases are for the next one. */
  halt(): Promise<Map<string, Knex>>;
  stop(): Promise<void>;
}

/** The packages of the plugins that have tables. */
const PACKAGES = {
  'acr-cmk': 'backstage-plugin-acr-cmk-backend',
  catalog: '@backstage/plugin-catalog-backend',
};

const openDatabase = (content: ':memory:' | Buffer) =>
  knexFactory({
    client: 'better-sqlite3',
    // The driver takes the content of a database in place of its name, which Knex's types do not know.
    connection: { filename: content as string },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });

/** Databases with the tables of their plugins, which are made once. */
let withTables: Promise<Map<string, Buffer>> | undefined;

async function makeTables(): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const [plugin, name] of Object.entries(PACKAGES)) {
    const db = openDatabase(':memory:');
    await db.migrate.latest({
      directory: resolvePackagePath(name, 'migrations'),
    });
    const connection = await db.client.acquireConnection();
    contents.set(plugin, connection.serialize());
    await db.client.releaseConnection(connection);
    await db.destroy();
  }
  return contents;
}

export async function startWorld(
  options: {
    /** `catalog.providers`. */
    providers?: JsonObject;
    /** Databases of a stopped backend, for a restart. */
    databases?: Map<string, Knex>;
    /** More of `acrCmk`. */
    acrCmk?: JsonObject;
  } = {},
): Promise<TestWorld> {
  const databases = options.databases ?? new Map<string, Knex>();
  withTables ??= makeTables();
  const contents = await withTables;
  const db = (plugin: string) => {
    const known =
      databases.get(plugin) ?? openDatabase(contents.get(plugin) ?? ':memory:');
    databases.set(plugin, known);
    return known;
  };
  const timers = new LoopTimers();
  const scheduler = mockServices.scheduler();
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  let others: EntityProviderConnection | undefined;
  let processed: string[] = [];
  const backend = await startTestBackend({
    features: [
      catalogPlugin,
      catalogModuleAcrCmk,
      createBackendModule({
        pluginId: 'catalog',
        moduleId: 'of-the-test',
        register(env) {
          env.registerInit({
            deps: { processing: catalogProcessingExtensionPoint },
            async init({ processing }) {
              processing.addEntityProvider({
                getProviderName: () => 'others',
                connect: async connection => {
                  others = connection;
                },
              });
              processing.addProcessor({
                getProcessorName: () => 'spy',
                preProcessEntity: async entity => {
                  processed.push(stringifyEntityRef(entity));
                  return entity;
                },
              });
            },
          });
        },
      }),
      acrCmkPlugin,
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        // Without its own factory, which runs every task at the start.
        factory: () => scheduler,
      }),
      logger.factory,
      createServiceFactory({
        service: coreServices.database,
        deps: { plugin: coreServices.pluginMetadata },
        factory: ({ plugin }) => ({
          getClient: async () => db(plugin.getId()),
        }),
      }),
      mockServices.rootConfig.factory({
        data: {
          catalog: {
            // Within a test, only changed entities are processed again.
            processingInterval: { hours: 24 },
            stitchingStrategy: {
              mode: 'deferred',
              pollingInterval: { milliseconds: LOOP_MS },
            },
            providers: options.providers ?? { acrCmk: CONFIG },
          },
          acrCmk: {
            scopes: [
              `/subscriptions/${SUBSCRIPTION}`,
              `/subscriptions/${OTHER}`,
            ],
            azure: { credentials: {} },
            ...options.acrCmk,
          },
        },
      }),
    ],
  });
  const catalog = () => db('catalog');
  const relationsOf = async (ref: string, type: string): Promise<string[]> =>
    catalog()('relations')
      .where({ source_entity_ref: ref, type })
      .distinct('target_entity_ref')
      .orderBy('target_entity_ref')
      .pluck('target_entity_ref');

  const world: TestWorld = {
    backend,
    inventory: new TestInventory(db('acr-cmk')),
    db,
    async others(entities) {
      await others?.applyMutation({
        type: 'full',
        entities: entities.map(entity => ({ entity, locationKey: 'others' })),
      });
      await world.settled();
    },
    async run() {
      await world.runOnly();
      await world.settled();
    },
    async runOnly() {
      await scheduler.triggerTask('acr-cmk-catalog');
    },
    async settled() {
      await timers.until(
        async () => {
          const [{ due }] = await catalog()('refresh_state')
            .whereNull('result_hash')
            .orWhere('next_update_at', '<=', catalog().fn.now())
            .count({ due: '*' });
          const [{ queued }] = await catalog()('stitch_queue').count({
            queued: '*',
          });
          return Number(due) + Number(queued);
        },
        left => left === 0,
      );
    },
    until: (look, isExpected) => timers.until(look, isExpected),
    async entity(ref) {
      const row = await catalog()('final_entities')
        .where({ entity_ref: ref })
        .first();
      return row?.final_entity ? JSON.parse(row.final_entity) : undefined;
    },
    refs: async () =>
      catalog()('final_entities')
        .whereNotNull('final_entity')
        .orderBy('entity_ref')
        .pluck('entity_ref'),
    relations: async ref => ({
      dependsOn: await relationsOf(ref, 'dependsOn'),
      dependencyOf: await relationsOf(ref, 'dependencyOf'),
    }),
    processed() {
      const since = processed;
      processed = [];
      return since.sort();
    },
    snapshot: async () => [
      await catalog()('refresh_state')
        .orderBy('entity_ref')
        .select(
          'entity_ref',
          'unprocessed_hash',
          'result_hash',
          'next_update_at',
          'last_discovery_at',
        ),
      await catalog()('final_entities')
        .orderBy('entity_ref')
        .select('entity_ref', 'hash', 'last_updated_at'),
      await catalog()('relations').count({ n: '*' }),
    ],
    warnings: () => logger.warn.mock.calls.map(([message]) => String(message)),
    errors: () => logger.error.mock.calls.map(([message]) => String(message)),
    async halt() {
      timers.release();
      await backend.stop();
      return databases;
    },
    async stop() {
      timers.release();
      await backend.stop();
      for (const each of databases.values()) await each.destroy();
    },
  };
  return world;
}
