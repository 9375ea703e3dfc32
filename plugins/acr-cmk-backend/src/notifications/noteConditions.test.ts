import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { NOW } from '../__testUtils__/encryptedRegistries';
import {
  EVERYTHING,
  FLEET,
  judgeOf,
  keep,
  Killer,
} from './__testUtils__/notifierWorld';
import { noteConditions } from './noteConditions';
import { insertState, moveState, readState } from '../platform/database/state';

jest.setTimeout(60_000);

describe.each(testDatabases())(
  'two replicas that notify, on $name',
  database => {
    let db: Knex;
    beforeEach(async () => {
      db = await database.open();
    });
    afterEach(() => db.destroy());

    const noteAt = (now: number) =>
      noteConditions(
        {
          db,
          clock: { now: async () => now },
          config: {
            scopes: [{ subscriptionId: SUBSCRIPTION }],
            bindings: new Map(),
          },
          ...EVERYTHING,
          subscriptions: [SUBSCRIPTION],
          judge: judgeOf(db, now),
          logger: { warn: () => undefined, info: () => undefined },
          operations: { revokesBehind: async () => new Map() },
        },
        {},
      );

    it('record once what has begun, whenever the second replica looks', async () => {
      await keep(db, FLEET, NOW);
      const killer = new Killer(db);
      await noteAt(NOW);
      const { beginnings } = killer;
      const noted = await db('notification_ledger').count({ n: '*' }).first();
      // The three losses go to owner and platform team.
      expect(Number(noted!.n)).toBe(9);
      for (let moment = 1; moment <= beginnings; moment++) {
        for (const table of ['registry_conditions', 'notification_ledger']) {
          await db(table).delete();
        }
        killer.beginnings = 0;
        killer.between = async beginning => {
          // By a clock that differs a little, as it does from one statement to the next.
          if (beginning === moment) await noteAt(NOW + 1);
        };
        await noteAt(NOW);
        killer.between = undefined;
        expect(
          await db('notification_ledger').count({ n: '*' }).first(),
        ).toEqual(noted);
      }
      killer.release();
    });

    it('record once that registries have their key back, whenever the second replica looks', async () => {
      await keep(db, FLEET, NOW);
      await noteAt(NOW);
      const held = await db('registry_conditions');
      await keep(
        db,
        FLEET.map(({ name, owner }) => ({ name, owner })),
        NOW + 1,
      );
      const killer = new Killer(db);
      await noteAt(NOW + 1);
      const { beginnings } = killer;
      const backs = () =>
        db('notification_ledger').where({ kind: 'access-back' }).count();
      const noted = await backs();
      // Three registries, each to its owner and the platform team.
      expect(Number(Object.values(noted[0])[0])).toBe(6);
      for (let moment = 1; moment <= beginnings; moment++) {
        for (const table of ['registry_conditions', 'notification_ledger']) {
          await db(table).delete();
        }
        await db('registry_conditions').insert(held);
        killer.beginnings = 0;
        killer.between = async beginning => {
          if (beginning === moment) await noteAt(NOW + 2);
        };
        await noteAt(NOW + 1);
        killer.between = undefined;
        expect(await backs()).toEqual(noted);
      }
      killer.release();
    });

    it('replace a stored value only where it is still the one that was read', async () => {
      await insertState(db, 'place', { value: 1, now: NOW });
      await insertState(db, 'place', { value: 7, now: NOW });
      expect(await moveState(db, 'place', { from: 1, to: 2, now: NOW })).toBe(
        true,
      );
      expect(await moveState(db, 'place', { from: 1, to: 3, now: NOW })).toBe(
        false,
      );
      expect(await readState(db, 'place')).toEqual({ value: 2, at: NOW });
    });
  },
);
