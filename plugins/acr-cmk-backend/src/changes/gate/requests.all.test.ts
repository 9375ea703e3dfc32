/** Requests that others have to agree to: their approvers, what they block, and what ends them. */
import { openSqlite } from '../../__testUtils__/databases';
import { registryId, messageOf } from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';
import {
  BASE,
  entities,
  policy,
  SHOP,
  TOOLS,
  withDemoPeople,
} from './__testUtils__/DemoPeople';

const people = withDemoPeople();

describe('a request that others have to agree to', () => {
  it('asks everybody who shares a key, one by one, and never the one who asked', async () => {
    await people.start();
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    expect(plan.approval.needs).toMatchObject([
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
      'Needs approval from somebody with acr-cmk.key.rotate on resource:default/shared-tools, because the registry sharedtools uses this key.',
    );
    const { id, state } = await people.acceptAs('olivia', plan);
    expect(state).toBe('awaiting-approval');
    expect(
      await messageOf(people.portal.as('olivia').approve(id, plan.hash)),
    ).not.toBe('no refusal');
    const half = await people.portal.as('daniel').approve(id, plan.hash);
    expect(half.state).toBe('awaiting-approval');
    expect(half.approval?.needs?.map(({ by }) => by)).toEqual([
      undefined,
      'user:default/daniel',
    ]);
    expect(
      await messageOf(people.portal.as('daniel').approve(id, plan.hash)),
    ).toContain('acr-cmk.unbound.change');
    expect(people.portal.writes()).toEqual([]);
    await people.portal.as('priya').approve(id, plan.hash);
    expect((await people.portal.untilEnded(id)).state).toBe('succeeded');
  });

  it('shows a request to its approvers, on their own entity, and lets them reject it', async () => {
    await people.start();
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await people.acceptAs('olivia', plan);
    const items = await people.portal.as('daniel').operations({
      entityRef: 'resource:default/shared-tools',
    });
    expect(items.map(operation => operation.id)).toEqual([id]);
    expect(items[0].actions).toContainEqual({
      action: 'reject',
      allowed: true,
    });
    // Vera may read the entity, and has no part in the request.
    people.portal.decide((permission, ref, user) =>
      user === 'vera'
        ? permission === 'acr-cmk.registry.read' &&
          ref === 'resource:default/shared-tools'
        : policy(permission, ref, user),
    );
    const asVera = people.portal.as('vera');
    expect(
      await asVera.operations({ entityRef: 'resource:default/shared-tools' }),
    ).toEqual([]);
    expect(await messageOf(asVera.operation(id))).toContain('no operation');
    const rejected = await people.portal
      .as('daniel')
      .reject(id, 'Not this week');
    expect(rejected.state).toBe('rejected');
    // The plan is spent with it.
    expect(await messageOf(people.acceptAs('olivia', plan))).toContain(
      `was used by operation ${id}, which was rejected`,
    );
    expect(people.portal.writes()).toEqual([]);
  });

  it('refuses what others would have to agree to, where the configuration says so', async () => {
    await people.start({ approvals: { sharedKeys: 'refuse' } });
    expect(
      await messageOf(people.planAs('olivia', BASE, { kind: 'rotate' })),
    ).toContain('acrCmk.approvals.sharedKeys is set to refuse');
    expect(
      (await people.planAs('priya', BASE, { kind: 'rotate' })).approval,
    ).toEqual({
      required: false,
    });
  });

  it('lets a revoke overtake a request that waits, which then says so', async () => {
    await people.start();
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await people.acceptAs('olivia', plan);
    const revoke = await people.planAs('priya', TOOLS, {
      kind: 'revoke',
      method: 'disable-version',
    });
    const { id: revokeId } = await people.acceptAs(
      'priya',
      revoke,
      'sharedtools',
    );
    // At once, not only when somebody approves it.
    expect(await people.portal.as('olivia').operation(id)).toMatchObject({
      state: 'cancelled',
      result: {
        code: 'TARGET_BUSY',
        message: expect.stringContaining(
          `operation ${revokeId}, a revoke, went first`,
        ),
      },
    });
    expect((await people.portal.untilEnded(revokeId)).state).toBe('succeeded');
    expect(
      await messageOf(people.portal.as('daniel').approve(id, plan.hash)),
    ).toContain('it is cancelled');
  });

  it('blocks a plan by whatever it would lock, as its acceptance would', async () => {
    const db = await openSqlite();
    await people.start(undefined, { db });
    const rotate = await people.planAs('priya', SHOP, {
      kind: 'rotate',
    });
    const { id } = await people.acceptAs('priya', rotate);
    await people.portal.untilEnded(id);
    // As if it were in progress on a registry that shares the key.
    await db('operation_locks').insert({
      target: registryId('sharedtools', 'rg-platform').toLowerCase(),
      operation_id: id,
    });
    const plan = await people.planAs('priya', TOOLS, { kind: 'rotate' });
    expect(plan.checks[0]).toEqual({
      id: 'no-other-operation',
      status: 'fail',
      message: `Operation ${id} is working on the registry sharedtools.`,
      remedy: 'Wait until it ends.',
    });
    const revoke = await people.planAs('priya', BASE, {
      kind: 'revoke',
      method: 'disable-version',
    });
    expect(revoke.checks[0]).toMatchObject({
      id: 'no-other-operation',
      status: 'warn',
      message: `Operation ${id} is working on the registry sharedtools.`,
    });
  });

  it('lets an owner hold off a revoke by one operation at most', async () => {
    await people.start({
      approvals: { revoke: 'required' },
    });
    people.portal.azure.reset({ operationSeconds: 120 });
    // The change may have the registry use another version than a revoke disables.
    const revoke = () =>
      people.planAs('priya', SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
    const rotate = () => people.planAs('olivia', SHOP, { kind: 'rotate' });
    const { id } = await people.acceptAs('olivia', await rotate());
    await until(
      'Azure has the change of the registry',
      () => people.portal.as('olivia').operation(id),
      ({ steps }) =>
        steps.some(
          ({ kind, attempts }) =>
            kind === 'point-registry-at-key' && attempts > 0,
        ),
    );
    const plan = await revoke();
    expect(plan.blocked).toBe(false);
    const request = await people.acceptAs('priya', plan, 'shopimages');
    expect(
      await messageOf(people.portal.as('paul').approve(request.id, plan.hash)),
    ).toContain(`Operation ${id} is using`);
    // The owner goes on as soon as it has ended.
    people.portal.azure.clock.advance(121_000);
    expect((await people.portal.untilEnded(id)).state).toBe('succeeded');
    const next = await rotate();
    expect(next.checks[0]).toMatchObject({
      id: 'no-other-operation',
      status: 'fail',
      message: expect.stringContaining('was requested, and goes first'),
    });
    expect(await messageOf(people.acceptAs('olivia', next))).not.toBe(
      'no refusal',
    );
    const again = await revoke();
    const { id: revokeId } = await people.acceptAs(
      'priya',
      again,
      'shopimages',
    );
    await people.portal.as('paul').approve(revokeId, again.hash);
    expect((await people.portal.untilEnded(revokeId)).state).toBe('succeeded');
  });

  it('keeps two operations from making the same identity, which would be the one of both', async () => {
    const db = await openSqlite();
    await people.start(undefined, { db });
    const rotate = await people.planAs('priya', SHOP, { kind: 'rotate' });
    const { id } = await people.acceptAs('priya', rotate);
    await people.portal.untilEnded(id);
    const place = registryId('newimages');
    const identity = `${place.slice(
      0,
      place.indexOf('/providers/'),
    )}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
    // As if it were at work on another registry with that identity.
    await db('operation_locks').insert({
      target: `identity:${identity.toLowerCase()}`,
      operation_id: id,
    });
    const plan = await people.planAs('priya', ['new-images', 'newimages'], {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-new', create: true },
      key: {
        kind: 'new-key',
        vaultName: 'kv-contoso-rbac',
        keyName: 'newimages',
      },
    });
    expect(plan.checks[0]).toMatchObject({
      id: 'no-other-operation',
      status: 'fail',
      message: `Operation ${id} is working on the identity id-new.`,
    });
  });

  it('lets a revoke that needed an approval overtake them too, once it is approved', async () => {
    await people.start({
      approvals: { revoke: 'required' },
      waitingPeriod: { hours: 1 },
      operations: { retire: true },
    });
    const { versions } = people.portal.azure.state.key(
      'kv-contoso-rbac',
      'shopimages',
    );
    const retire = await people.planAs('priya', SHOP, {
      kind: 'retire',
      version: versions[0].version,
    });
    const { id } = await people.acceptAs('priya', retire, 'shopimages');
    const plan = await people.planAs('priya', SHOP, { kind: 'revoke' });
    const { id: revokeId } = await people.acceptAs('priya', plan, 'shopimages');
    expect((await people.portal.as('priya').operation(id)).state).toBe(
      'waiting',
    );
    await people.portal.as('paul').approve(revokeId, plan.hash);
    expect(await people.portal.as('priya').operation(id)).toMatchObject({
      state: 'cancelled',
      result: { code: 'TARGET_BUSY' },
    });
    expect((await people.portal.as('priya').operation(revokeId)).state).toBe(
      'waiting',
    );
  });

  it('lets a revoke overtake an operation in its waiting period, which then says so', async () => {
    await people.start({
      waitingPeriod: { hours: 1 },
      operations: { retire: true },
    });
    const { versions } = people.portal.azure.state.key(
      'kv-contoso-rbac',
      'shopimages',
    );
    const retire = await people.planAs('priya', SHOP, {
      kind: 'retire',
      version: versions[0].version,
    });
    const { id } = await people.acceptAs('priya', retire, 'shopimages');
    expect(await people.portal.as('priya').operation(id)).toMatchObject({
      state: 'waiting',
    });
    const revoke = await people.planAs('paul', SHOP, {
      kind: 'revoke',
    });
    expect(revoke.blocked).toBe(false);
    const { id: revokeId } = await people.acceptAs(
      'paul',
      revoke,
      'shopimages',
    );
    expect(await people.portal.as('priya').operation(id)).toMatchObject({
      state: 'cancelled',
      result: {
        code: 'TARGET_BUSY',
        message: expect.stringContaining(
          `operation ${revokeId}, a revoke, went first`,
        ),
      },
    });
  });

  it('lets a revoke overtake an operation that only waits for what Azure does within an hour, which then says so', async () => {
    await people.start();
    const rotation = await people.planAs('olivia', SHOP, {
      kind: 'rotate',
      follow: 'wait',
    });
    const { id } = await people.acceptAs('olivia', rotation);
    await until(
      'the new version is made',
      () => people.portal.as('olivia').operation(id),
      ({ steps }) =>
        steps.some(
          ({ kind, state }) =>
            kind === 'await-following' && state === 'waiting',
        ),
    );
    const revoke = await people.planAs('priya', SHOP, { kind: 'revoke' });
    expect(revoke.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    const { id: revokeId } = await people.acceptAs(
      'priya',
      revoke,
      'shopimages',
    );
    expect((await people.portal.untilEnded(revokeId)).state).toBe('succeeded');
    expect(await people.portal.as('olivia').operation(id)).toMatchObject({
      state: 'unverified',
      result: {
        code: 'TARGET_BUSY',
        message: expect.stringContaining(
          `operation ${revokeId}, a revoke, went first`,
        ),
      },
    });
  });

  /** Does the work while a person of the catalog is in no team. */
  async function whileInNoTeam(name: string, work: () => Promise<void>) {
    const entity = entities.find(({ metadata }) => metadata.name === name)!;
    const { relations } = entity;
    entity.relations = [];
    try {
      await work();
    } finally {
      entity.relations = relations;
    }
  }
  it('stops before the first write when the requester has left the team that owns the entity', async () => {
    await people.start({ approvals: { rotate: 'required' } });
    const plan = await people.planAs('olivia', SHOP, {
      kind: 'rotate',
    });
    const { id } = await people.acceptAs('olivia', plan);
    await whileInNoTeam('olivia', async () => {
      expect(
        await messageOf(people.portal.as('priya').approve(id, plan.hash)),
      ).toContain(
        'requester (is in the catalog and owns the entity → is in the catalog)',
      );
    });
    expect(people.portal.writes()).toEqual([]);
  });

  const LEFT =
    'approver user:default/daniel (is in the catalog and owns the entity → is in the catalog)';

  it('ends when an approver has left the team that owns the entity before the last approval', async () => {
    await people.start();
    const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
    const { id } = await people.acceptAs('olivia', plan);
    await people.portal.as('daniel').approve(id, plan.hash);
    await whileInNoTeam('daniel', async () => {
      expect(
        await messageOf(people.portal.as('priya').approve(id, plan.hash)),
      ).toContain(LEFT);
    });
    expect(await people.portal.as('olivia').operation(id)).toMatchObject({
      state: 'rejected',
      result: {
        code: 'PLAN_DRIFTED',
        message: expect.stringContaining(LEFT),
      },
    });
    expect(people.portal.writes()).toEqual([]);
  });

  it('ends before its first write when an approver has left the team that owns the entity', async () => {
    await people.start({ waitingPeriod: { hours: 1 } });
    people.portal.decide((permission, ref, user) =>
      /acr-cmk\.key\.revoke/.test(permission)
        ? user ===
          (ref === 'resource:default/shared-tools' ? 'daniel' : 'priya')
        : policy(permission, ref, user),
    );
    const plan = await people.planAs('priya', BASE, {
      kind: 'revoke',
      method: 'role-assignment',
    });
    const { id } = await people.acceptAs('priya', plan, 'sharedbase');
    const { state, approval } = await people.portal
      .as('daniel')
      .approve(id, plan.hash);
    expect(state).toBe('waiting');
    // What it is compared with is not for readers.
    expect(Object.keys(approval!.needs![0]).sort()).toEqual([
      'askedOf',
      'at',
      'because',
      'by',
      'entityRef',
      'permission',
    ]);
    await whileInNoTeam('daniel', async () => {
      await people.portal.expireNow(id);
      expect((await people.portal.untilEnded(id)).result).toMatchObject({
        code: 'PLAN_DRIFTED',
        message: expect.stringContaining(LEFT),
      });
    });
    expect(people.portal.writes()).toEqual([]);
  });

  it('a revoke that needed two people can be kept only by someone other than its requester', async () => {
    await people.start({ approvals: { revoke: 'required' } });
    const plan = await people.planAs('priya', SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 60,
    });
    const { id } = await people.acceptAs('priya', plan, 'shopimages');
    await people.portal.as('paul').approve(id, plan.hash);
    await people.portal.untilEnded(id);
    expect(
      await messageOf(people.portal.as('priya').confirm(id, 'For good')),
    ).toContain('another person has to make it permanent');
    expect(
      (await people.portal.as('paul').confirm(id, 'For good')).confirmedBy,
    ).toBe('user:default/paul');
  });

  it('lets only a person who may revoke all that it takes make a revoke of somebody with every permission permanent', async () => {
    await people.start();
    people.portal.decide(
      (permission, entityRef, user) =>
        policy(permission, entityRef, user) ||
        (user === 'olivia' &&
          permission === 'acr-cmk.key.revoke' &&
          entityRef === `resource:default/${BASE[0]}`),
    );
    const plan = await people.planAs('priya', BASE, {
      kind: 'revoke',
      method: 'disable-version',
      restoreAfterMinutes: 60,
    });
    expect(plan.approval.required).toBe(false);
    const { id } = await people.acceptAs('priya', plan, 'sharedbase');
    await people.portal.untilEnded(id);
    expect(
      await messageOf(people.portal.as('olivia').confirm(id, 'For good')),
    ).toContain('because the revoke was agreed to only until it is restored');
    const kept = await people.portal.as('priya').operation(id);
    expect(kept.confirmedBy).toBeUndefined();
    expect(kept.restoresAt).toBeDefined();
    expect(
      (await people.portal.as('priya').confirm(id, 'For good')).confirmedBy,
    ).toBe('user:default/priya');
  });
});
