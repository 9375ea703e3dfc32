import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { readingOf } from './reading';

const NOW = Date.parse('2026-11-25T12:00:00Z');

describe.each(testDatabases())('the reading under way on $name', database => {
  let db: Knex;
  beforeEach(async () => {
    db = await database.open();
  });
  afterEach(() => db.destroy());

  const keysOf = (subscription: string, count: number, attempts = 0) =>
    db.batchInsert(
      'dirty',
      Array.from({ length: count }, (_, n) => ({
        kind: 'key',
        subject: `${subscription}.vault.azure.net/key${n}`,
        subscription_id: subscription,
        reason: 'new',
        marks: 1,
        attempts,
        since: NOW,
        due_at: NOW,
      })),
      50,
    );

  it('ends when the subscription with the most left is read, at 25 calls in a second', async () => {
    await keysOf('one', 1_000);
    await keysOf('two', 500);
    expect(await readingOf(db, NOW)).toEqual({
      left: 1_500,
      endsAt: NOW + 80_000,
    });
  });

  it('is not worth a word when it takes seconds, or repeats what has failed', async () => {
    expect(await readingOf(db, NOW)).toBeUndefined();
    await keysOf('one', 100);
    await keysOf('two', 1_000, 1);
    expect(await readingOf(db, NOW)).toBeUndefined();
  });
});
