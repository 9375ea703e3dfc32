/** Attempts of people with few permissions to see or decide about things of others, through the API. */
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  fleetReadPermission,
  type Intent,
  type Operation,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { openSqlite } from '../../__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  resource,
  messageOf,
} from '../../__testUtils__/portal';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from '../../registries/fleet/rules';
import {
  BASE,
  entities,
  policy,
  SHOP,
  withDemoPeople,
} from './__testUtils__/DemoPeople';

const people = withDemoPeople();

const HIDDEN = 'resource:default/shared-tools';
/** The catalog does not show shared-tools to Olivia, who lacks nothing but the agreement of its owners. */
async function startHiding(config?: Record<string, unknown>) {
  await people.start(config, {
    hides: (entityRef, user) => entityRef === HIDDEN && user === 'olivia',
  });
  people.portal.decide(
    (permission, entityRef, user) =>
      policy(permission, entityRef, user) ||
      (user === 'olivia' && permission === 'acr-cmk.unbound.change'),
  );
}

const CATALOG_KEY =
  'https://kv-contoso-rbac.vault.azure.net/keys/catalogimages';
const create: Intent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-danielimages', create: true },
  key: { kind: 'existing', keyIdentifier: CATALOG_KEY },
};

/** Sends a request as the scaffolder, or another plugin, does on behalf of a person. */
const byProgram = (user: string, path: string, body: object) =>
  people.portal.request('POST', path, {
    headers: {
      Authorization: `Bearer ${mockCredentials.user.token(
        `user:default/${user}`,
        { actor: { subject: 'plugin:scaffolder' } },
      )}`,
    },
    body,
  });

const stateOf = async ({ id }: Operation, user = 'priya') =>
  (await people.portal.as(user).operation(id)).state;

describe('a creation that waits for its approval', () => {
  const asked = async () => {
    await people.start({
      keys: [
        {
          keyIdentifier: CATALOG_KEY,
          entityRefs: ['group:default/team-payments'],
        },
      ],
    });
    return people.acceptAs(
      'daniel',
      await people.planAs('daniel', ['daniel-images', 'danielimages'], create),
    );
  };

  it('is not cancelled by another team, whose people could only create registries of their own', async () => {
    const operation = await asked();
    const { actions } = await people.portal
      .as('olivia')
      .operation(operation.id);
    expect(actions).toContainEqual(
      expect.objectContaining({ action: 'cancel', allowed: false }),
    );
    expect(
      await messageOf(
        people.portal.as('olivia').cancel(operation.id, 'Not mine at all'),
      ),
    ).toContain('acr-cmk.key.rotate on resource:default/daniel-images');
    expect(await stateOf(operation)).toBe('awaiting-approval');
  });

  it.each(['daniel', 'priya'])(
    'is cancelled by its requester, or by a person who may rotate there: %s',
    async user => {
      const operation = await asked();
      await people.portal.as(user).cancel(operation.id, 'Not needed any more');
      expect(await stateOf(operation)).toBe('cancelled');
    },
  );

  it('does not get the keys of a group that the catalog does not know', async () => {
    await people.start({
      keys: [
        { keyIdentifier: CATALOG_KEY, entityRefs: ['group:default/gone'] },
      ],
    });
    const { status, body } = await people.portal.request('POST', '/v1/plans', {
      user: 'daniel',
      body: {
        entityRef: 'group:default/gone',
        registryId: registryId('danielimages'),
        intent: create,
      },
    });
    expect([status, body.error?.message]).toEqual([
      403,
      expect.stringContaining('group:default/gone may not'),
    ]);
  });
});

describe('a program that has the token of a person', () => {
  it('approves nothing', async () => {
    await people.start();
    const operation = await people.acceptAs(
      'olivia',
      await people.planAs('olivia', BASE, { kind: 'rotate' }),
    );
    people.portal.azure.clearRequests();
    const { status, body } = await byProgram(
      'priya',
      `/v1/operations/${operation.id}/approve`,
      { planHash: operation.plan.hash },
    );
    expect([status, body.error?.message]).toEqual([
      403,
      expect.stringContaining('Only a person can approve this'),
    ]);
    expect(await stateOf(operation)).toBe('awaiting-approval');
    expect(people.portal.writes()).toEqual([]);
  });

  it('makes no revoke permanent, and may still reject and cancel', async () => {
    await people.start();
    const plan = await people.planAs('priya', SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 60,
    });
    const { id } = await people.acceptAs('priya', plan, 'shopimages');
    const ended = await people.portal.untilEnded(id);
    const confirmed = await byProgram('paul', `/v1/operations/${id}/confirm`, {
      reason: 'Said by a template',
    });
    expect(confirmed.body.error?.message).toContain(
      'Only a person can confirm this',
    );
    expect((await people.portal.as('paul').operation(id)).restoresAt).toBe(
      ended.restoresAt,
    );
    const waiting = await people.acceptAs(
      'olivia',
      await people.planAs('olivia', BASE, { kind: 'rotate' }),
    );
    const rejected = await byProgram(
      'priya',
      `/v1/operations/${waiting.id}/reject`,
      { reason: 'A program takes nothing away by it' },
    );
    expect([rejected.status, rejected.body.state]).toEqual([200, 'rejected']);
  });
});

describe('an entity that somebody may not see', () => {
  it('is named neither in an operation that needs its owners, nor in what refuses to decide about it', async () => {
    await startHiding();
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    const operation = await people.acceptAs('olivia', plan);
    expect(operation.approval?.needs).toContainEqual(
      expect.objectContaining({ hiddenEntity: true }),
    );
    const answers = [
      plan,
      operation,
      await people.portal.as('olivia').operation(operation.id),
      ...(await Promise.all(
        (['approve', 'reject'] as const).map(decision =>
          people.portal.request(
            'POST',
            `/v1/operations/${operation.id}/${decision}`,
            {
              body:
                decision === 'approve'
                  ? { planHash: plan.hash }
                  : { reason: 'Rejected by the requester' },
            },
          ),
        ),
      )),
    ];
    expect(JSON.stringify(answers)).not.toContain('shared-tools');
    // A person who may see it still reads what is missing.
    const { actions } = await people.portal
      .as('daniel')
      .operation(operation.id);
    expect(actions).toContainEqual({ action: 'approve', allowed: true });
  });

  it('does not keep them from approving what needs a permission that they have on another entity', async () => {
    const base = `resource:default/${BASE[0]}`;
    await people.start(undefined, {
      hides: (entityRef, user) => entityRef === base && user === 'daniel',
    });
    const { portal } = people;
    portal.decide(
      (permission, entityRef, user) =>
        policy(permission, entityRef, user) &&
        !(entityRef === base && user === 'daniel'),
    );
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await people.acceptAs('olivia', plan);
    const daniel = portal.as('daniel');
    const { items } = await daniel.fleet.waiting();
    expect(items.map(one => [one.id, one.entityRef])).toEqual([
      [id, undefined],
    ]);
    // The operation itself names it.
    expect(await daniel.operation(id)).toMatchObject({
      entityRef: base,
      actions: expect.arrayContaining([{ action: 'approve', allowed: true }]),
    });
    const approved = await daniel.approve(id, plan.hash);
    expect(approved.approval?.needs?.map(({ by }) => by)).toEqual([
      undefined,
      'user:default/daniel',
    ]);
    // To request something for it, they still have to see it.
    expect(
      await messageOf(people.planAs('daniel', BASE, { kind: 'rotate' })),
    ).toContain(`There is no entity ${base}`);
    await portal.as('priya').approve(id, plan.hash);
    expect((await portal.untilEnded(id)).state).toBe('succeeded');
  });

  it('is not named in what has changed since a plan was made', async () => {
    await startHiding();
    const { azure } = people.portal;
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    await asAdmin(azure).changeRegistry(
      registryId('sharedtools', 'rg-platform'),
      { tags: { 'backstage-entity-ref': `${HIDDEN},resource:default/secret` } },
    );
    const accepted = await people.portal.request('POST', '/v1/operations', {
      body: acceptanceOf(plan, { reason: 'Tried in a test' }),
    });
    expect([accepted.status, accepted.body.error?.changes?.length]).toEqual([
      409, 1,
    ]);
    expect(JSON.stringify(accepted)).not.toMatch(/shared-tools|secret/);
  });

  it('is not named where a shared key may not be asked for', async () => {
    await startHiding({ approvals: { sharedKeys: 'refuse' } });
    const refusal = await messageOf(
      people.planAs('olivia', BASE, { kind: 'rotate' }),
    );
    expect(refusal).toContain('acrCmk.approvals.sharedKeys is set to refuse');
    expect(refusal).not.toContain('shared-tools');
  });
});

it('forms offer no registry whose encryption the person may not read', async () => {
  await people.start();
  people.portal.decide(
    (permission, entityRef, user) =>
      policy(permission, entityRef, user) &&
      (permission !== 'acr-cmk.registry.read' ||
        user !== 'daniel' ||
        entityRef === 'resource:default/catalog-images'),
  );
  for (const entity of ['shop-images', 'catalog-images']) {
    await people.portal.as('priya').registriesOf(`resource:default/${entity}`);
  }
  for (const [user, names] of [
    ['daniel', ['catalogimages']],
    ['priya', expect.arrayContaining(['catalogimages', 'shopimages'])],
  ] as const) {
    const { body } = await people.portal.request('GET', '/v1/registries', {
      user,
    });
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(names);
  }
});

describe('what was done to a registry that an entity only names', () => {
  const NAMING = 'resource:default/naming-images';
  const SHOP_ID = registryId('shopimages');
  /** Each team reads its own entities, and sees their registries in the fleet. */
  async function startNaming() {
    const db = await openSqlite();
    await people.start(undefined, {
      db,
      entities: [
        ...entities,
        resource('naming-images', SHOP_ID, 'team-payments'),
      ],
    });
    const { portal } = people;
    portal.decide(
      (permission, entityRef, user) =>
        policy(permission, entityRef, user) &&
        (permission !== 'acr-cmk.registry.read' ||
          user === 'priya' ||
          entityRef ===
            (user === 'olivia' ? 'resource:default/shop-images' : NAMING)),
    );
    portal.decideFleet(user =>
      user === 'priya'
        ? { result: AuthorizeResult.ALLOW }
        : createRegistryConditionalDecision(
            fleetReadPermission,
            registryConditions.isRegistryOwner({
              claims: [
                user === 'olivia'
                  ? 'group:default/team-shop'
                  : 'group:default/team-payments',
              ],
            }),
          ),
    );
    const { id } = await people.acceptAs(
      'olivia',
      await people.planAs('olivia', SHOP, { kind: 'rotate' }),
    );
    await portal.untilEnded(id);
    // As while it is in progress.
    await db('operation_locks').insert({
      target: SHOP_ID.toLowerCase(),
      operation_id: id,
    });
    await portal.as('priya').registriesOf(NAMING);
    return id;
  }
  const seenBy = async (user: string, entityRef: string) => {
    const client = people.portal.as(user);
    const csv = await client.fleet.csv({});
    return {
      tab: await client.registriesOf(entityRef),
      list: (await client.fleet.registries({})).items.find(
        ({ name }) => name === 'shopimages',
      ),
      view: await client.fleet.registry(SHOP_ID),
      csv: (await csv.text())
        .split('\r\n')
        .find(line => line.startsWith('shopimages,')),
    };
  };

  it('is not shown to the owners of that entity, who see the registry', async () => {
    const id = await startNaming();
    const seen = await seenBy('daniel', NAMING);
    expect(seen.csv).toContain('naming-images');
    expect(seen.list).toMatchObject({ name: 'shopimages' });
    expect(seen.list).not.toHaveProperty('lastOperation');
    const registry = { name: 'shopimages', runningOperationId: null };
    expect(seen.tab.registries).toMatchObject([registry]);
    expect(seen.view).toMatchObject({ registry });
    expect(JSON.stringify(seen)).not.toContain(id);
    const { status } = await people.portal.request(
      'GET',
      `/v1/operations/${id}`,
      { user: 'daniel' },
    );
    expect(status).toBe(404);
  });

  it.each([
    ['olivia', 'resource:default/shop-images'],
    ['priya', 'resource:default/shop-images'],
    ['priya', NAMING],
  ])(
    'is shown to the owners of the linked one and to the platform: %s at %s',
    async (user, entityRef) => {
      const id = await startNaming();
      const seen = await seenBy(user, entityRef);
      expect(seen.list?.lastOperation).toMatchObject({ id, kind: 'rotate' });
      expect(seen.csv).toContain(id);
      const registry = { runningOperationId: id };
      expect(seen.tab.registries).toMatchObject([registry]);
      expect(seen.view).toMatchObject({ registry });
    },
  );
});

it('a refused decision of somebody with a right is in the permanent record, with what was decided about', async () => {
  await people.start();
  const operation = await people.acceptAs(
    'olivia',
    await people.planAs('olivia', BASE, { kind: 'rotate' }),
  );
  await messageOf(
    people.portal.as('olivia').approve(operation.id, operation.plan.hash),
  );
  await messageOf(
    people.portal.as('vera').approve(operation.id, operation.plan.hash),
  );
  const items = await people.portal.as('priya').audit({});
  expect(
    items
      .filter(({ event }) => event === 'operation-refused')
      .map(({ actor, operationId, details }) => [
        actor,
        operationId,
        details.decision,
      ]),
  ).toEqual([['user:default/olivia', operation.id, 'approve']]);
});

describe("an operation of somebody else's", () => {
  const UNKNOWN = '6f1f6d0e-93a5-4d57-9d7a-3f7c2c1b9a10';

  it("a reused idempotency key never returns another person's operation", async () => {
    await people.start();
    const [hers, his] = await Promise.all([
      people.planAs('olivia', SHOP, { kind: 'rotate' }),
      people.planAs('daniel', ['catalog-images', 'catalogimages'], {
        kind: 'rotate',
      }),
    ]);
    const accept = (user: string, { id, hash }: Plan) =>
      people.portal.request('POST', '/v1/operations', {
        user,
        body: {
          planId: id,
          planHash: hash,
          reason: 'Tried in a test',
          idempotencyKey: 'the-key-of-olivia',
        },
      });
    const { body: first } = await accept('olivia', hers);
    await people.portal.untilEnded(first.id);
    const stolen = await accept('daniel', hers);
    expect([stolen.status, stolen.body.error.message]).toEqual([
      404,
      `You have no plan ${hers.id}`,
    ]);
    const { body: own } = await accept('daniel', his);
    expect([own.requestedBy, own.entityRef]).toEqual([
      'user:default/daniel',
      'resource:default/catalog-images',
    ]);
    expect((await accept('olivia', hers)).body.id).toBe(first.id);
  });

  it('looks nonexistent to people who may not read its entity', async () => {
    await people.start();
    const { id, plan } = await people.acceptAs(
      'olivia',
      await people.planAs('olivia', BASE, { kind: 'rotate' }),
    );
    const answers = async (operationId: string) => {
      const asked = [
        ['GET', ''],
        ['GET', '/events'],
        ['POST', '/approve', { planHash: plan.hash }],
        ...['reject', 'cancel', 'confirm'].map(
          decision => ['POST', `/${decision}`, { reason: 'Not mine' }] as const,
        ),
      ] as const;
      const found: unknown[] = [];
      for (const [method, path, body] of asked) {
        const { status, body: answer } = await people.portal.request(
          method,
          `/v1/operations/${operationId}${path}`,
          { user: 'vera', body },
        );
        found.push([status, answer.error.message.replace(operationId, '')]);
      }
      return found;
    };
    const hidden = await answers(id);
    expect(hidden).toEqual(await answers(UNKNOWN));
    expect(new Set(hidden.map(one => (one as [number])[0]))).toEqual(
      new Set([404]),
    );
    expect(await stateOf({ id } as Operation)).toBe('awaiting-approval');
    expect(people.portal.writes()).toEqual([]);
  });
});
