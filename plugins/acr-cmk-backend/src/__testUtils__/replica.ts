/**
 * A backend with this plugin in a process of its own, as one of several replicas. `TestProcess`
 * starts it; its worker, or one of its scheduled tasks, starts on a message.
 */
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { OperationsWorker } from '../engine/OperationsWorker';
import { acrCmkPlugin } from '../plugin';
import { connectTo, type ProcessDatabase } from './databases';
import { dieAtBoundaries } from './deaths';
import { serveTest } from './TestProcess';
import { testLimits } from './testLimits';
import { registryId, resource, SUBSCRIPTION } from './demoWorld';
import type { credentialsOf } from './engine';

/** Settings that a replica receives at its start. */
export interface ReplicaSettings {
  database: ProcessDatabase;
  credentials: ReturnType<typeof credentialsOf>;
  /** Id of the task that begins in the place of the worker; no other one runs then. */
  task?: string;
  /** Scopes, entities, and bindings to them. Default: one registry of the demo. */
  fleet?: {
    scopes: string[];
    entities: Entity[];
    bindings: { registryId: string; entityRef: string }[];
  };
  /** File of the deaths so far: the process kills itself at the next boundary. Without a file it lives. */
  deaths?: string;
}

export interface ReplicaReady {
  port: number;
}

const DEMO: Required<ReplicaSettings>['fleet'] = {
  scopes: [`/subscriptions/${SUBSCRIPTION}`],
  entities: [resource('orders-images', registryId('ordersimages'))],
  bindings: [],
};

serveTest<ReplicaSettings, ReplicaReady>(async settings => {
  const { database, credentials, task, deaths } = settings;
  const { entities, ...fleet } = settings.fleet ?? DEMO;
  if (deaths) dieAtBoundaries(deaths);
  const db = connectTo(database);
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
      catalogServiceMock.factory({ entities }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => db }),
      }),
      mockServices.permissions.factory({ result: AuthorizeResult.ALLOW }),
      mockServices.rootConfig.factory({
        data: {
          acrCmk: { ...fleet, azure: { credentials } },
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
