import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import {
  taskCancelPermission,
  taskReadPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  acrCmkPermissions,
  acrCmkUsePermission,
  auditReadPermission,
  campaignCreatePermission,
  doctorReadPermission,
  inventoryReadPermission,
  inventorySyncPermission,
  fleetReadPermission,
  keyGrantPermission,
  keyRestorePermission,
  keyRevokePermission,
  keyRotatePermission,
  operationApprovePermission,
  registryCreatePermission,
  registryReadPermission,
  unboundChangePermission,
} from 'backstage-plugin-acr-cmk-common';
import { SamplePermissionPolicy } from './SamplePermissionPolicy';

const ALLOW = { result: AuthorizeResult.ALLOW };
const DENY = { result: AuthorizeResult.DENY };

const byName = (permissions: Permission[]): [string, Permission][] =>
  permissions.map(permission => [permission.name, permission]);

/** Decision of the policy for a member of `groups`; undefined for nobody signed in. */
async function decide(permission: Permission, groups: string[] | undefined) {
  const info = {
    userEntityRef: 'user:default/somebody',
    ownershipEntityRefs: [
      'user:default/somebody',
      ...(groups ?? []).map(group => `group:default/${group}`),
    ],
  };
  return new SamplePermissionPolicy(mockServices.userInfo(info)).handle(
    { permission },
    groups && { credentials: mockCredentials.user(), info },
  );
}

describe('SamplePermissionPolicy', () => {
  it.each(
    byName([
      acrCmkUsePermission,
      registryReadPermission,
      keyRotatePermission,
      keyRevokePermission,
      keyRestorePermission,
      keyGrantPermission,
      unboundChangePermission,
      operationApprovePermission,
      campaignCreatePermission,
      auditReadPermission,
      doctorReadPermission,
      inventoryReadPermission,
      inventorySyncPermission,
      fleetReadPermission,
    ]),
  )('lets the platform team do %s on every entity', async (_, permission) => {
    expect(await decide(permission, ['platform-team'])).toEqual(ALLOW);
  });

  it.each(byName([acrCmkUsePermission, registryCreatePermission]))(
    'gives %s to every team',
    async (_, permission) => {
      expect(await decide(permission, ['team-shop'])).toEqual(ALLOW);
    },
  );

  it.each(byName([registryReadPermission, keyRotatePermission]))(
    'gives %s to a team for its own entities only',
    async (_, permission) => {
      expect(await decide(permission, ['team-shop'])).toEqual({
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'catalog',
        resourceType: 'catalog-entity',
        conditions: {
          resourceType: 'catalog-entity',
          rule: 'IS_ENTITY_OWNER',
          params: {
            claims: ['user:default/somebody', 'group:default/team-shop'],
          },
        },
      });
    },
  );

  it('shows auditors everything but the doctor, and lets them change nothing', async () => {
    const allowed: string[] = [];
    for (const permission of acrCmkPermissions) {
      const { result } = await decide(permission, ['auditors']);
      if (result === AuthorizeResult.ALLOW) allowed.push(permission.name);
    }
    expect(allowed.sort()).toEqual([
      'acr-cmk.audit.read',
      'acr-cmk.fleet.read',
      'acr-cmk.inventory.read',
      'acr-cmk.registry.read',
      'acr-cmk.use',
    ]);
  });

  it('shows a team the registries of its own entities in the fleet', async () => {
    expect(await decide(fleetReadPermission, ['team-shop'])).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'acr-cmk',
      resourceType: 'acr-cmk-registry',
      conditions: {
        resourceType: 'acr-cmk-registry',
        rule: 'IS_REGISTRY_OWNER',
        params: {
          claims: ['user:default/somebody', 'group:default/team-shop'],
        },
      },
    });
  });

  it.each(
    byName([
      keyRevokePermission,
      keyRestorePermission,
      keyGrantPermission,
      unboundChangePermission,
      operationApprovePermission,
      campaignCreatePermission,
      auditReadPermission,
      doctorReadPermission,
      inventoryReadPermission,
      inventorySyncPermission,
    ]),
  )('keeps %s from owners', async (_, permission) => {
    expect(await decide(permission, ['team-shop'])).toEqual(DENY);
  });

  it.each(byName(acrCmkPermissions))(
    'keeps %s from people without a team and from services',
    async (_, permission) => {
      expect(await decide(permission, [])).toEqual(DENY);
      expect(await decide(permission, undefined)).toEqual(DENY);
    },
  );

  it('refuses permissions of the plugin that it does not name', async () => {
    const purge = createPermission({
      name: 'acr-cmk.key.purge',
      attributes: {},
    });
    expect(await decide(purge, ['platform-team'])).toEqual(DENY);
    for (const resourceType of ['catalog-entity', 'acr-cmk-registry']) {
      const ofResources = createPermission({
        name: 'acr-cmk.registry.purge',
        attributes: {},
        resourceType,
      });
      expect(await decide(ofResources, ['team-shop'])).toEqual(DENY);
    }
  });

  it.each(byName([taskReadPermission, taskCancelPermission]))(
    'leaves %s of a task to the person who started it',
    async (_, permission) => {
      expect(await decide(permission, ['platform-team'])).toMatchObject({
        result: AuthorizeResult.CONDITIONAL,
        conditions: {
          rule: 'IS_TASK_OWNER',
          params: { createdBy: ['user:default/somebody'] },
        },
      });
      expect(await decide(permission, undefined)).toEqual(DENY);
    },
  );

  it('allows what is not the plugin’s', async () => {
    expect(await decide(catalogEntityReadPermission, [])).toEqual(ALLOW);
  });
});
