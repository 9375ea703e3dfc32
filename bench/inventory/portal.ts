// A whole backend and the emulated Azure with a fleet, in this process, from whatever tree of the
// repository `root` is: so that the code of another commit is measured by the same program.
import path from 'node:path';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { startEmulator, trustInThisProcess } from 'azure-emulator';

/** Registries of the fleet that are in the catalog: some have no entity, as everywhere. */
const IN_CATALOG = 300;
/** Entities that people look at while it is measured. */
export const LOOKED_AT = 30;

export interface FleetPortal {
  azure: Awaited<ReturnType<typeof startEmulator>>;
  /** Modules of the tree that is measured. */
  load<T>(file: string): T;
  /** Refs of entities that people look at. */
  entities: string[];
  /** Ids of their registries, in the same order. */
  registries: string[];
  /** @param options.viewer - ref of who looks. Default: always the same */
  view(
    entityRef: string,
    options?: { refresh?: boolean; viewer?: string },
  ): Promise<unknown>;
  stop(): Promise<void>;
}

/** @param options.root - a tree of the repository with its dependencies in place */
export async function startFleetPortal(options: {
  root: string;
  registries: number;
}): Promise<FleetPortal> {
  const load = <T>(file: string): T => require(path.join(options.root, file));
  const emulator = load<{
    startEmulator: typeof startEmulator;
    trustInThisProcess: typeof trustInThisProcess;
  }>('packages/azure-emulator/src/index.ts');
  const azure = await emulator.startEmulator({
    world: `fleet:${options.registries}`,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const distrust = emulator.trustInThisProcess(azure);
  const { openSqlite } = load<any>(
    'plugins/acr-cmk-backend/src/__testUtils__/databases.ts',
  );
  const { credentialsOf } = load<any>(
    'plugins/acr-cmk-backend/src/__testUtils__/engine.ts',
  );
  const { acrCmkPlugin } = load<any>('plugins/acr-cmk-backend/src/plugin.ts');
  const db = await openSqlite();
  const all = azure.state
    .registries()
    .map(name => azure.state.registry(name).id);
  // Spread over the whole fleet, and the same for the same size.
  const every = Math.max(1, Math.floor(all.length / IN_CATALOG));
  const named = all.filter((_, index) => index % every === 0);
  const looked = named.slice(0, LOOKED_AT);
  const backend = await startTestBackend({
    features: [
      acrCmkPlugin,
      catalogServiceMock.factory({
        entities: named.slice(0, IN_CATALOG).map(entityOf),
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
            scopes: [...new Set(all.map(id => id.split('/')[2]))].map(
              subscription => `/subscriptions/${subscription}`,
            ),
            azure: { credentials: credentialsOf(azure) },
          },
        },
      }),
    ],
  });
  const baseUrl = `http://127.0.0.1:${backend.server.port()}/api/acr-cmk`;
  return {
    azure,
    load,
    entities: looked.map(id => `resource/default/${nameOf(id)}`),
    registries: looked,
    async view(entity, { refresh, viewer = 'user:default/viewer' } = {}) {
      const answer = await fetch(
        `${baseUrl}/v1/entities/${entity}/registries${
          refresh ? '?refresh=true' : ''
        }`,
        {
          headers: {
            Authorization: mockCredentials.user.header(viewer),
          },
        },
      );
      const body: any = await answer.json();
      const [registry] = body.registries ?? [];
      if (registry?.kind !== 'registry') {
        throw new Error(`No view of ${entity}: ${JSON.stringify(body)}`);
      }
      return body;
    },
    async stop() {
      await backend.stop();
      distrust();
      await db.destroy();
      await azure.close();
    },
  };
}

const nameOf = (registryId: string) =>
  registryId.slice(registryId.lastIndexOf('/') + 1).toLowerCase();

function entityOf(registryId: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: nameOf(registryId),
      namespace: 'default',
      annotations: {
        'azure.com/container-registry-id': registryId,
      },
    },
    spec: { type: 'container-registry', owner: 'group:default/team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  };
}
