import { mockCredentials } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { AuditLog } from '../../platform/audit/AuditLog';
import { PermissionChecker } from '../gate/PermissionChecker';
import { CAMPAIGN, campaignWith, memberAt } from './__testUtils__/records';
import { awaitingAt, CampaignApprovals } from './CampaignApprovals';
import { CampaignStore } from './CampaignStore';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const BOB = 'user:default/bob';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'stages that a person decided about, on $name',
  ({ open }) => {
    let db: Knex;
    let approvals: CampaignApprovals;
    let audit: AuditLog;

    beforeEach(async () => {
      db = await open();
      const clock = { now: async () => 5000 };
      const store = new CampaignStore({ db });
      audit = new AuditLog({ db, clock });
      approvals = new CampaignApprovals(
        { db, clock },
        {
          store,
          permissionChecker: new PermissionChecker({
            permissions: { authorize: async () => [] },
          }),
        },
      );
      await store.inTransaction(trx =>
        store.create(trx, campaignWith(), [memberAt(1), memberAt(2)]),
      );
    });
    afterEach(() => db.destroy());

    const approve = (...positions: number[]) =>
      audit.record({
        event: 'campaign-stage-approved',
        actor: BOB,
        details: { campaignId: CAMPAIGN, stage: 1, positions },
      });
    const reject = (position: number) =>
      audit.record({
        event: 'campaign-stage-rejected',
        actor: BOB,
        details: {
          campaignId: CAMPAIGN,
          stage: 1,
          members: [{ position, reason: 'Not now' }],
        },
      });
    const decided = () => approvals.decided(mockCredentials.user(BOB));

    it('count a member once that was retried and approved again', async () => {
      await approve(1);
      await approve(1);
      expect(await decided()).toEqual([
        {
          campaignId: CAMPAIGN,
          stage: 1,
          approved: 1,
          rejected: 0,
          title: 'Switch 1 registry to automatic version mode',
          decidedAt: '1970-01-01T00:00:05.000Z',
        },
      ]);
    });

    it('count the newest decision about each member', async () => {
      await approve(1, 2);
      await reject(2);
      expect(await decided()).toMatchObject([{ approved: 1, rejected: 1 }]);
      await approve(2);
      expect(await decided()).toMatchObject([{ approved: 2, rejected: 0 }]);
    });
  },
);

it('awaits nobody for a member whose time for an approval is over', () => {
  const members = [
    memberAt(1, { approvalExpiresAt: 5000 }),
    memberAt(2, { approvalExpiresAt: 5001 }),
    memberAt(3),
  ];
  expect(awaitingAt(members, 5000).map(({ position }) => position)).toEqual([
    2,
  ]);
});
