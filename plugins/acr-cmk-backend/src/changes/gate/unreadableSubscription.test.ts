/** The demo with a subscription that cannot be read: what an owner still does alone. */
import { startEmulator } from 'azure-emulator';
import type {
  CreateRegistryIntent,
  Intent,
  Plan,
  RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import {
  CONFIG,
  ENTITIES,
  type EntityName,
  idOf,
  KEYS,
  POLICIES,
} from './__testUtils__/teams';

const CREATE: CreateRegistryIntent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-brandnew', create: true },
  key: KEYS['a new key'],
  rotateEveryDays: 90,
};

describe('while a subscription cannot be read, an owner', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal({
      azure: await startEmulator({
        world: 'demo-fleet:20',
        operationSeconds: 0,
        rolePropagationSeconds: 0,
      }),
      config: {
        ...CONFIG,
        scopes: ['/providers/Microsoft.Management/managementGroups/contoso'],
      },
      entities: ENTITIES,
    });
  });
  afterAll(() => portal.stop());

  const plan = (entity: EntityName, intent: Intent) =>
    portal.plan(entity, idOf(entity), intent);
  const needsOf = ({ approval }: Plan) =>
    (approval.needs ?? []).map(({ permission, entityRef }) =>
      [permission, entityRef].filter(Boolean).join(' '),
    );
  const checkOf = (made: Plan, id: string) =>
    made.checks.find(check => check.id === id);

  it('rotates alone, and the plan says that registries are missing', async () => {
    portal.decide(POLICIES.sample);
    const made = await plan('shop-images', { kind: 'rotate' });
    expect(needsOf(made)).toEqual([]);
    expect(checkOf(made, 'others-affected')).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('Not all registries could be listed'),
    });
    expect((await portal.carryOut(made)).state).toBe('succeeded');
  });

  it('creates a registry with a key and an identity of its own alone', async () => {
    portal.decide(POLICIES.sample);
    const made = await portal.plan(
      'brandnew-images',
      registryId('brandnew'),
      CREATE,
    );
    expect(made.blocked).toBe(false);
    expect(needsOf(made)).toEqual([]);
    expect((await portal.carryOut(made)).state).toBe('succeeded');
    expect(portal.azure.state.registries()).toContain('brandnew');
  });

  it('cannot use a key that exists for it without the platform', async () => {
    portal.decide(POLICIES.sample);
    const made = await portal.plan('third-images', registryId('thirdimages'), {
      ...CREATE,
      identity: { name: 'id-thirdimages', create: true },
      key: KEYS["the team's own key"],
      rotateEveryDays: undefined,
    });
    expect(needsOf(made)).toContain('acr-cmk.unbound.change');
  });

  it.each<RevokeMethodId>([
    'role-assignment',
    'disable-version',
    'disable-all-versions',
    'delete-key',
  ])(
    'cannot revoke a key by %s without the platform, though it could otherwise',
    async method => {
      portal.decide(POLICIES.generous);
      const made = await plan('shop-images', { kind: 'revoke', method });
      expect(needsOf(made)).toContain('acr-cmk.unbound.change');
    },
  );

  it('cannot revoke a shared key alone', async () => {
    portal.decide(POLICIES.generous);
    const made = await plan('shared-base', {
      kind: 'revoke',
      method: 'disable-version',
    });
    expect(needsOf(made)).toEqual(
      expect.arrayContaining([
        'acr-cmk.key.revoke resource:default/shared-tools',
        'acr-cmk.unbound.change',
      ]),
    );
    const operation = await portal.as().accept(
      acceptanceOf(made, {
        reason: 'Tried in a test',
        confirmation: made.confirmation.typedName ?? undefined,
      }),
    );
    expect(operation.state).toBe('awaiting-approval');
  });
});
