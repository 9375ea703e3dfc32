// The backend of `yarn bench:limits`, with the limits' defaults.
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { openSqlite } from '../../plugins/acr-cmk-backend/src/__testUtils__/databases';
import {
  registryId,
  resource,
  SUBSCRIPTION,
} from '../../plugins/acr-cmk-backend/src/__testUtils__/demoWorld';
import { credentialsOf } from '../../plugins/acr-cmk-backend/src/__testUtils__/engine';
import { acrCmkPlugin } from '../../plugins/acr-cmk-backend/src/plugin';

function heapMb(): number {
  if (!globalThis.gc) throw new Error('Start node with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function main() {
  const ready = JSON.parse(process.env.EMULATOR_READY!);
  const db = await openSqlite();
  const backend = await startTestBackend({
    features: [
      acrCmkPlugin,
      catalogServiceMock.factory({
        entities: ['shop', 'orders'].map(name =>
          resource(`${name}-images`, registryId(`${name}images`)),
        ),
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
            azure: { credentials: credentialsOf({ ready }) },
            approvals: { rotate: 'required' },
          },
        },
      }),
    ],
  });
  process.on(
    'message',
    ({ heap }: { heap?: true }) =>
      heap && process.send!({ answer: { heapMb: heapMb() } }),
  );
  process.send!({ answer: { port: backend.server.port() } });
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
