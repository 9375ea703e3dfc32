import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { isFirstReading, readingOf } from './reading';
import { SyncState } from '../rows/SyncState';
import { TURN } from './turns';

const NOW = Date.parse('2026-11-25T12:00:00Z');

describe.each(testDatabases())('the reading under way on $name', database => {
  let db: Knex;
  beforeEach(async () => {
    db = await database.open();
  });
  afterEach(() => db.destroy());

  /** Queues keys of a vault in a subscription. */
  const keysOf = async (subscription: string, count: number, attempts = 0) => {
    const host = `${subscription}.vault.azure.net`;
    await db('vaults').insert({
      id: subscription,
      subscription_id: subscription,
      host,
    });
    await db.batchInsert(
      'keys',
      Array.from({ length: count }, (_, n) => ({
        vault_host: host,
        name: `key${n}`,
        next_read_at: NOW,
        read_why: 'new',
        read_attempts: attempts,
      })),
      50,
    );
  };

  const state = () => new SyncState({ db, clock: { now: async () => NOW } });
  const reading = () => readingOf(db, { now: NOW, state: state() });

  it('ends when the subscription with the most left is read, at 25 calls in a second', async () => {
    await keysOf('one', 1_000);
    await keysOf('two', 500);
    expect(await reading()).toEqual({
      left: 1_500,
      endsAt: NOW + 80_000,
      first: true,
    });
  });

  it('is not called the first one when all of it was read before', async () => {
    await keysOf('one', 1_000);
    await db('keys').update({ read_why: 'age' });
    await state().set(TURN, { startedAt: NOW, endedAt: NOW });
    expect(await reading()).toEqual({ left: 1_000, endsAt: NOW + 80_000 });
  });

  it('is not worth a word when it takes seconds, or repeats what has failed', async () => {
    expect(await reading()).toBeUndefined();
    await keysOf('one', 100);
    await keysOf('two', 1_000, 1);
    expect(await reading()).toBeUndefined();
  });

  it('is the first one until a turn has ended and everything new was read or has failed', async () => {
    const first = () => isFirstReading(db, state());
    expect(await first()).toBe(true);
    await state().set(TURN, { startedAt: NOW });
    expect(await first()).toBe(true);
    await state().set(TURN, { startedAt: NOW, endedAt: NOW });
    expect(await first()).toBe(false);
    await keysOf('one', 1);
    expect(await first()).toBe(true);
    await db('keys').update({ read_attempts: 1 });
    expect(await first()).toBe(false);
    await db('keys').update({ read_attempts: 0, read_why: 'age' });
    expect(await first()).toBe(false);
  });
});
