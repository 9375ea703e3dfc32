/** What people could reach that was not theirs, tried on the demo world with the sample's policy. */
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  type Intent,
  type Operation,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import {
  newKey,
  person,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

// A whole backend and Azure start for each test; on a busy machine that takes seconds.
jest.setTimeout(60_000);

/** Which team owns what. `sharedbase`, `sharedtools` and `shareddata` use one key; the last is nobody's. */
const OWNERS: Record<string, string> = {
  'shop-images': 'team-shop',
  'shared-base': 'team-shop',
  'catalog-images': 'team-payments',
  'shared-tools': 'team-payments',
  'payments-images': 'team-payments',
};
const TEAMS: Record<string, string> = {
  olivia: 'team-shop',
  daniel: 'team-payments',
  priya: 'platform-team',
  paul: 'platform-team',
};
const UNKNOWN = '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10';
const entities = [
  resource('shop-images', registryId('shopimages')),
  resource('shared-base', registryId('sharedbase', 'rg-platform')),
  resource('catalog-images', registryId('catalogimages'), 'team-payments'),
  resource('payments-images', registryId('paymentsimages'), 'team-payments'),
  resource(
    'shared-tools',
    registryId('sharedtools', 'rg-platform'),
    'team-payments',
  ),
  ...Object.entries(TEAMS).map(([name, team]) => person(name, team)),
  person('vera'),
];

/** As the sample policy: owners rotate, every team reads and creates, the platform does the rest. */
const policy = (
  permission: string,
  entityRef: string | undefined,
  user: string,
) => {
  const team = TEAMS[user];
  if (!team) return false;
  if (team === 'platform-team') return true;
  return (
    [
      'acr-cmk.use',
      'acr-cmk.registry.read',
      'acr-cmk.registry.create',
    ].includes(permission) ||
    (permission === 'acr-cmk.key.rotate' &&
      OWNERS[entityRef?.replace(/^.*\//, '') ?? ''] === team)
  );
};

describe('nobody reaches a key that is not theirs', () => {
  let portal: TestPortal;
  const start = async (config?: Record<string, unknown>) => {
    portal = await startPortal({ config, entities });
    portal.decide(policy);
  };
  afterEach(() => portal.stop());

  const planAs = (
    user: string,
    [entity, registry, group]: [string, string, string?],
    intent: Intent,
  ): Promise<Plan> =>
    portal.as(user).plan({
      entityRef: `resource:default/${entity}`,
      registryId: registryId(registry, group),
      intent,
    });
  const acceptAs = (
    user: string,
    plan: Plan,
    confirmation?: string,
  ): Promise<Operation> =>
    portal.as(user).accept({
      planId: plan.id,
      planHash: plan.hash,
      reason: 'Tried in a test',
      idempotencyKey: newKey(),
      confirmation,
    });
  const messageOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no refusal',
      (error: any) => String(error.body?.error?.message ?? error.message),
    );
  const BASE: [string, string, string] = [
    'shared-base',
    'sharedbase',
    'rg-platform',
  ];
  const TOOLS: [string, string, string] = [
    'shared-tools',
    'sharedtools',
    'rg-platform',
  ];

  it("refuses another team's key, and grants nothing at it", async () => {
    await start();
    expect(
      await messageOf(
        planAs('daniel', ['catalog-images', 'catalogimages'], {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          },
          grantAccess: true,
        }),
      ),
    ).toBe(
      'The key shopimages of the vault kv-contoso-rbac is not open to resource:default/catalog-images. Have the tag backstage-entity-ref on the key or its vault name resource:default/catalog-images or its owner, or add it to acrCmk.keys',
    );
    expect(portal.writes()).toEqual([]);
  });

  it('takes the same key where the configuration opens it, and then asks its users and whoever grants', async () => {
    await start({
      keys: [
        {
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          entityRefs: ['group:default/team-payments'],
        },
      ],
    });
    const plan = await planAs('daniel', ['catalog-images', 'catalogimages'], {
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier:
          'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
      },
      grantAccess: true,
    });
    expect(
      plan.approval.needs?.map(({ permission, entityRef }) => [
        permission,
        entityRef,
      ]),
    ).toEqual([
      ['acr-cmk.key.grant', 'resource:default/catalog-images'],
      ['acr-cmk.key.rotate', 'resource:default/shop-images'],
    ]);
  });

  it("refuses to make a registry in another team's name, or with a key that is not open", async () => {
    await start();
    const create: Intent = {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-platform-shared' },
      key: {
        kind: 'existing',
        keyIdentifier:
          'https://kv-contoso-rbac.vault.azure.net/keys/platform-shared',
      },
    };
    expect(
      await messageOf(
        planAs('daniel', ['shop-images', 'danielimages'], create),
      ),
    ).toContain('acr-cmk.key.rotate on resource:default/shop-images');
    expect(
      await messageOf(
        planAs('daniel', ['daniel-images', 'danielimages'], create),
      ),
    ).toContain('is not open to resource:default/daniel-images');
    // The vault is open to Olivia's team; the identity is not.
    expect(
      await messageOf(planAs('olivia', ['new-images', 'newimages'], create)),
    ).toContain('The identity id-platform-shared is not open');
    expect(
      portal.writes().filter(one => !/checkNameAvailability$/.test(one)),
    ).toEqual([]);
  });

  it('asks everybody who shares a key, one by one, and never the one who asked', async () => {
    await start();
    const plan = await planAs('olivia', BASE, { kind: 'rotate' });
    expect(plan.approval.needs).toEqual([
      {
        permission: 'acr-cmk.unbound.change',
        because:
          'the registry shareddata uses this key and belongs to no entity',
      },
      {
        permission: 'acr-cmk.key.rotate',
        entityRef: 'resource:default/shared-tools',
        because: 'the registry sharedtools uses this key',
      },
    ]);
    expect(plan.approval.message).toContain(
      'Needs approval from team-payments (acr-cmk.key.rotate on resource:default/shared-tools), because the registry sharedtools uses this key.',
    );
    const { id, state } = await acceptAs('olivia', plan);
    expect(state).toBe('awaiting-approval');
    expect(
      await messageOf(portal.as('olivia').approve(id, plan.hash)),
    ).not.toBe('no refusal');
    const half = await portal.as('daniel').approve(id, plan.hash);
    expect(half.state).toBe('awaiting-approval');
    expect(half.approval?.needs?.map(({ by }) => by)).toEqual([
      undefined,
      'user:default/daniel',
    ]);
    expect(
      await messageOf(portal.as('daniel').approve(id, plan.hash)),
    ).toContain('acr-cmk.unbound.change');
    expect(portal.writes()).toEqual([]);
    await portal.as('priya').approve(id, plan.hash);
    expect((await portal.untilEnded(id)).state).toBe('succeeded');
  });

  it('shows a request to those who are asked, on their own entity, and lets them reject it', async () => {
    await start();
    const plan = await planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await acceptAs('olivia', plan);
    const items = await portal.as('daniel').operations({
      entityRef: 'resource:default/shared-tools',
    });
    expect(items.map(operation => operation.id)).toEqual([id]);
    expect(items[0].actions).toContainEqual({
      action: 'reject',
      allowed: true,
    });
    const rejected = await portal.as('daniel').reject(id, 'Not this week');
    expect(rejected.state).toBe('rejected');
    // The plan is spent with it.
    expect(await messageOf(acceptAs('olivia', plan))).toContain(
      `was used by operation ${id}, which was rejected`,
    );
    expect(portal.writes()).toEqual([]);
  });

  it('refuses what others would have to agree to, where the configuration says so', async () => {
    await start({ approvals: { sharedKeys: 'refuse' } });
    expect(
      await messageOf(planAs('olivia', BASE, { kind: 'rotate' })),
    ).toContain('acrCmk.approvals.sharedKeys is refuse');
    expect((await planAs('priya', BASE, { kind: 'rotate' })).approval).toEqual({
      required: false,
    });
  });

  it('lets a revoke pass a request that waits, and tells the request so', async () => {
    await start();
    const plan = await planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await acceptAs('olivia', plan);
    const revoke = await planAs('priya', TOOLS, {
      kind: 'revoke',
      method: 'disable-version',
    });
    const { id: revokeId } = await acceptAs('priya', revoke, 'sharedtools');
    expect((await portal.untilEnded(revokeId)).state).toBe('succeeded');
    expect(
      await messageOf(portal.as('daniel').approve(id, plan.hash)),
    ).toContain('no longer fits');
    expect(await portal.as('olivia').operation(id)).toMatchObject({
      state: 'rejected',
      result: { message: expect.stringContaining('no longer fits') },
    });
  });

  it('lets a revoke pass what is in its waiting period, and tells that so', async () => {
    await start({
      waitingPeriod: { hours: 1 },
      operations: { retire: true, pollSeconds: 0.1 },
    });
    const { versions } = portal.azure.state.key(
      'kv-contoso-rbac',
      'shopimages',
    );
    const retire = await planAs('priya', ['shop-images', 'shopimages'], {
      kind: 'retire',
      version: versions[0].version,
    });
    const { id } = await acceptAs('priya', retire, 'shopimages');
    expect(await portal.as('priya').operation(id)).toMatchObject({
      state: 'waiting',
    });
    const revoke = await planAs('paul', ['shop-images', 'shopimages'], {
      kind: 'revoke',
    });
    expect(revoke.blocked).toBe(false);
    const { id: revokeId } = await acceptAs('paul', revoke, 'shopimages');
    expect(await portal.as('priya').operation(id)).toMatchObject({
      state: 'cancelled',
      result: {
        code: 'TARGET_BUSY',
        message: expect.stringContaining(
          `operation ${revokeId}, a revoke, went first`,
        ),
      },
    });
  });

  it('stops before the first write when whoever asked has left the team that owns the entity', async () => {
    await start({ approvals: { rotate: 'required' } });
    const plan = await planAs('olivia', ['shop-images', 'shopimages'], {
      kind: 'rotate',
    });
    const { id } = await acceptAs('olivia', plan);
    const olivia = entities.find(({ metadata }) => metadata.name === 'olivia')!;
    const { relations } = olivia;
    olivia.relations = [];
    try {
      expect(
        await messageOf(portal.as('priya').approve(id, plan.hash)),
      ).toContain(
        'requester (is in the catalog and owns the entity → is in the catalog)',
      );
    } finally {
      olivia.relations = relations;
    }
    expect(portal.writes()).toEqual([]);
  });

  it('has a revoke that took two people made permanent by another than asked for it', async () => {
    await start({ approvals: { revoke: 'required' } });
    const plan = await planAs('priya', ['shop-images', 'shopimages'], {
      kind: 'revoke',
      restoreAfterMinutes: 60,
    });
    const { id } = await acceptAs('priya', plan, 'shopimages');
    await portal.as('paul').approve(id, plan.hash);
    await portal.untilEnded(id);
    expect(
      await messageOf(portal.as('priya').confirm(id, 'For good')),
    ).toContain('another person has to make it permanent');
    expect((await portal.as('paul').confirm(id, 'For good')).confirmedBy).toBe(
      'user:default/paul',
    );
  });

  it.each([
    [
      'is refused unless programs may ask',
      undefined,
      { status: 403, says: 'acrCmk.actions.revoke is not true' },
    ],
    [
      'waits for a person who types the name, where programs may ask',
      true,
      { status: 400, says: 'by the person who approves it' },
    ],
  ])('a revoke by a template %s', async (_what, revoke, refusal) => {
    await start({ actions: { revoke } });
    const plan = await planAs('priya', ['shop-images', 'shopimages'], {
      kind: 'revoke',
    });
    // As the scaffolder's module sends it: with a token that it got for the person.
    const byTemplate = (confirmation?: string) =>
      portal.request('POST', '/v1/operations', {
        headers: {
          Authorization: `Bearer ${mockCredentials.user.token(
            'user:default/priya',
            { actor: { subject: 'plugin:scaffolder' } },
          )}`,
        },
        body: {
          planId: plan.id,
          planHash: plan.hash,
          reason: 'Say hello',
          idempotencyKey: newKey(),
          confirmation,
        },
      });
    const typed = await byTemplate('shopimages');
    expect([typed.status, typed.body.error.message]).toEqual([
      refusal.status,
      expect.stringContaining(refusal.says),
    ]);
    expect(portal.writes()).toEqual([]);
    const { status, body } = await byTemplate();
    expect(status).toBe(revoke ? 202 : 403);
    const { state, id, approval } = body;
    expect([state, approval?.typedName]).toEqual(
      revoke ? ['awaiting-approval', 'shopimages'] : [undefined, undefined],
    );
    const approve = (confirmation?: string) =>
      messageOf(
        portal.as('paul').approve(id ?? UNKNOWN, plan.hash, confirmation),
      );
    const unknown = `There is no operation ${UNKNOWN}`;
    expect(await approve()).toContain(
      revoke ? "type the registry's name, shopimages" : unknown,
    );
    expect(portal.writes()).toEqual([]);
    expect(await approve('shopimages')).toContain(
      revoke ? 'no refusal' : unknown,
    );
  });

  it('records refused plans of people with a right, and of nobody else', async () => {
    await start();
    await messageOf(
      planAs('daniel', ['shop-images', 'shopimages'], { kind: 'rotate' }),
    );
    await messageOf(
      planAs('vera', ['shop-images', 'shopimages'], { kind: 'rotate' }),
    );
    const items = await portal.as('priya').audit({});
    expect(items.map(({ event, actor }) => [event, actor])).toEqual([
      ['plan-refused', 'user:default/daniel'],
    ]);
  });
});
