/**
 * A backend with the acr-cmk plugin, the emulated Azure and this module, for tests: the actions are
 * those that the module hands to the scaffolder.
 */
import {
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  scaffolderActionsExtensionPoint,
  type TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports -- the tests talk to the real one
import acrCmkPlugin from 'backstage-plugin-acr-cmk-backend';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports, @backstage/no-forbidden-package-imports -- nor shall they wait for Azure's limits
import { testLimits } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/testLimits';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports, @backstage/no-forbidden-package-imports -- the same quotas
import { fillQuotasAtOnce } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/fastQuotas';
// eslint-disable-next-line @backstage/no-mixed-plugin-imports, @backstage/no-forbidden-package-imports -- the same world
import {
  person,
  registryId,
  resource,
  SCOPES,
  SUBSCRIPTION,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';
import { scaffolderModuleAcrCmk } from '../module';

export { registryId, SUBSCRIPTION };
export const [RESOURCE_GROUP] = SCOPES;

/** Whether the person has the permission on the entity. */
type Policy = (
  permission: string,
  entityRef: string | undefined,
  user: string,
) => boolean;

export interface TestPortal {
  azure: Emulator;
  backend: TestBackend;
  action(id: string): TemplateAction<any, any, any>;
  actions: TemplateAction<any, any, any>[];
  /** Decides about permissions from now on; everything is allowed at the start. */
  decide(policy: Policy): void;
  /** Requests that changed something in Azure. */
  writes(): string[];
  stop(): Promise<void>;
}

/** A sign-in, and queries that Azure takes as a POST. */
const NO_WRITE =
  /\/(token|checkNameAvailability|Microsoft\.ResourceGraph\/resources)$/i;

export async function startPortal(
  config: Record<string, unknown> = {},
): Promise<TestPortal> {
  fillQuotasAtOnce();
  const azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const disconnect = trustInThisProcess(azure);
  const { principals, tenantId } = azure.ready;
  let policy: Policy = () => true;
  const permissions = mockServices.permissions.mock();
  permissions.authorize.mockImplementation(
    async (requests, { credentials: { principal } }) => {
      const { userEntityRef = '' } = principal as { userEntityRef?: string };
      return requests.map(request => ({
        result: policy(
          request.permission.name,
          'resourceRef' in request ? String(request.resourceRef) : undefined,
          userEntityRef.replace(/^.*\//, ''),
        )
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      }));
    },
  );
  const actions: TemplateAction<any, any, any>[] = [];
  const backend = await startTestBackend({
    extensionPoints: [
      [
        scaffolderActionsExtensionPoint,
        {
          addActions: (...added: TemplateAction<any, any, any>[]) => {
            actions.push(...added);
          },
        },
      ],
    ],
    features: [
      acrCmkPlugin,
      testLimits(),
      scaffolderModuleAcrCmk,
      permissions.factory,
      catalogServiceMock.factory({
        entities: [
          // Who makes a registry for an entity that is not there yet stands for its owner.
          person('olivia', 'team-shop'),
          person('daniel', 'team-payments'),
          person('priya', 'platform-team'),
          resource('shop-images', registryId('shopimages')),
          resource('orders-images', registryId('ordersimages')),
          resource(
            'catalog-images',
            registryId('catalogimages'),
            'team-payments',
          ),
          resource('shared-base', registryId('sharedbase', 'rg-platform')),
          resource(
            'shared-tools',
            registryId('sharedtools', 'rg-platform'),
            'team-payments',
          ),
          resource(
            'shop-suite',
            `${registryId('shopimages')}, ${registryId('ordersimages')}`,
          ),
        ],
      }),
      mockServices.rootConfig.factory({
        data: {
          acrCmk: {
            scopes: SCOPES,
            azure: {
              credentials: {
                read: { tenantId, ...principals.reader },
                rotate: { tenantId, ...principals.rotator },
                revoke: { tenantId, ...principals.revoker },
                provision: { tenantId, ...principals.provisioner },
              },
            },
            ...config,
          },
        },
      }),
    ],
  });
  return {
    azure,
    backend,
    actions,
    action(id) {
      const action = actions.find(one => one.id === id);
      if (!action) throw new Error(`The module registers no action ${id}`);
      return action;
    },
    decide(next) {
      policy = next;
    },
    writes: () =>
      azure
        .requests()
        .filter(
          ({ method, path, status }) =>
            method !== 'GET' && !NO_WRITE.test(path) && status !== 401,
        )
        .map(({ method, path }) => `${method} ${path}`),
    async stop() {
      await backend.stop();
      disconnect();
      await azure.close();
    },
  };
}
