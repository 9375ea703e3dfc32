/** Effects of a revoke on registries of other teams: what their owners see, checked with pulls. */
import type {
  Operation,
  RegistryEncryption,
  RevokeIntent,
} from 'backstage-plugin-acr-cmk-common';
import {
  acceptanceOf,
  newKey,
  person,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { pull } from '../../__testUtils__/pull';

const BASE = registryId('sharedbase', 'rg-platform');
const TOOLS = registryId('sharedtools', 'rg-platform');
const DATA = registryId('shareddata', 'rg-platform');
const DATA_ENTITY = 'resource:default/shared-data';
const REASON = 'The key may have leaked, incident 4711';

describe('a revoke that hits the registries of others', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal({
      entities: [
        resource('shared-base', BASE, 'platform-team'),
        resource('shared-tools', TOOLS, 'team-shop'),
        resource('shared-data', DATA, 'team-shop'),
        resource('shop-images', registryId('shopimages')),
        resource('orders-images', registryId('ordersimages')),
        person('olivia', 'team-shop'),
        person('priya', 'platform-team'),
      ],
      config: { bindings: [{ registryId: DATA, entityRef: DATA_ENTITY }] },
    });
  });
  afterEach(() => portal.stop());

  const plan = (
    intent: RevokeIntent,
    registry = BASE,
    entity = 'shared-base',
  ) =>
    portal.as('priya').plan({
      entityRef: `resource:default/${entity}`,
      registryId: registry,
      intent,
    });

  async function revoke(intent: RevokeIntent): Promise<Operation> {
    const made = await plan(intent);
    const { id } = await portal
      .as('priya')
      .accept(
        acceptanceOf(made, { reason: REASON, confirmation: 'sharedbase' }),
      );
    return portal.untilEnded(id);
  }

  async function tools(user = 'olivia'): Promise<RegistryEncryption> {
    const { registries } = await portal
      .as(user)
      .registriesOf('resource:default/shared-tools', { refresh: true });
    const [registry] = registries;
    if (registry.kind !== 'registry') throw new Error(registry.message);
    return registry;
  }

  it('tells each owner who did it, why, until when and by which operation', async () => {
    expect(await pull(portal.azure, 'sharedtools')).toBe(401);
    const operation = await revoke({
      kind: 'revoke',
      method: 'role-assignment',
      restoreAfterMinutes: 60,
    });
    expect(operation).toMatchObject({ state: 'succeeded' });
    expect(await pull(portal.azure, 'sharedtools')).toBe(403);
    await portal.ageFacts(60 * 60_000);
    expect((await tools()).state).toMatchObject({
      id: 'revoked',
      revoked: {
        operationId: operation.id,
        by: 'user:default/priya',
        reason: REASON,
        registryName: 'sharedbase',
        restoresAt: operation.restoresAt,
      },
    });
  });

  it('is in the history of each of them, and can be opened from there', async () => {
    const { id } = await revoke({
      kind: 'revoke',
      method: 'disable-all-versions',
    });
    // Only the entity of the other registry may be read.
    portal.decide(
      (permission, ref) =>
        permission === 'acr-cmk.registry.read' &&
        ref === 'resource:default/shared-tools',
    );
    const listed = await portal
      .as()
      .operations({ entityRef: 'resource:default/shared-tools' });
    expect(listed.map(one => one.id)).toEqual([id]);
    expect(
      await portal.as().operations({
        entityRef: 'resource:default/shared-tools',
        registryId: TOOLS,
      }),
    ).toHaveLength(1);
    const opened = await portal.as().operation(id);
    expect(opened).toMatchObject({ id, requestedBy: 'user:default/priya' });
    expect(opened.actions.filter(({ allowed }) => allowed)).toEqual([]);
    expect(
      opened.plan.consumers
        .filter(({ effect }) => effect === 'loses-key')
        .map(({ registryName }) => registryName)
        .sort(),
    ).toEqual(['sharedbase', 'shareddata', 'sharedtools']);
  });

  it('is not shown to those whom it does not hit', async () => {
    const { id } = await revoke({
      kind: 'revoke',
      method: 'role-assignment',
    });
    portal.decide(
      (permission, ref) =>
        permission === 'acr-cmk.registry.read' &&
        ref === 'resource:default/orders-images',
    );
    expect(
      await portal
        .as()
        .operations({ entityRef: 'resource:default/orders-images' }),
    ).toEqual([]);
    expect(await portal.request('GET', `/v1/operations/${id}`)).toMatchObject({
      status: 404,
    });
  });

  it('does not say that somebody outside of the portal did it', async () => {
    const { id } = await revoke({ kind: 'revoke', method: 'role-assignment' });
    const { checks } = await portal.as().plan({
      entityRef: 'resource:default/shared-tools',
      registryId: TOOLS,
      intent: { kind: 'restore' },
    });
    expect(checks.find(check => check.id === 'grant')?.message).toContain(
      `operation ${id}, a revoke of sharedbase, removed it`,
    );
  });

  it('recommends the method that hits the fewest, and shows how many each hits', async () => {
    const { methods = [] } = await portal
      .as()
      .plan({
        entityRef: DATA_ENTITY,
        registryId: DATA,
        intent: { kind: 'revoke' },
      })
      .catch(error => {
        throw new Error(JSON.stringify(error.body));
      });
    const hit = Object.fromEntries(
      methods
        .filter(({ available }) => available)
        .map(({ method, alsoAffects }) => [method, alsoAffects]),
    );
    // It stays on a version of its own; the identity is that of three.
    expect(hit).toMatchObject({
      'role-assignment': 2,
      'disable-version': 0,
      'disable-all-versions': 2,
    });
    expect(hit).not.toHaveProperty('access-policy');
    expect(methods.filter(({ recommended }) => recommended)).toEqual([
      expect.objectContaining({ method: 'disable-version', chosen: true }),
    ]);
  });

  it('of two methods that hit as few, recommends the more exactly reversible', async () => {
    const { methods = [] } = await plan(
      { kind: 'revoke' },
      registryId('shopimages'),
      'shop-images',
    );
    expect(methods.find(({ recommended }) => recommended)?.method).toBe(
      'role-assignment',
    );
  });

  it('leaves the others alone by the method that is recommended', async () => {
    const { id: planId, hash: planHash } = await portal.as().plan({
      entityRef: DATA_ENTITY,
      registryId: DATA,
      intent: { kind: 'revoke' },
    });
    const { id } = await portal.as().accept({
      planId,
      planHash,
      reason: REASON,
      idempotencyKey: newKey(),
      confirmation: 'shareddata',
    });
    await portal.untilEnded(id);
    expect([
      await pull(portal.azure, 'shareddata'),
      await pull(portal.azure, 'sharedbase'),
      await pull(portal.azure, 'sharedtools'),
    ]).toEqual([403, 401, 401]);
  });
});
