import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { campaignWith } from './__testUtils__/records';
import { BackgroundPlanning } from './BackgroundPlanning';
import { CampaignPreviews } from './CampaignPreviews';
import { CampaignStore } from './CampaignStore';

const DAY_MS = 24 * 60 * 60_000;
const NOW = 100 * DAY_MS;
const id = (n: number) => `20000000-0000-4000-8000-00000000000${n}`;
const unused = () => {
  throw new Error('Nothing is planned here');
};

describe('the sweep of previews', () => {
  let db: Knex;
  afterEach(() => db.destroy());

  it('interrupts what makes no progress, and deletes what nobody has started within a day', async () => {
    db = await openSqlite();
    const store = new CampaignStore({ db });
    const clock = { now: async () => NOW };
    const changed: string[] = [];
    const service = new CampaignPreviews(
      {
        clock,
        logger: mockServices.logger.mock(),
      },
      {
        store,
        selector: { select: unused },
        planning: new BackgroundPlanning({ clock }, { plannerFor: unused }),
        permissionChecker: undefined as never,
        recorder: undefined as never,
        changed: each => changed.push(each),
      },
    );
    const campaigns = [
      { n: 1, state: 'previewing', createdAt: NOW - 1000, dueAt: NOW - 1 },
      { n: 2, state: 'previewing', createdAt: NOW - 1000, dueAt: NOW + 1 },
      { n: 3, state: 'preview', createdAt: NOW - 1000 },
      { n: 4, state: 'preview', createdAt: NOW - DAY_MS - 1 },
      { n: 5, state: 'running', createdAt: NOW - 9 * DAY_MS, dueAt: NOW },
      { n: 6, state: 'ended', createdAt: NOW - 9 * DAY_MS },
    ] as const;
    for (const { n, ...campaign } of campaigns) {
      await store.inTransaction(trx =>
        store.create(
          trx,
          campaignWith({ ...campaign, id: id(n), stage: 0 }),
          [],
        ),
      );
    }

    await service.sweep();

    const left = await db('campaigns').orderBy('id').select('id', 'state');
    expect(left).toEqual([
      { id: id(1), state: 'interrupted' },
      { id: id(2), state: 'previewing' },
      { id: id(3), state: 'preview' },
      { id: id(5), state: 'running' },
      { id: id(6), state: 'ended' },
    ]);
    expect(changed).toEqual([id(1)]);
  });
});
