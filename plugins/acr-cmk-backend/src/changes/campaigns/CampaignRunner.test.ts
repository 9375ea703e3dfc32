import { FactsUnavailable } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { useAzure } from '../../__testUtils__/useAzure';
import { changeOf } from '../../domain/plan/change';
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

jest.setTimeout(120_000);

const NEED = {
  permission: 'acr-cmk.operation.approve',
  entityRef: 'resource:default/under-test',
  because: 'this portal requires a second person',
};
const UNREAD = 'Some of what its plan depends on could not be read';
const OVERTAKEN = { kind: 'overtaken', operations: [], locks: [] };

describe('a campaign', () => {
  const azure = useAzure({ world: WORLD });
  let world: CampaignWorld;

  beforeEach(async () => {
    azure.emulator.reset();
    world = await startCampaignWorld(azure);
    azure.emulator.clearRequests();
  });
  afterEach(() => world.stop());

  const turnOnce = async (id: string, runner: CampaignRunner) => {
    await runner.turn(id);
    await runner.settled();
  };
  /** Runs the operation of the first member that is running to its end. */
  const endOne = async (id: string, runner: CampaignRunner) => {
    const [{ operationId }] = await world.store.members(id, {
      states: ['running'],
    });
    await world.engine.runToEnd(operationId!);
    runner.operationEnded({ campaignId: id });
  };
  const startOf = async (
    ...of: Parameters<CampaignWorld['starter']['start']>
  ) => ({
    ...(await world.starter.start(...of)),
    operations: await world.engine.db('operations'),
    locks: await world.engine.db('operation_locks'),
  });
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
      await Promise.all(replicas.map(runner => runner.settled()));
    }
    expect(await world.engine.db('operations')).toHaveLength(4);
    await world.drive(id);
    expect(world.patches()).toEqual(once(PINNED.slice(0, 4)));
  });

  const HAPPENINGS: [string, (id: string) => Promise<unknown>][] = [
    [
      'a pause',
      async id =>
        world.store.update(world.engine.db, await world.campaign(id), {
          state: 'paused',
        }),
    ],
    [
      'an abort of the member',
      async id =>
        world.engine
          .db('campaign_members')
          .where({ campaign_id: id, position: 1 })
          .update({ state: 'not-started' }),
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
      async id =>
        world.engine
          .db('campaign_members')
          .where({ campaign_id: id, position: 2 })
          .update({ state: 'failed' }),
    ],
  ];

  /** Two members of a stage that has opened, one at a time. */
  async function readyMembers() {
    const id = await world.create({
      members: PINNED.slice(0, 2),
      strategy: { concurrency: 1 },
    });
    await world.store.update(world.engine.db, await world.campaign(id), {
      stage: 1,
      stageOpenedAt: 1,
    });
    for (const member of await world.members(id)) {
      await world.store.updateMember(world.engine.db, member, {
        state: 'ready',
      });
    }
    const [first, second] = await world.members(id);
    return { id, campaign: await world.campaign(id), first, second };
  }

  /** A plan of the first member that waits for the place of the second, which has become free. */
  async function plannedAhead() {
    const { id, campaign, first, second } = await readyMembers();
    const { db } = world.engine;
    const running = { ...second, state: 'running' } as const;
    await world.store.updateMember(db, second, { state: 'running' });
    const start = await world.starter.start(campaign, first);
    if (start.kind !== 'no-room') throw new Error(start.kind);
    expect(await db('operations')).toEqual([]);
    await world.store.updateMember(db, running, { state: 'succeeded' });
    const plans = jest.spyOn(world.engine.planService, 'prepareAgreed');
    return { id, campaign, first, planned: start.planned, plans };
  }

  it.each(HAPPENINGS)(
    'gives way to %s that came while a start was prepared',
    async (_what, happens) => {
      const { id, campaign, first } = await readyMembers();
      await happens(id);
      expect(await startOf(campaign, first)).toEqual(OVERTAKEN);
    },
  );

  it.each(HAPPENINGS)(
    'gives way to %s that came while a plan waited for a place',
    async (_what, happens) => {
      const { id, campaign, first, planned, plans } = await plannedAhead();
      await happens(id);
      expect(await startOf(campaign, first, planned)).toEqual(OVERTAKEN);
      expect(plans).not.toHaveBeenCalled();
    },
  );

  it('gives way to a freeze that begins while a start waits for other changes of the campaign', async () => {
    const { campaign, first } = await readyMembers();
    const { clock } = world.engine;
    const from = (await clock.now()) + 10 * MINUTE_MS;
    world.calendar.freezes = [{ from, to: from + MINUTE_MS, reason: 'Sale' }];
    const lock = world.store.lock.bind(world.store);
    jest.spyOn(world.store, 'lock').mockImplementation(async (...of) => {
      const locked = await lock(...of);
      clock.advance(10 * MINUTE_MS);
      return locked;
    });
    expect(await startOf(campaign, first)).toEqual(OVERTAKEN);
  });

  it.each([
    [15_000, 0],
    [15_001, 1],
  ])(
    'starts a member with a plan of %i ms before, planned again %i times',
    async (ms, times) => {
      const { campaign, first, planned, plans } = await plannedAhead();
      jest
        .spyOn(world.engine.clock, 'now')
        .mockResolvedValue(planned.readAt + ms);
      expect(await world.starter.start(campaign, first, planned)).toMatchObject(
        { kind: 'started' },
      );
      expect(plans).toHaveBeenCalledTimes(times);
    },
  );

  it('starts no other attempt with the plan of an earlier one', async () => {
    const { id, campaign, first, planned } = await plannedAhead();
    await world.store.updateMember(world.engine.db, first, { attempt: 1 });
    const [again] = await world.members(id);
    expect(await startOf(campaign, again, planned)).toEqual(OVERTAKEN);
  });

  describe('of two at a time, with a third', () => {
    let id: string;
    let runner: CampaignRunner;
    let plans: jest.SpyInstance;
    let now: number;
    let clock: jest.SpyInstance;

    const running = async () =>
      (await world.store.members(id, { states: ['running'] })).length;
    beforeEach(async () => {
      id = await world.create({
        members: PINNED.slice(0, 3),
        strategy: { concurrency: 2 },
      });
      plans = jest.spyOn(world.engine.planService, 'prepareAgreed');
      now = await world.engine.clock.now();
      clock = jest.spyOn(world.engine.clock, 'now').mockResolvedValue(now);
      runner = world.runner();
      await turnOnce(id, runner);
      await turnOnce(id, runner);
    });

    it('plans it while no place is free, and starts it with that plan', async () => {
      expect(await running()).toBe(2);
      expect(plans).toHaveBeenCalledTimes(3);
      await endOne(id, runner);
      await turnOnce(id, runner);
      expect(await running()).toBe(2);
      expect(plans).toHaveBeenCalledTimes(3);
    });

    it('plans it once while the others take an hour, and again for its place', async () => {
      for (let minute = 1; minute <= 60; minute++) {
        clock.mockResolvedValue(now + minute * MINUTE_MS);
        await turnOnce(id, runner);
      }
      expect(await running()).toBe(2);
      expect(plans).toHaveBeenCalledTimes(3);
      await endOne(id, runner);
      await turnOnce(id, runner);
      expect(await running()).toBe(2);
      expect(plans).toHaveBeenCalledTimes(4);
    });

    it('stops with its process at once, and another one starts it', async () => {
      clock.mockRestore();
      const stopped = new AbortController();
      await runner.run(async () => stopped.abort(), stopped.signal);
      expect(await world.drive(id, world.runner())).toMatchObject({
        state: 'ended',
      });
      expect(world.patches()).toEqual(once(PINNED.slice(0, 3)));
    });

    it('starts nothing with its plan after a pause', async () => {
      await world.store.update(world.engine.db, await world.campaign(id), {
        state: 'paused',
      });
      await endOne(id, runner);
      await turnOnce(id, runner);
      expect(await running()).toBe(1);
    });
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

  it('waits for an outage of Azure, however long, and starts after it', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const plans = jest
      .spyOn(world.engine.planService, 'prepareAgreed')
      .mockRejectedValue(
        new FactsUnavailable('The registry', 'Azure does not answer'),
      );
    const runner = world.runner();
    for (let half = 0; half < 30; half++) {
      await turnOnce(id, runner);
      world.engine.clock.advance(30_000);
      azure.emulator.clock.advance(30_000);
    }
    await runner.turn(id);
    expect(await world.members(id)).toMatchObject([
      {
        state: 'ready',
        message:
          'Waits, because it cannot be planned now: The registry could not be read: Azure does not answer',
      },
    ]);
    expect(await world.campaign(id)).toMatchObject({
      waitingFor: expect.stringMatching(/^No member can start now/),
    });
    await runner.settled();
    plans.mockRestore();
    expect(await world.drive(id, runner)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual({ [one]: 'succeeded' });
    expect((await world.members(id))[0].message).toBeUndefined();
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
    expect(await world.members(id)).toMatchObject([
      { state: 'ready', message: `${UNREAD}: check locks (pass → unknown)` },
    ]);
    azure.emulator.faults.clear();
    expect(await world.drive(id, runner)).toMatchObject({ state: 'ended' });
    expect(await world.states(id)).toEqual({ [one]: 'succeeded' });
  });

  it('needs attention for a fact that cannot be read for ten minutes', async () => {
    const [one] = PINNED;
    const id = await world.create({ members: [one] });
    const plans = jest
      .spyOn(world.engine.planService, 'prepareAgreed')
      .mockResolvedValue({
        changes: [
          { field: 'check others-affected', shown: 'warn', now: 'unknown' },
        ],
      });
    await world.drive(id);
    expect(plans).toHaveBeenCalledTimes(20);
    expect(await world.members(id)).toMatchObject([
      {
        state: 'changed',
        message: `Nothing was written, because it could not be planned again: ${UNREAD}: check others-affected (warn → unknown)`,
      },
    ]);
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
        message: 'Nothing was written, because the registry no longer exists',
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
    await endOne(id, runner);
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
      await endOne(id, runner);
    });

    const unreadable = (path: string) =>
      azure.emulator.faults.add({
        method: 'GET',
        path,
        status: 503,
        times: 0,
      });
    const lookAgain = async () => {
      await runner.sweep();
      await runner.settled();
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
    expect(waiting).toMatchObject({
      state: 'running',
      approvalExpiresAt: waiting.dueAt,
    });
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
