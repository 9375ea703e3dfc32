/**
 * A backend with this plugin in a process of its own, as one of several replicas. `TestProcess`
 * starts it; its worker, or one of its scheduled tasks, starts on a message.
 */
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import knexFactory, { type Knex } from 'knex';
import { OperationsWorker } from '../engine/OperationsWorker';
import { acrCmkPlugin } from '../plugin';
import { serveTest } from './TestProcess';
import { testLimits } from './testLimits';
import { registryId, resource, SUBSCRIPTION } from './demoWorld';
import type { credentialsOf } from './engine';

/** Settings that a replica receives at its start. */
export interface ReplicaSettings {
  database: Knex.PgConnectionConfig;
  credentials: ReturnType<typeof credentialsOf>;
  /** Id of the task that begins in the place of the worker; no other one runs then. */
  task?: string;
}

export interface ReplicaReady {
  port: number;
}

serveTest<ReplicaSettings, ReplicaReady>(async settings => {
  const { database, credentials, task } = settings;
  const db = knexFactory({
    client: 'pg',
    connection: database,
    pool: { min: 0, max: 10 },
  });
  // The plugin starts its worker with the backend; here it waits for a message.
  const start = OperationsWorker.prototype.start;
  let startWorker = () => {};
  OperationsWorker.prototype.start = function later() {
    startWorker = () => start.call(this);
  };
  const scheduler = mockServices.scheduler();
  const backend = await startTestBackend({
    features: [
      ...(task
        ? [
            createServiceFactory({
              service: coreServices.scheduler,
              deps: {},
              factory: () => scheduler,
            }),
          ]
        : []),
      acrCmkPlugin,
      testLimits(),
      catalogServiceMock.factory({
        entities: [resource('orders-images', registryId('ordersimages'))],
      }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => db }),
      }),
      mockServices.permissions.factory({ result: AuthorizeResult.ALLOW }),
      mockServices.rootConfig.factory({
        data: {
          acrCmk: {
            scopes: [`/subscriptions/${SUBSCRIPTION}`],
            azure: { credentials },
          },
        },
      }),
    ],
  });
  return {
    ready: { port: backend.server.port() },
    startWorker: () => {
      if (task) scheduler.triggerTask(task);
      else startWorker();
    },
  };
});
