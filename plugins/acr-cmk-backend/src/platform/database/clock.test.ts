import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { AuditLog } from '../audit/AuditLog';
import { DatabaseClock } from './clock';

const NOON = Date.parse('2026-11-25T12:00:00Z');
const HOUR = 60 * 60_000;

/** A database that fails the test when it is asked for anything. */
const sqlite = {
  client: { config: { client: 'better-sqlite3' } },
} as unknown as Knex;

describe('the clock of SQLite', () => {
  it('goes on when the clock of the machine is set back, and with it again once that has caught up', async () => {
    let wall = NOON;
    let elapsed = 0;
    const clock = new DatabaseClock(sqlite, {
      machine: () => wall,
      monotonic: () => elapsed,
    });
    const pass = (ms: number) => {
      wall += ms;
      elapsed += ms;
    };
    expect(await clock.now()).toBe(NOON);
    wall -= HOUR;
    expect(await clock.now()).toBe(NOON);
    pass(30_000);
    expect(await clock.now()).toBe(NOON + 30_000);
    pass(HOUR);
    expect(await clock.now()).toBe(NOON + HOUR + 30_000);
    wall += HOUR;
    pass(1);
    expect(await clock.now()).toBe(wall);
    expect(wall).toBe(NOON + HOUR + 30_001);
    wall += 1000;
    expect(await clock.now()).toBe(wall);
  });

  it.each([
    ['an hour', HOUR, 'that of the last record'],
    [
      'a year, by a clock that was wrong then',
      365 * 24 * HOUR,
      "the machine's",
    ],
  ])(
    'that is opened after the machine was set back by %s',
    async (_by, ahead, expected) => {
      const db = await openSqlite();
      try {
        const now = await new DatabaseClock(db).now();
        await new AuditLog({
          db,
          clock: { now: async () => now + ahead },
        }).record({
          event: 'operation-cancelled',
          actor: 'user:default/olivia',
          details: {},
        });
        const opened = await (await DatabaseClock.open(db)).now();
        expect(opened - now >= ahead).toBe(expected !== "the machine's");
      } finally {
        await db.destroy();
      }
    },
  );
});
