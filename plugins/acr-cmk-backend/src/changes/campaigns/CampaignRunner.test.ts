import type { Knex } from 'knex';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { useAzure } from '../../__testUtils__/useAzure';
import { changeOf } from '../../domain/plan/change';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import type { StoredNeed } from '../../engine/types';
import { type Freshness, KNOWN } from '../../inventory/Inventory';
import {
  type CampaignWorld,
  each,
  idOf,
  MINUTE_MS,
  once,
  PINNED,
  SHARING,
  startCampaignWorld,
  WORLD,
} from './__testUtils__/campaignWorld';
import type { CampaignRunner } from './CampaignRunner';
import { holdMembers } from './holdMembers';

jest.setTimeout(120_000);

const NEED = {
  permission: 'acr-cmk.operation.approve',
  entityRef: 'resource:default/under-test',
  because: 'this portal requires a second person',
};
const UNREAD = 'Some of what its plan depends on could not be read';

describe('a campaign', () => {
  const azure = useAzure({ world: WORLD });
  let world: CampaignWorld;

  beforeEach(async () => {
    azure.emulator.reset();
    world = await startCampaignWorld(azure);
    azure.emulator.clearRequests();
  });
  afterEach(() => world.stop());

  const turnOnce = (id: string, runner: CampaignRunner) => runner.turn(id);
  /** Runs the operation of the first member that is running to its end. */
  const endOne = async (id: string, runner: CampaignRunner) => {
    const [{ operationId }] = await world.store.members(id, {
      states: ['running'],
    });
    await world.engine.runToEnd(operationId!);
    runner.operationChanged({ campaignId: id });
  };
  /** Runs the only operation until its steps are done, and its registries are to be read again. */
  const workUntilProving = async (id: string) => {
    for (let turn = 0; turn < 50; turn++) {
      await world.engine.work();
      const [{ state }] = await world.members(id);
      if (state === 'proving') return;
      world.engine.clock.advance(61_000);
      azure.emulator.clock.advance(61_000);
    }
    throw new Error('It is never proven');
  };
  const events = async () =>
    (await world.engine.audit.list({})).map(({ event }) => event);

  it('changes its members in stages, each written once and proven', async () => {
    const id = await world.create({
      members: PINNED,
      strategy: { stages: [{ count: 1 }, { percent: 30 }, {}] },
    });
    const campaign = await world.drive(id);
    expect(campaign).toMatchObject({ state: 'ended', stage: 3 });
    expect(await world.states(id)).toEqual(each(PINNED, 'succeeded'));
    expect(world.patches()).toEqual(once(PINNED));
    const [first] = await world.members(id);
    const operation = await world.engine.operations.get(first.operationId!);
    expect(operation).toMatchObject({
      state: 'succeeded',
      origin: 'campaign',
      campaignId: id,
      requestedBy: 'user:default/olivia',
      reason: 'They never follow',
    });
    expect(
      (await events()).filter(event => event.startsWith('campaign-')),
    ).toEqual([
      'campaign-stage-opened',
      'campaign-stage-opened',
      'campaign-stage-opened',
      'campaign-ended',
    ]);
  });

  it('changes registries one after another that share a key, and their plans still fit', async () => {
    const id = await world.create({ members: SHARING });
    expect(await world.drive(id)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual(each(SHARING, 'succeeded'));
    expect(world.patches()).toEqual(once(SHARING));
  });

  it('starts a member once, however many replicas turn at the same moment', async () => {
    const id = await world.create({ members: PINNED.slice(0, 4) });
    const replicas = [1, 2, 3].map(() => world.runner());
    for (let turn = 0; turn < 2; turn++) {
      await Promise.all(replicas.map(runner => runner.turn(id)));
    }
    expect(await world.engine.db('operations')).toHaveLength(4);
    await world.drive(id);
    expect(world.patches()).toEqual(once(PINNED.slice(0, 4)));
  });

  const HAPPENINGS: [
    string,
    (id: string, trx: Knex.Transaction) => Promise<unknown>,
  ][] = [
    [
      'a pause',
      async (id, trx) =>
        trx('campaigns').where({ id }).update({ state: 'paused' }),
    ],
    [
      'an abort',
      async (id, trx) =>
        trx('operations')
          .where({ campaign_id: id })
          .update({ state: 'cancelled', ended_at: 1 }),
    ],
    [
      'a freeze',
      async () => {
        const from = (await world.engine.clock.now()) - 1;
        world.calendar.freezes = [
          { from, to: from + MINUTE_MS, reason: 'Sale' },
        ];
      },
    ],
    [
      'a failure that its stage does not allow',
      async (id, trx) =>
        trx('campaign_members')
          .where({ campaign_id: id, position: 2 })
          .update({ state: 'failed' }),
    ],
  ];

  it.each(HAPPENINGS)(
    'gives way to %s that comes while a release waits for the campaign',
    async (_what, happens) => {
      const id = await world.create({
        members: PINNED.slice(0, 2),
        strategy: { concurrency: 1 },
      });
      const lock = world.store.lock.bind(world.store);
      let isReleasing = false;
      jest.spyOn(world.store, 'lock').mockImplementation(async (trx, of) => {
        const unheld = await trx('campaign_members')
          .where({ campaign_id: id, outcome: 'change' })
          .whereNull('operation_id')
          .first();
        if (!unheld && !isReleasing) {
          isReleasing = true;
          await happens(id, trx);
        }
        return lock(trx, of);
      });
      await world.runner().turn(id);
      expect(await world.engine.db('operation_locks')).toEqual([]);
      expect(isReleasing).toBe(true);
      expect(Object.values(await world.states(id))).not.toContain('running');
    },
  );

  it('releases as many as the strategy has room for', async () => {
    const id = await world.create({
      members: PINNED.slice(0, 3),
      strategy: { concurrency: 2 },
    });
    const runner = world.runner();
    await runner.turn(id);
    await runner.turn(id);
    expect(Object.values(await world.states(id))).toEqual([
      'running',
      'running',
      'ready',
    ]);
  });

  it('leaves a member alone that has changed since the preview, and waits', async () => {
    const [one, two] = PINNED;
    const id = await world.create({
      members: [one, two],
      strategy: { stages: [{ count: 1 }, {}] },
    });
    await asAdmin(azure.emulator).rotateKey('kv-fleet-00000', one);
    azure.emulator.clearRequests();
    const campaign = await world.drive(id);
    expect(campaign.state).toBe('running');
    expect(campaign.endedAt).toBeUndefined();
    expect(await world.members(id)).toMatchObject([
      {
        state: 'changed',
        message: expect.stringMatching(
          /^Nothing was written, because this changed since the preview: /,
        ),
      },
      { state: 'waiting' },
    ]);
    expect(world.patches()).toEqual({});
    expect(await events()).toContain('campaign-member-changed');
  });

  it('leaves a member alone for which a second person is required since the preview, and waits', async () => {
    const [one, ...others] = PINNED.slice(0, 2);
    const approval: StoredNeed = {
      permission: 'acr-cmk.operation.approve',
      because: 'this portal requires a second person (acrCmk.approvals.rotate)',
      by: 'user:default/priya',
      standing: ['is in the catalog'],
    };
    const id = await world.create({
      members: [one, ...others],
      needs: Object.fromEntries(others.map(name => [name, [approval]])),
    });
    world.approvals.add('rotate');
    expect((await world.drive(id)).state).toBe('running');
    expect(await world.states(id)).toEqual({
      ...each(others, 'succeeded'),
      [one]: 'changed',
    });
    const [member] = await world.members(id);
    expect(member.message).toContain(
      'this portal has required a second person since the preview (acrCmk.approvals.rotate)',
    );
    expect(world.patches()).toEqual(once(others));
  });

  it('ends an aborted campaign whose last operation came back without a write', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const runner = world.runner();
    await turnOnce(id, runner);
    const { store, engine } = world;
    await store.inTransaction(async trx => {
      const running = (await store.lock(trx, id))!;
      await store.update(trx, running, {
        state: 'paused',
        pause: { message: 'Aborted', at: 1, aborts: true },
      });
    });
    await asAdmin(azure.emulator).rotateKey('kv-fleet-00000', one);
    azure.emulator.clearRequests();
    await endOne(id, runner);
    expect(await world.drive(id, runner)).toMatchObject({ state: 'aborted' });
    expect(await world.states(id)).toEqual({ [one]: 'not-started' });
    expect(await engine.db('operations')).toMatchObject([
      { state: 'cancelled' },
    ]);
    expect(world.patches()).toEqual({});
  });

  it('makes no operation for a member whose campaign is aborted meanwhile', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const { store, engine } = world;
    await store.assignStage(engine.db, id, { stage: 1, positions: [1] });
    await holdMembers(await world.campaign(id), {
      store,
      acceptances: engine.acceptances,
      plans: {
        // Read between the list of members and the first operation.
        get: async planId => {
          await store.inTransaction(async trx => {
            const campaign = (await store.lock(trx, id))!;
            await store.abortWithoutOperation(trx, id);
            await store.update(trx, campaign, {
              state: 'paused',
              pause: { message: 'Aborted', at: 1, aborts: true },
            });
          });
          return engine.plans.get(planId);
        },
      },
    });
    expect(await engine.db('operations')).toEqual([]);
    expect(await world.drive(id)).toMatchObject({ state: 'aborted' });
    expect(await world.states(id)).toEqual({ [one]: 'not-started' });
  });

  it('waits for an outage of Azure, however long, and starts after it', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const outage = jest
      .spyOn(world.engine.deps, 'changesSincePlan')
      .mockRejectedValue(
        new PreconditionUnavailable('UNAVAILABLE', 'Azure does not answer'),
      );
    const runner = world.runner();
    for (let time = 0; time < 2; time++) {
      await turnOnce(id, runner);
      await endOne(id, runner);
      expect(await world.members(id)).toMatchObject([
        {
          state: 'ready',
          message:
            'Waits, because it cannot be checked now: Azure does not answer',
        },
      ]);
      expect(await world.engine.db('operation_locks')).toEqual([]);
    }
    outage.mockRestore();
    expect(await world.drive(id, runner)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual({ [one]: 'succeeded' });
    expect((await world.members(id))[0].message).toBeUndefined();
    expect(await events()).not.toContain('campaign-member-changed');
  });

  it('waits for a single fact that could not be read, which is no change', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    await world.engine.db('facts').where({ kind: 'locks' }).delete();
    azure.emulator.faults.add({
      method: 'GET',
      path: '*/Microsoft.Authorization/locks',
      status: 503,
      times: 0,
    });
    const runner = world.runner();
    await turnOnce(id, runner);
    await world.engine.work();
    expect(await world.members(id)).toMatchObject([
      {
        state: 'running',
        message: expect.stringContaining(
          `${UNREAD}: check locks (pass → unknown)`,
        ),
      },
    ]);
    azure.emulator.faults.clear();
    expect(await world.drive(id, runner)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual({ [one]: 'succeeded' });
  });

  it('needs attention for a fact that cannot be read for ten minutes', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const begun = await world.engine.clock.now();
    jest
      .spyOn(world.engine.deps, 'changesSincePlan')
      .mockRejectedValue(new PreconditionUnavailable('PLAN_UNDECIDED', UNREAD));
    await world.drive(id);
    expect(await world.members(id)).toMatchObject([
      { state: 'changed', message: UNREAD },
    ]);
    expect(world.patches()).toEqual({});
    const waited = (await world.engine.clock.now()) - begun;
    expect(waited).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(waited).toBeLessThan(15 * MINUTE_MS);
  });

  it('needs attention for a registry that was deleted since the preview', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    await asAdmin(azure.emulator).send(
      'DELETE',
      `https://management.azure.com${idOf(one)}?api-version=2025-11-01`,
    );
    await world.drive(id);
    expect(await world.members(id)).toMatchObject([
      {
        state: 'changed',
        message: expect.stringMatching(
          /^Could not read the registry basalt00011: Azure has no resource /,
        ),
      },
    ]);
  });

  it('puts a member back whose registry another operation holds, and starts it later', async () => {
    const [one, two] = PINNED;
    const id = await world.create({ members: [one, two] });
    const holder = await world.engine.accept(idOf(one).toString(), {
      kind: 'rotate',
      key: { kind: 'current', mode: 'automatic' },
    });
    const runner = world.runner();
    await turnOnce(id, runner);
    expect(await world.states(id)).toEqual({
      [one]: 'ready',
      [two]: 'running',
    });
    expect((await world.members(id))[0].message).toBe(
      'Waits, because another operation works on its registry or key, or a revoke was requested and goes first',
    );
    // It gives way, having written nothing.
    await world.engine
      .db('operations')
      .where({ id: holder.id })
      .update({ state: 'cancelled', due_at: null, ended_at: 1 });
    await world.engine
      .db('operation_locks')
      .where({ operation_id: holder.id })
      .delete();
    expect(await world.drive(id, runner)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual(each([one, two], 'succeeded'));
    expect((await world.members(id))[0].message).toBeUndefined();
  });

  it('counts a member as failed whose findings became worse, although its operation succeeded', async () => {
    const id = await world.create({ members: PINNED.slice(0, 1) });
    const runner = world.runner();
    await turnOnce(id, runner);
    await workUntilProving(id);
    await asAdmin(azure.emulator).changeVault('kv-fleet-00000', {
      networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [] },
    });
    const campaign = await world.drive(id, runner);
    expect(campaign).toMatchObject({ state: 'ended' });
    expect(await world.members(id)).toMatchObject([
      {
        state: 'unverified',
        message: expect.stringContaining(
          'Its operation succeeded, but findings became worse: basalt00011: ',
        ),
      },
    ]);
  });

  describe('whose operation has succeeded', () => {
    // Its vault uses RBAC.
    const name = 'maple00033';
    let id: string;
    let runner: CampaignRunner;
    beforeEach(async () => {
      id = await world.create({ members: [name] });
      runner = world.runner();
      await turnOnce(id, runner);
      await workUntilProving(id);
    });

    const unreadable = (path: string) =>
      azure.emulator.faults.add({
        method: 'GET',
        path,
        status: 503,
        times: 0,
      });
    const lookAgain = async () => {
      await world.engine.work();
      return (await world.members(id))[0];
    };

    it.each([
      ['registry', `*/registries/${name}`],
      ['vault', '*/vaults/kv-fleet-00030'],
      ['key', `*/vaults/kv-fleet-00030/keys/${name}`],
      ['access', '*/roleAssignments'],
      ['identity', '*/userAssignedIdentities/*'],
    ])(
      'is not proven by what was known of its %s before',
      async (_what, path) => {
        unreadable(path);
        expect(await lookAgain()).toMatchObject({
          state: 'proving',
          message: expect.stringMatching(/maple00033 could not be read: /),
        });
        azure.emulator.faults.clear();
        await world.drive(id, runner);
        expect(await world.states(id)).toEqual({ [name]: 'succeeded' });
      },
    );

    it('is read again where something was never read, and is not proven after ten minutes', async () => {
      unreadable(`*/vaults/kv-fleet-00030/keys/${name}`);
      await world.engine.db('keys').delete();
      const { state, message = '' } = await lookAgain();
      expect(state).toBe('proving');
      expect(message).toMatch(/^The key of maple00033 could not be read: /);
      jest
        .spyOn(world.engine.inventory, 'look')
        .mockRejectedValue(new Error(message));
      await world.drive(id, runner);
      expect(await world.members(id)).toMatchObject([
        { state: 'unverified', message: `It could not be proven: ${message}` },
      ]);
    });
  });

  it('starts nothing in a freeze that begins in the middle, and goes on after it', async () => {
    const names = PINNED.slice(0, 3);
    const id = await world.create({
      members: names,
      strategy: { concurrency: 1 },
    });
    const runner = world.runner();
    await turnOnce(id, runner);
    const now = await world.engine.clock.now();
    const freeze = { from: now, to: now + 60 * MINUTE_MS, reason: 'Sale' };
    world.calendar.freezes = [freeze];
    const frozen = await world.drive(id, runner);
    expect(frozen).toMatchObject({ state: 'running', dueAt: freeze.to });
    expect(Object.values(await world.states(id))).toEqual([
      'succeeded',
      'ready',
      'ready',
    ]);
    world.engine.clock.advance(60 * MINUTE_MS);
    azure.emulator.clock.advance(60 * MINUTE_MS);
    await world.drive(id, runner);
    expect(await world.states(id)).toEqual(each(names, 'succeeded'));
  });

  it('looks at each campaign when it begins, because a freeze may have gone from the configuration', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const now = await world.engine.clock.now();
    const freeze = { from: now, to: now + 600 * MINUTE_MS, reason: 'Sale' };
    world.calendar.freezes = [freeze];
    expect(await world.drive(id)).toMatchObject({ dueAt: freeze.to });
    world.calendar.freezes = [];
    const stopped = new AbortController();
    await world.runner().run(async () => stopped.abort(), stopped.signal);
    expect(await world.states(id)).toEqual({ [one]: 'running' });
  });

  it('waits before the next turn of a campaign that could not go on', async () => {
    await world.create({ members: PINNED.slice(0, 1) });
    const runner = world.runner();
    jest.spyOn(runner, 'turn').mockRejectedValue(new Error('Read-only'));
    const stopped = new AbortController();
    const waits: number[] = [];
    await runner.run(async ms => {
      waits.push(ms);
      stopped.abort();
    }, stopped.signal);
    expect(waits).toEqual([4_000]);
  });

  it('reports members as expired that nobody has approved in time', async () => {
    const [one, two] = PINNED;
    const id = await world.create({
      members: [one, two],
      needs: { [one]: [NEED] },
    });
    const waiting = await world.drive(id);
    expect(waiting).toMatchObject({ state: 'running' });
    expect((await world.members(id))[0].approvalExpiresAt).toBe(waiting.dueAt);
    expect(await world.states(id)).toEqual({
      [one]: 'approval',
      [two]: 'succeeded',
    });
    world.engine.clock.advance(60 * MINUTE_MS);
    expect(await world.drive(id)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual({
      [one]: 'expired',
      [two]: 'succeeded',
    });
    expect(world.patches()).toEqual(once([two]));
  });

  it('waits for approvals beyond their time, in a freeze that was configured later', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one], needs: { [one]: [NEED] } });
    await world.drive(id);
    world.engine.clock.advance(60 * MINUTE_MS);
    const now = await world.engine.clock.now();
    const freeze = { from: now, to: now + 600 * MINUTE_MS, reason: 'Sale' };
    world.calendar.freezes = [freeze];
    const frozen = await world.drive(id);
    expect(frozen).toMatchObject({ state: 'running', dueAt: freeze.to });
    expect(await world.members(id)).toMatchObject([
      { state: 'approval', approvalExpiresAt: freeze.to },
    ]);
    world.engine.clock.advance(600 * MINUTE_MS);
    await world.drive(id);
    expect(await world.states(id)).toEqual({ [one]: 'expired' });
  });

  it('lets approvals expire while it is paused', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one], needs: { [one]: [NEED] } });
    await world.drive(id);
    await world.engine.db('campaigns').update({ state: 'paused' });
    world.engine.clock.advance(60 * MINUTE_MS);
    await world.drive(id);
    expect(await world.states(id)).toEqual({ [one]: 'expired' });
  });

  it('has members that a preview plans without asking the database for the time with each fact', async () => {
    const { planMaker, clock } = world.engine;
    const make = (freshness: Freshness) =>
      planMaker.make({
        planId: 'a-plan',
        change: changeOf({
          entityRef: 'resource:default/under-test',
          registryId: idOf(PINNED[0]).toString(),
          intent: {
            kind: 'rotate',
            key: { kind: 'current', mode: 'automatic' },
          },
        }),
        freshness,
        isIdentityOpen: () => true,
        requireReadable: async () => undefined,
      });
    const { fingerprint } = await make(KNOWN);
    const now = await clock.now();
    const asked = jest.spyOn(clock, 'now');
    expect(await make({ ...KNOWN, now })).toMatchObject({ fingerprint });
    // The judge, which asks in its transaction, works in the background.
    expect(asked.mock.calls.filter(([trx]) => !trx)).toEqual([]);
  });

  it('goes on after its approver has left only with a new approval', async () => {
    const [one] = PINNED;
    const id = await world.create({
      members: [one],
      needs: {
        [one]: [
          { ...NEED, by: 'user:default/priya', at: 1, standing: ['owns it'] },
        ],
      },
    });
    await world.drive(id);
    expect(await world.members(id)).toMatchObject([
      {
        state: 'changed',
        message: expect.stringContaining('approver user:default/priya'),
      },
    ]);
    expect(world.patches()).toEqual({});
  });
});
