import type { Knex } from 'knex';
import { type OpenCopy, testDatabases } from '../__testUtils__/databases';
import { NOW } from '../__testUtils__/encryptedRegistries';
import { AuditLog } from '../platform/audit/AuditLog';
import {
  FLEET,
  HOUR_MS,
  keep,
  Killer,
  listed,
  PortalNotifications,
  startNotifier,
} from './__testUtils__/notifierWorld';
import { operationWith } from './__testUtils__/operations';

// Each moment of a turn is a run of its own.
jest.setTimeout(300_000);

const APPROVE = 'acr-cmk.operation.approve';
const WAITING = operationWith({
  id: 'waiting',
  state: 'awaiting-approval',
  needs: [{ permission: APPROVE, because: 'the configuration asks for it' }],
});
const APPROVERS = new Map([
  [APPROVE, { groups: ['group:default/platform-team'], owners: false }],
]);
const ENDED = operationWith({ id: 'ended', state: 'succeeded' });

describe.each(testDatabases({ fast: 'SQLite' }))(
  'notifying exactly once, on $name',
  database => {
    let open: OpenCopy;
    let expected: string[];

    const process = (db: Knex, portal: PortalNotifications, now: number) =>
      startNotifier({
        db,
        portal,
        now: () => now,
        operations: [WAITING, ENDED],
        approvers: APPROVERS,
      });

    beforeAll(async () => {
      const db = await database.open();
      await listed(db, NOW);
      // The digests of nothing: what begins afterwards is reported.
      await process(db, new PortalNotifications(), NOW).turn();
      await keep(db, FLEET, NOW);
      const audit = new AuditLog({ db, clock: { now: async () => NOW } });
      for (const [event, { id }] of [
        ['operation-accepted', WAITING],
        ['operation-ended', ENDED],
      ] as const) {
        await audit.record({
          event,
          actor: 'user:default/olivia',
          operationId: id,
          details: {},
        });
      }
      open = await database.copyOf(db);
      const portal = new PortalNotifications();
      await process(db, portal, NOW + HOUR_MS).turn();
      expected = portal.reported;
      await db.destroy();
    });

    /** Runs a turn on a copy, with whatever happens to it. @returns what the turn consisted of */
    async function turn(
      happens: (killer: Killer, db: Knex, portal: PortalNotifications) => void,
      check: (portal: PortalNotifications) => void,
    ): Promise<Pick<Killer, 'statements' | 'beginnings'>> {
      const db = await open();
      const portal = new PortalNotifications();
      const killer = new Killer(db);
      try {
        happens(killer, db, portal);
        await process(db, portal, NOW + HOUR_MS)
          .turn()
          .catch(error => {
            if (killer.diesBefore === Infinity) throw error;
          });
        const { statements, beginnings } = killer;
        killer.diesBefore = Infinity;
        killer.between = undefined;
        // Whoever comes next: a minute later, and when digests are due again.
        for (const hours of [1.1, 2, 3]) {
          await process(db, portal, NOW + hours * HOUR_MS).turn();
        }
        check(portal);
        return { statements, beginnings };
      } finally {
        killer.release();
        await db.destroy();
      }
    }

    const expectReportedOnce = (
      moment: number,
      { reported }: PortalNotifications,
    ) => expect({ moment, reported }).toEqual({ moment, reported: expected });

    it('notifies once and loses nothing, wherever the process is killed', async () => {
      expect(new Set(expected).size).toBe(11);
      expect(expected).toHaveLength(11);
      const { statements } = await turn(
        () => undefined,
        portal => expectReportedOnce(-1, portal),
      );
      expect(statements).toBeGreaterThan(30);
      for (let statement = 0; statement < statements; statement++) {
        await turn(
          killer => {
            killer.diesBefore = statement;
          },
          portal => {
            expectReportedOnce(statement, portal);
            // At most the one that was on its way is sent again, and updates itself.
            const again = portal.shown.filter(({ sent }) => sent > 1);
            expect(again.length).toBeLessThanOrEqual(1);
            expect(again.every(({ sent }) => sent === 2)).toBe(true);
          },
        );
      }
    });

    it('notifies once while another replica does the same between any two statements', async () => {
      const { beginnings } = await turn(
        () => undefined,
        () => undefined,
      );
      expect(beginnings).toBeGreaterThan(20);
      for (let moment = 1; moment <= beginnings; moment++) {
        await turn(
          (killer, db, portal) => {
            killer.between = async beginning => {
              if (beginning !== moment) return;
              await process(db, portal, NOW + HOUR_MS).turn();
            };
          },
          portal => {
            expectReportedOnce(moment, portal);
            expect(portal.shown.every(({ sent }) => sent === 1)).toBe(true);
          },
        );
      }
    });

    it('notifies once when several replicas do it at the same time', async () => {
      const db = await open();
      const portal = new PortalNotifications();
      const replicas = [1, 2, 3].map(() => process(db, portal, NOW + HOUR_MS));
      await Promise.all(replicas.map(replica => replica.turn()));
      expect(portal.reported).toEqual(expected);
      expect(portal.shown.every(({ sent }) => sent === 1)).toBe(true);
      await db.destroy();
    });
  },
);
