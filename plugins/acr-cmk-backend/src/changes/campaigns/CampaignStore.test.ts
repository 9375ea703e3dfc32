import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import {
  CAMPAIGN as ID,
  campaignWith,
  memberAt,
} from './__testUtils__/records';
import {
  operationOn,
  storesOn,
} from '../../engine/__testUtils__/operationStores';
import { awaitApprovals } from '../../engine/held';
import { CampaignStore } from './CampaignStore';
import type { MemberRecord } from './types';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const member = (position: number, more: Partial<MemberRecord> = {}) =>
  memberAt(position, {
    outcome: 'pending',
    state: 'excluded',
    stage: undefined,
    ...more,
  });

describe.each(testDatabases({ fast: 'SQLite' }))(
  'campaigns on $name',
  ({ open, name }) => {
    let db: Knex;
    let store: CampaignStore;

    beforeEach(async () => {
      db = await open();
      store = new CampaignStore({ db });
    });
    afterEach(() => db.destroy());

    const create = (members = [member(1), member(2)]) =>
      store.inTransaction(trx =>
        store.create(
          trx,
          campaignWith({
            state: 'previewing',
            selection: { filter: { mode: 'manual' } },
            stage: 0,
            dueAt: 5000,
          }),
          members,
        ),
      );

    it('reads at one moment, whatever is changed meanwhile', async () => {
      await create();
      let written: Promise<void> | undefined;
      const read = await store.atOneMoment(async trx => {
        const first = await store.get(ID, trx);
        written = store.inTransaction(other => store.touch(other, ID));
        // SQLite has one writer at a time, which waits here.
        if (name === 'PostgreSQL') await written;
        return [first, await store.get(ID, trx)];
      });
      await written;
      expect(read).toMatchObject([{ revision: 1 }, { revision: 1 }]);
      expect(await store.get(ID)).toMatchObject({ revision: 2 });
    });

    it('returns what was stored', async () => {
      const planId = randomUUID();
      const plan = {
        planId,
        hash: 'h'.repeat(64),
        authorities: [],
        writes: 1,
        seconds: 30,
      };
      await create([
        member(1, {
          outcome: 'change',
          state: 'waiting',
          plan,
          needs: [{ permission: 'acr-cmk.key.rotate', because: 'of it' }],
        }),
        ...Array.from({ length: 250 }, (_, index) => member(index + 2)),
      ]);
      expect(await store.get(ID)).toMatchObject({
        id: ID,
        revision: 1,
        state: 'previewing',
        selection: { filter: { mode: 'manual' } },
        dueAt: 5000,
      });
      expect(await store.member(ID, 1)).toMatchObject({
        plan,
        needs: [{ permission: 'acr-cmk.key.rotate' }],
      });
      expect(await store.members(ID)).toHaveLength(251);
      expect(
        (await store.members(ID, { after: 100, limit: 2 })).map(
          ({ position }) => position,
        ),
      ).toEqual([101, 102]);
      expect(await store.counts(ID)).toEqual(
        expect.arrayContaining([
          {
            stage: undefined,
            state: 'excluded',
            outcome: 'pending',
            count: 250,
          },
          { stage: undefined, state: 'waiting', outcome: 'change', count: 1 },
        ]),
      );
    });

    it('changes a campaign only as it was read', async () => {
      await create();
      const read = { id: ID, revision: 1 };
      expect(await store.update(db, read, { state: 'preview' })).toBe(true);
      expect(await store.update(db, read, { state: 'interrupted' })).toBe(
        false,
      );
      expect(
        await store.update(db, { id: ID, revision: 2 }, { dueAt: null }),
      ).toBe(true);
      await store.touch(db, ID);
      const campaign = await store.get(ID);
      expect(campaign).toMatchObject({ state: 'preview', revision: 4 });
      expect(campaign?.dueAt).toBeUndefined();
    });

    it('changes a member only in the attempt and with the operation that were read', async () => {
      await create();
      const read = (await store.member(ID, 1)) as MemberRecord;
      const held = { operationId: ID } as const;
      expect(await store.updateMember(db, read, held)).toBe(true);
      expect(await store.updateMember(db, read, held)).toBe(false);
      const now = (await store.member(ID, 1)) as MemberRecord;
      expect(now).toMatchObject(held);
      const retried = { attempt: 1, operationId: null };
      expect(
        await store.updateMember(db, { ...now, attempt: 1 }, retried),
      ).toBe(false);
      expect(await store.updateMember(db, now, retried)).toBe(true);
      expect((await store.member(ID, 2))?.attempt).toBe(0);
    });

    it('finds campaigns that are due, and those of a person', async () => {
      await create();
      expect(await store.due(['previewing'], 4999, 10)).toEqual([]);
      expect(await store.due(['previewing'], 5000, 10)).toEqual([ID]);
      expect(await store.due(['running'], 5000, 10)).toEqual([]);
      const ids = async (requestedBy: string) =>
        (await store.list({ requestedBy, limit: 10 })).map(({ id }) => id);
      expect(await ids('user:default/ada')).toEqual([ID]);
      expect(await ids('user:default/bob')).toEqual([]);
    });

    it('gives members a stage, and finds whom they concern', async () => {
      const needs = [{ permission: 'acr-cmk.key.rotate', because: 'of it' }];
      const changing = {
        outcome: 'change',
        state: undefined,
        entityRef: 'resource:default/shop',
        owner: 'group:default/team',
        needs,
      } as const;
      await create([member(1, changing), member(2, changing), member(3)]);
      await store.assignStage(db, ID, { stage: 1, positions: [1, 2] });
      expect(await store.counts(ID, { stage: 1 })).toEqual([
        { stage: 1, state: 'waiting', outcome: 'change', count: 2 },
      ]);
      expect(await store.concernedEntities([ID])).toEqual([
        { campaignId: ID, entityRef: 'resource:default/shop', needs },
      ]);
      expect(await store.concernedEntities([])).toEqual([]);

      const { acceptances } = storesOn(db);
      for (const position of [1, 2]) {
        const { id } = await acceptances.accept(
          await operationOn(db, `registry${position}`, {
            campaignId: ID,
            held: { stage: 1 },
            needs,
          }),
        );
        const read = (await store.member(ID, position)) as MemberRecord;
        await store.updateMember(db, read, { operationId: id });
      }
      expect(await store.progressMembers(ID)).toMatchObject([
        { position: 1, stage: 1, state: 'waiting', needs },
        { position: 2, stage: 1, state: 'waiting', needs },
      ]);
      const awaiting = (stage: number) =>
        store.members(ID, { stage, states: ['approval'] });
      expect(await awaiting(1)).toEqual([]);
      const ids = await db('operations').pluck('id');
      await store.inTransaction(trx => awaitApprovals(trx, ids, 5));
      expect(await store.progressMembers(ID)).toMatchObject([
        { position: 1, state: 'approval', needs: [], approvalExpiresAt: 5 },
        { position: 2, state: 'approval', needs: [], approvalExpiresAt: 5 },
      ]);
      const awaited = {
        entityRef: 'resource:default/shop',
        owner: 'group:default/team',
        needs,
        approvalExpiresAt: 5,
      };
      expect(await awaiting(1)).toMatchObject([awaited, awaited]);
      expect(await awaiting(2)).toEqual([]);
      const seen = { entityRefs: ['resource:default/other'] };
      expect(await store.counts(ID, seen)).toEqual([]);
    });

    it('deletes old campaigns with their members', async () => {
      await create();
      await store.deleteCreatedBefore(2, ['running']);
      expect(await store.get(ID)).toBeDefined();
      await store.deleteCreatedBefore(2, ['previewing', 'preview']);
      expect(await store.get(ID)).toBeUndefined();
      expect(await store.members(ID)).toEqual([]);
    });
  },
);
