import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { AuditLog } from '../../platform/audit/AuditLog';
import {
  CAMPAIGN as ID,
  campaignWith,
  memberAt,
} from './__testUtils__/records';
import {
  operationOn,
  storesOn,
} from '../../engine/__testUtils__/operationStores';
import { ApprovalStore } from '../../engine/ApprovalStore';
import { BackgroundPlanning } from './BackgroundPlanning';
import { CampaignRetries } from './CampaignRetries';
import { CampaignStore } from './CampaignStore';
import type { PlannedMember } from './MemberPlanner';

const AGAIN: PlannedMember = { outcome: 'change', needs: [] };
const BLOCKED: PlannedMember = {
  outcome: 'blocked',
  needs: [],
  message: 'The key is disabled',
};
const credentials = mockCredentials.user('user:default/ada');

describe('a retry of many members', () => {
  let db: Knex;
  let store: CampaignStore;
  let time: number;
  beforeEach(async () => {
    db = await openSqlite();
    store = new CampaignStore({ db });
    time = 1_000_000;
  });
  afterEach(() => db.destroy());

  /** Retries of a campaign with members that failed, whose plans are made when they are told to be. */
  async function retries(
    members: number,
    {
      waitingRequests = 5,
      startedAt = 2,
      planned = [],
    }: {
      waitingRequests?: number;
      startedAt?: number;
      /** Plans of members, in their order. */
      planned?: readonly PlannedMember[];
    } = {},
  ) {
    await store.inTransaction(trx =>
      store.create(
        trx,
        campaignWith({ state: 'ended', startedAt, endedAt: 3 }),
        Array.from({ length: members }, (_, index) =>
          memberAt(index + 1, { state: 'failed' }),
        ),
      ),
    );
    const plans = [...planned];
    const gate = Promise.withResolvers<PlannedMember>();
    const clock = { now: async () => time };
    const audit = new AuditLog({ db, clock });
    const approvals = new ApprovalStore({ db, clock, audit });
    const planning = new BackgroundPlanning(
      { clock },
      {
        plannerFor: async () => ({
          plan: async () => plans.shift() ?? gate.promise,
        }),
      },
    );
    const service = new CampaignRetries(
      {
        audit,
        clock,
        // The request waits for nothing.
        sleep: async () => undefined,
        logger: mockServices.logger.mock(),
        limits: { waitingRequests },
      },
      {
        store,
        approvals,
        holdMembers: async () => undefined,
        planning,
        changedByPerson: () => undefined,
      },
    );
    return {
      gate,
      planning,
      approvals,
      begin: async () => service.begin((await store.get(ID))!, { credentials }),
      retry: async () => (await store.get(ID))?.retry,
    };
  }

  it('is planned after the request was answered, and changes them together', async () => {
    const { begin, gate, retry, planning } = await retries(6);
    await begin();
    expect(await retry()).toMatchObject({ planned: 0, total: 6 });
    await expect(begin()).rejects.toThrow(/planned again already/);
    expect(await store.members(ID, { states: ['failed'] })).toHaveLength(6);

    gate.resolve(AGAIN);
    await planning.idle();
    expect(await store.get(ID)).toMatchObject({ state: 'running' });
    expect(await retry()).toBeUndefined();
    expect(await store.members(ID, { states: ['waiting'] })).toMatchObject(
      Array.from({ length: 6 }, () => ({ attempt: 1, stage: 1 })),
    );
  });

  it('asks the approvers of a member only so often', async () => {
    const needs = [{ permission: 'acr-cmk.key.rotate', because: 'a test' }];
    const asking = { ...AGAIN, needs };
    const { begin, planning } = await retries(3, {
      planned: [asking, asking, AGAIN],
    });
    const members = db('campaign_members');
    await members.clone().where({ position: 1 }).update({ attempt: 4 });
    await members.clone().where('position', '>', 1).update({ attempt: 5 });
    await begin();
    await planning.idle();
    expect(await store.members(ID, {})).toMatchObject([
      { state: 'waiting', attempt: 5 },
      {
        state: 'failed',
        message: expect.stringContaining('is retried at most 5 times'),
      },
      { state: 'waiting', attempt: 6 },
    ]);
  });

  it('leaves a note when none of them can be retried, and the report as it is', async () => {
    const { begin, gate, retry, planning } = await retries(1);
    await begin();
    gate.resolve(BLOCKED);
    await planning.idle();
    expect(await retry()).toEqual({
      problem: expect.stringMatching(
        /no member of it can be retried.*disabled/,
      ),
    });
    expect(await store.member(ID, 1)).toMatchObject({
      state: 'failed',
      message: undefined,
    });
  });

  it('continues with the failures that it leaves, and with no others', async () => {
    const { begin, planning } = await retries(3, {
      planned: [AGAIN, BLOCKED, BLOCKED],
    });
    await db('campaign_members').where({ position: 3 }).update({ stage: 2 });
    await begin();
    await planning.idle();
    expect(await store.get(ID)).toMatchObject({
      state: 'running',
      failuresAccepted: 1,
    });
  });

  it.each([
    ['of a person', { by: 'user:default/priya' }, 'paused'],
    ['by too many failures', {}, 'running'],
  ])('in a pause %s leaves it as %j says', async (_whose, by, state) => {
    const { begin, planning } = await retries(1, { planned: [AGAIN] });
    const pause = { ...by, message: 'Look at it first', at: 4 };
    await db('campaigns').update({
      state: 'paused',
      ended_at: null,
      pause: JSON.stringify(pause),
    });
    await begin();
    await planning.idle();
    expect(await store.members(ID)).toMatchObject([{ state: 'waiting' }]);
    expect(await store.get(ID)).toMatchObject({
      state,
      pause: state === 'paused' ? pause : undefined,
    });
  });

  it('keeps the reason of a member that it leaves as it is, before the last reason why', async () => {
    const denied = { ...BLOCKED, message: 'You need the permission' };
    const already = { ...BLOCKED, outcome: 'already' } as const;
    const reason = 'Skipped by user:default/priya: In use today';
    const { begin, planning, approvals } = await retries(2, {
      planned: [AGAIN, BLOCKED, already, denied],
    });
    const { id: operationId } = await storesOn(db).acceptances.accept(
      await operationOn(db, 'registry2', {
        campaignId: ID,
        held: { stage: 1 },
      }),
    );
    await store.inTransaction(async trx => {
      await trx('campaign_members')
        .where({ position: 2 })
        .update({ state: null, operation_id: operationId });
      await approvals.cancelIn(trx, operationId, {
        actor: 'user:default/priya',
        reason: 'In use today',
        message: reason,
      });
    });
    const messages = [];
    for (let retry = 0; retry < 3; retry++) {
      await begin();
      await planning.idle();
      messages.push((await store.member(ID, 2))?.message);
    }
    expect(messages).toEqual([
      `${reason}. It could not be tried again: The key is disabled`,
      `${reason}. The registries are in the wanted state already, so it was not tried again`,
      `${reason}. It could not be tried again: You need the permission`,
    ]);
  });

  it.each<
    [how: string, planned: PlannedMember[], soakUntil: number | undefined]
  >([
    ['beside one of the current stage', [AGAIN, AGAIN], undefined],
    ['and the soak time of the current one as it is', [BLOCKED, AGAIN], 4],
  ])(
    'leaves a skipped member of a later stage in it, %s',
    async (_how, planned, soakUntil) => {
      const { begin, planning } = await retries(2, { planned });
      await db('campaign_members')
        .where({ position: 2 })
        .update({ state: 'skipped', stage: 2 });
      await db('campaigns').update({
        state: 'running',
        ended_at: null,
        stage_opened_at: 3,
        soak_until: 4,
      });
      await begin();
      await planning.idle();
      expect(await store.members(ID)).toMatchObject([
        { stage: 1 },
        { stage: 2, state: 'waiting', attempt: 1 },
      ]);
      expect(await store.get(ID)).toMatchObject({
        state: 'running',
        stageOpenedAt: soakUntil && 3,
        soakUntil,
      });
    },
  );

  it('does not begin again what has ended beside as many campaigns as its requester may have', async () => {
    const { begin, planning, retry } = await retries(1, {
      // So long ago that it does not count as one of them.
      startedAt: time - 2 * 60 * 60_000,
      waitingRequests: 1,
      planned: [AGAIN, AGAIN],
    });
    const ended = (await store.get(ID))!;
    await store.inTransaction(trx =>
      store.create(trx, { ...ended, id: 'another', state: 'paused' }, []),
    );
    await begin();
    await planning.idle();
    expect(await retry()).toEqual({
      problem: expect.stringContaining('wait for approval'),
    });
    expect(await store.get(ID)).toMatchObject({ state: 'ended' });
    await db('campaigns').where({ id: 'another' }).delete();
    await begin();
    await planning.idle();
    expect(await store.get(ID)).toMatchObject({ state: 'running' });
  });

  it('can be retried again once its process has made no progress in time', async () => {
    const { begin } = await retries(1);
    await begin();
    await expect(begin()).rejects.toThrow(/planned again already/);
    time += 2 * 60_000;
    await expect(begin()).resolves.toBeUndefined();
  });

  it('stores nothing when the process stops', async () => {
    const { begin, gate, planning } = await retries(1);
    await begin();
    const stopped = planning.stop();
    gate.resolve(AGAIN);
    await stopped;
    expect(await store.member(ID, 1)).toMatchObject({ state: 'failed' });
  });
});
