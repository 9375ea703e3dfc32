import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { SamplePermissionPolicy } from './SamplePermissionPolicy';

const ALLOW = { result: AuthorizeResult.ALLOW };
const DENY = { result: AuthorizeResult.DENY };

/** What the policy answers to a member of `groups` (nobody signed in: undefined). */
async function decide(name: string, groups: string[] | undefined) {
  const ownershipEntityRefs = [
    'user:default/somebody',
    ...(groups ?? []).map(group => `group:default/${group}`),
  ];
  const info = { userEntityRef: 'user:default/somebody', ownershipEntityRefs };
  const userInfo = mockServices.userInfo(info);
  const basic = name === 'acr-cmk.use' || name === 'acr-cmk.audit.read';
  const permission = basic
    ? createPermission({ name, attributes: {} })
    : createPermission({
        name,
        attributes: {},
        resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
      });
  return new SamplePermissionPolicy(userInfo).handle(
    { permission },
    groups && { credentials: mockCredentials.user(), info },
  );
}

describe('SamplePermissionPolicy', () => {
  it.each([
    'acr-cmk.use',
    'acr-cmk.registry.read',
    'acr-cmk.key.rotate',
    'acr-cmk.key.revoke',
    'acr-cmk.key.restore',
    'acr-cmk.operation.approve',
    'acr-cmk.audit.read',
  ])('lets the platform team do %s on every entity', async name => {
    expect(await decide(name, ['platform-team'])).toEqual(ALLOW);
  });

  it.each(['acr-cmk.use', 'acr-cmk.registry.read'])(
    'gives %s to every team and to nobody without a team',
    async name => {
      expect(await decide(name, ['team-shop'])).toEqual(ALLOW);
      expect(await decide(name, [])).toEqual(DENY);
      expect(await decide(name, undefined)).toEqual(DENY);
    },
  );

  it('lets a team rotate the keys of its own entities only', async () => {
    expect(await decide('acr-cmk.key.rotate', ['team-shop'])).toEqual({
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
    expect(await decide('acr-cmk.key.rotate', [])).toEqual(DENY);
  });

  it.each([
    'acr-cmk.key.revoke',
    'acr-cmk.key.restore',
    'acr-cmk.operation.approve',
    'acr-cmk.audit.read',
  ])('keeps %s from owners', async name => {
    expect(await decide(name, ['team-shop'])).toEqual(DENY);
  });

  it('refuses permissions of the plugin that it does not know', async () => {
    expect(await decide('acr-cmk.key.purge', ['platform-team'])).toEqual(DENY);
  });

  it('allows what is not the plugin’s', async () => {
    expect(await decide('catalog.entity.read', undefined)).toEqual(ALLOW);
  });
});
