import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { openSqlite } from '../../__testUtils__/databases';
import { fillFleet, subscriptionNumber } from '../../__testUtils__/fleetWorld';
import { until } from '../../__testUtils__/until';
import {
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import type { Limits } from '../../platform/limits';

const BASE = '/.backstage/actions';

describe('the actions for programs', () => {
  let portal: TestPortal;
  const start = async (
    config?: Record<string, unknown>,
    limits?: Partial<Limits>,
  ) => {
    portal = await startPortal({ config, limits });
  };
  afterEach(() => portal.stop());

  const list = async () =>
    (await portal.request('GET', `${BASE}/v1/actions`)).body.actions as any[];
  const invoke = async (
    name: string,
    input: object,
    who: { user?: string; headers?: Record<string, string> } = {},
  ) =>
    portal.request('POST', `${BASE}/v2/actions/acr-cmk:${name}/invoke`, {
      body: { input },
      ...who,
    });
  const planOf = async (entity: string, registry: string, intent: object) => {
    const { status, body } = await invoke('plan-key-operation', {
      entityRef: `resource:default/${entity}`,
      registryId: registryId(registry),
      intent,
    });
    expect({ status, error: body.error }).toEqual({ status: 200 });
    return body.output as { planId: string; planHash: string };
  };
  const accepted = ({ planId, planHash }: any) => ({
    planId,
    planHash,
    reason: 'Requested by a program',
  });

  it('are listed with honest hints, a description and examples, and without revoke', async () => {
    await start();
    const actions = await list();
    expect(
      Object.fromEntries(
        actions.map(({ id, attributes }) => [
          id,
          Object.keys(attributes).filter(one => attributes[one]),
        ]),
      ),
    ).toEqual({
      'acr-cmk:get-registry-encryption': ['idempotent', 'readOnly'],
      'acr-cmk:find-registries': ['idempotent', 'readOnly'],
      'acr-cmk:get-key-operation': ['idempotent', 'readOnly'],
      'acr-cmk:plan-key-operation': ['idempotent', 'readOnly'],
      'acr-cmk:preview-campaign': ['readOnly'],
      'acr-cmk:get-campaign': ['idempotent', 'readOnly'],
      'acr-cmk:accept-rotate-plan': ['destructive', 'idempotent'],
      'acr-cmk:accept-automatic-rotation-plan': ['destructive', 'idempotent'],
      'acr-cmk:accept-restore-plan': ['idempotent'],
    });
    for (const action of actions) {
      expect(action.description).toMatch(/Use it /);
      expect(action.description).toMatch(/Example: \{/);
      expect(action.examples.length).toBeGreaterThan(0);
      // Else an MCP server leaves the action out.
      expect(action.schema.input.type).toBe('object');
    }
    expect(JSON.stringify(actions)).not.toMatch(
      /accept-revoke-plan|"const":"revoke"/,
    );
  });

  it('list revoke when it is switched on, as destructive', async () => {
    await start({ actions: { revoke: true } });
    const revoke = (await list()).find(
      ({ name }) => name === 'accept-revoke-plan',
    );
    expect(revoke.attributes).toEqual({
      readOnly: false,
      destructive: true,
      idempotent: true,
    });
  });

  it.each([
    [false, ['rotate', 'automatic-rotation', 'restore']],
    [true, ['rotate', 'automatic-rotation', 'restore', 'revoke']],
  ])('plan these intents (revoke: %s): %j', async (revoke, kinds) => {
    await start({ actions: { revoke } });
    const plan = (await list()).find(
      ({ name }) => name === 'plan-key-operation',
    );
    expect(
      plan.schema.input.properties.intent.anyOf.map(
        ({ properties }: any) => properties.kind.const,
      ),
    ).toEqual(kinds);
  });

  it('refuse fields that they do not know', async () => {
    await start({ actions: { revoke: true } });
    portal.azure.clearRequests();
    for (const { name, examples } of await list()) {
      const { status, body } = await invoke(name, {
        ...examples[0].input,
        force: true,
      });
      expect([name, status, body.error.message]).toEqual([
        name,
        400,
        expect.stringMatching(/Unrecognized key.*force/),
      ]);
    }
    const { status, body } = await invoke('plan-key-operation', {
      entityRef: 'resource:default/shop-images',
      registryId: registryId('shopimages'),
      intent: { kind: 'rotate', key: { kind: 'new-version', force: true } },
    });
    expect([status, body.error.message]).toEqual([
      400,
      expect.stringMatching(/Unrecognized key.*force/),
    ]);
    expect(portal.writes()).toEqual([]);
  });

  it('preview a campaign and follow it, and cannot start it', async () => {
    await start();
    const orders = registryId('ordersimages');
    await planOf('orders-images', 'ordersimages', { kind: 'rotate' });
    const { status, body } = await invoke('preview-campaign', {
      intent: { kind: 'automatic-mode' },
      selection: { registryIds: [orders, registryId('legacyimages')] },
    });
    expect([status, body.output.requestedBy]).toEqual([
      200,
      'user:default/olivia',
    ]);
    const { campaignId } = body.output;
    const { output } = await until(
      'the preview is complete',
      async () => (await invoke('get-campaign', { campaignId })).body,
      answer => answer.output.state === 'preview',
      30_000,
    );
    expect(output).toMatchObject({
      outcomes: { blocked: 1, change: 1 },
      writes: 1,
      total: 2,
      members: [
        { name: 'legacyimages', outcome: 'blocked' },
        { name: 'ordersimages', outcome: 'change', after: 'Automatic' },
      ],
    });
    const blocked = await invoke('get-campaign', {
      campaignId,
      outcome: ['blocked'],
    });
    expect(blocked.body.output.members).toHaveLength(1);
    expect(
      (await invoke('get-campaign', { campaignId }, { user: 'daniel' })).status,
    ).toBe(404);
    expect(
      (await list()).map(({ name }) => name).filter(name => /start/.test(name)),
    ).toEqual([]);

    portal.forbid('acr-cmk.campaign.create');
    const refused = await invoke('preview-campaign', {
      intent: { kind: 'automatic-mode' },
      selection: { registryIds: [orders] },
    });
    expect(refused.status).toBe(403);
    expect(portal.writes()).toEqual([]);
  });

  it('find registries of the fleet that the caller may see', async () => {
    const db = await openSqlite();
    const world = {
      registries: 30,
      now: Date.parse('2026-11-25T12:00:00Z'),
    };
    portal = await startPortal({
      db,
      config: {
        scopes: [0, 1].map(n => `/subscriptions/${subscriptionNumber(n)}`),
      },
    });
    await fillFleet(db, world);
    const { status, body } = await invoke('find-registries', {
      mode: 'manual',
      search: 'registry1',
    });
    expect(status).toBe(200);
    expect(body.output.total).toBe(3);
    const empty = await invoke('find-registries', {
      mode: 'manual',
      search: 'registry1',
      state: [],
      severity: [],
    });
    expect(empty.body.output.total).toBe(3);
    expect(
      body.output.registries.map(({ name }: { name: string }) => name).sort(),
    ).toEqual(['registry12', 'registry15', 'registry18']);
    portal.decideFleet(() => ({ result: AuthorizeResult.DENY }));
    expect((await invoke('find-registries', {})).status).toBe(403);
    expect(
      (await invoke('find-registries', { expiresBefore: '2026-02-31' })).status,
    ).not.toBe(500);
  });

  it('say in a plan that it needs approval, and that there is no room for one more request', async () => {
    await start({ actions: { revoke: true } }, { waitingRequests: 1 });
    const intent = { kind: 'revoke' };
    const first = await planOf('shop-images', 'shopimages', intent);
    expect(first).toMatchObject({ needsApproval: true });
    expect(first).not.toHaveProperty('noRoom');
    expect(
      (await invoke('accept-revoke-plan', accepted(first))).body.output.state,
    ).toBe('awaiting-approval');
    expect(await planOf('orders-images', 'ordersimages', intent)).toMatchObject(
      {
        needsApproval: true,
        noRoom: expect.stringContaining('wait for approval'),
      },
    );
  });

  it('do not exist for somebody who may not use the plugin', async () => {
    await start();
    portal.forbid('acr-cmk.use');
    expect(await list()).toEqual([]);
    const { status } = await invoke('get-registry-encryption', {
      entityRef: 'resource:default/shop-images',
    });
    expect(status).toBe(404);
  });

  it('read, plan and rotate: one new version, and the person in the record', async () => {
    await start();
    const seen = await invoke('get-registry-encryption', {
      entityRef: 'resource:default/shop-images',
    });
    expect(seen.body.output.registries).toEqual([
      expect.objectContaining({
        registryId: registryId('shopimages'),
        readable: true,
        state: 'current',
        versionMode: 'automatic',
      }),
    ]);
    const before = portal.azure.state.registry('shopimages').versionInUse;
    portal.azure.clearRequests();
    const plan = await planOf('shop-images', 'shopimages', { kind: 'rotate' });
    expect(portal.writes()).toEqual([]);

    const { status, body } = await invoke('accept-rotate-plan', accepted(plan));
    expect(status).toBe(200);
    // Asked again it is the same operation, for as long as it is the same request.
    const again = await invoke('accept-rotate-plan', accepted(plan));
    expect(again.body.output.operationId).toBe(body.output.operationId);
    await portal.untilEnded(body.output.operationId);
    const { body: end } = await invoke('get-key-operation', {
      operationId: body.output.operationId,
    });
    expect(end.output).toMatchObject({ state: 'succeeded', isOver: true });
    expect(portal.azure.state.registry('shopimages').versionInUse).not.toBe(
      before,
    );
    expect(
      portal.writes().filter(one => one === 'POST /keys/shopimages/rotate'),
    ).toHaveLength(1);
    const records = await portal.as().audit();
    expect(records[0]).toMatchObject({
      actor: 'user:default/olivia',
      operationId: body.output.operationId,
    });
  });

  it('refuse a hash that is not the plan’s, and one whose facts have changed, and write nothing', async () => {
    await start();
    const plan = await planOf('orders-images', 'ordersimages', {
      kind: 'rotate',
    });
    portal.azure.clearRequests();
    const wrong = await invoke('accept-rotate-plan', {
      ...accepted(plan),
      planHash: '0'.repeat(64),
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'planHash',
    });
    expect(portal.writes()).toEqual([]);

    // Somebody else rotates meanwhile.
    const other = await portal.plan(
      'orders-images',
      registryId('ordersimages'),
      { kind: 'rotate' },
    );
    await portal.carryOut(other);
    portal.azure.clearRequests();
    const stale = await invoke('accept-rotate-plan', accepted(plan));
    expect(stale.status).toBe(409);
    expect(stale.body.error.code).toBe('PLAN_DRIFTED');
    expect(portal.writes()).toEqual([]);
  });

  it('carry out a plan of their own intent only', async () => {
    await start();
    const revoke = await portal.plan('shop-images', registryId('shopimages'), {
      kind: 'revoke',
    });
    portal.azure.clearRequests();
    const { status, body } = await invoke(
      'accept-rotate-plan',
      accepted({ planId: revoke.id, planHash: revoke.hash }),
    );
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'planId',
      message: `planId: ${revoke.id} is a plan to revoke, not to rotate`,
    });
    expect(portal.writes()).toEqual([]);
    expect(portal.azure.state.registry('shopimages').reach).toMatchObject({
      reaches: true,
    });
  });

  it.each([
    [
      'plan-key-operation',
      {
        entityRef: 'resource:default/shop-images',
        registryId: registryId('shopimages'),
        intent: { kind: 'rotate' },
      },
    ],
    [
      'accept-rotate-plan',
      {
        planId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
        planHash: '0'.repeat(64),
        reason: 'A service asks',
      },
    ],
  ])(
    '%s is for people: a service is refused in a message',
    async (name, input) => {
      await start();
      portal.azure.clearRequests();
      const { status, body } = await invoke(name, input, {
        headers: { Authorization: mockCredentials.service.header() },
      });
      expect(status).toBe(403);
      expect(body.error).toMatchObject({
        code: 'ACTION_REFUSED',
        message: expect.stringMatching(/^Only people may/),
      });
      expect(portal.writes()).toEqual([]);
    },
  );

  it('offer no change to a service', async () => {
    await start();
    const { body } = await invoke(
      'get-registry-encryption',
      { entityRef: 'resource:default/shop-images' },
      { headers: { Authorization: mockCredentials.service.header() } },
    );
    const [{ actions }] = body.output.registries;
    expect(actions.map(({ allowed }: { allowed: boolean }) => allowed)).toEqual(
      actions.map(() => false),
    );
    expect(actions[0].reason).toMatch(/^Only people may change keys/);
  });

  it('refuse with the message of the tab what the person may not do', async () => {
    await start();
    portal.forbid('acr-cmk.key.rotate');
    const { status, body } = await invoke('plan-key-operation', {
      entityRef: 'resource:default/shop-images',
      registryId: registryId('shopimages'),
      intent: { kind: 'rotate' },
    });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      code: 'PERMISSION_MISSING',
      permission: 'acr-cmk.key.rotate',
    });
  });

  it('only ask for a revoke: a second person types the name and approves, and it can be restored', async () => {
    await start({ actions: { revoke: true } });
    const reach = () => portal.azure.state.registry('ordersimages').reach;
    const plan = await planOf('orders-images', 'ordersimages', {
      kind: 'revoke',
    });
    portal.azure.clearRequests();
    const { body } = await invoke('accept-revoke-plan', accepted(plan));
    expect(body.output).toMatchObject({
      state: 'awaiting-approval',
      isOver: false,
      waitsFor: expect.stringMatching(/second person/),
    });
    const { operationId } = body.output;
    const { planHash } = plan;
    const shown = await portal.request('GET', `/v1/operations/${operationId}`, {
      user: 'priya',
    });
    expect(shown.body.approval.needs).toContainEqual(
      expect.objectContaining({
        because:
          'a program, such as a template, requested it in the name of the requester',
      }),
    );
    await expect(
      portal.as('priya').approve(operationId, planHash),
    ).rejects.toThrow();
    expect(portal.writes()).toEqual([]);

    await portal.as('priya').approve(operationId, planHash, 'ordersimages');
    await portal.untilEnded(operationId);
    expect(reach()).toMatchObject({ reaches: false });

    const back = await planOf('orders-images', 'ordersimages', {
      kind: 'restore',
    });
    const restore = await invoke('accept-restore-plan', accepted(back));
    expect(restore.status).toBe(200);
    await portal.untilEnded(restore.body.output.operationId);
    expect(reach()).toMatchObject({ reaches: true });
  });

  it.each([
    ['planId', { planId: 'that one' }],
    ['planHash', { planHash: 'abc' }],
    ['reason', { reason: 'x' }],
    ['reason', { reason: '=cmd' }],
  ])(
    'refuse bad input with the name of the field: %s %j',
    async (field, bad) => {
      await start();
      const plan = await planOf('shop-images', 'shopimages', {
        kind: 'rotate',
      });
      const { status, body } = await invoke('accept-rotate-plan', {
        ...accepted(plan),
        ...bad,
      });
      expect(status).toBe(400);
      expect(body.error.message).toContain(field);
    },
  );
});
