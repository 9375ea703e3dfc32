/**
 * A backend with this plugin as a process of its own: Backstage's own backend, database, scheduler
 * and server. People are told apart by a header, the catalog is a list, and what each person may do
 * is a table. `world/backends.ts` starts it.
 */
import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createServiceFactory,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import acrCmkPlugin, {
  limitsServiceRef,
} from 'backstage-plugin-acr-cmk-backend';
import { keepCompiled } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/compileCache';
import { MEMORY } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/ChildProcess';
import { ENTITIES, mayDo } from './world/people';
import {
  LEASE_SECONDS,
  READY_LINE,
  type BackendSettings,
} from './world/settings';

const settings: BackendSettings = JSON.parse(process.env.CHAOS_BACKEND!);

/** The table of `people.ts`, asked by Backstage's own interface. */
const permissions = createServiceFactory({
  service: coreServices.permissions,
  deps: { userInfo: coreServices.userInfo },
  factory({ userInfo }) {
    const decide: PermissionsService['authorize'] = async (
      requests,
      { credentials },
    ) => {
      const { userEntityRef } = await userInfo.getUserInfo(credentials);
      return requests.map(({ permission }) => ({
        result: mayDo(userEntityRef, permission.name)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      }));
    };
    return {
      authorize: decide,
      // The table knows no conditions.
      authorizeConditional: (requests, options) =>
        decide(requests as never, options),
    };
  },
});

process.on('message', message => {
  if (message !== MEMORY) return;
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});

async function main() {
  const backend = createBackend();
  backend.add(
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl: `http://127.0.0.1:${settings.port}` },
        backend: {
          baseUrl: `http://127.0.0.1:${settings.port}`,
          listen: { host: '127.0.0.1', port: settings.port },
          database: settings.database,
        },
        acrCmk: settings.acrCmk,
      },
    }),
  );
  backend.add(mockServices.auth.factory());
  backend.add(mockServices.httpAuth.factory());
  backend.add(mockServices.userInfo.factory());
  backend.add(permissions);
  backend.add(catalogServiceMock.factory({ entities: ENTITIES }));
  backend.add(acrCmkPlugin);
  backend.add(
    createServiceFactory({
      service: limitsServiceRef,
      deps: {},
      // One person here stands for a whole site.
      factory: () => ({
        readsPerMinute: 10_000,
        writesPerMinute: 10_000,
        previewsPerMinute: 10_000,
        openStreams: 1000,
        waitingRequests: 1000,
        leaseSeconds: LEASE_SECONDS,
        pollMs: 500,
      }),
    }),
  );
  await backend.start();
  keepCompiled();
  process.stdout.write(`${READY_LINE}\n`);
}

main().catch(error => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(1);
});
