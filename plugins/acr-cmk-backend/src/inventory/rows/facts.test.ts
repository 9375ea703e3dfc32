import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { FactRows } from './facts';
import { ListingRows } from './listings';

jest.setTimeout(60_000);

const name = (subject: string) => ({
  kind: 'registry-name' as const,
  subject,
});

describe.each(testDatabases())('facts for plans, on $name', ({ open }) => {
  let db: Knex;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.destroy());

  it('are forgotten when nothing has touched them since a time', async () => {
    const facts = new FactRows(db);
    const keep = (subject: string, at: number) =>
      facts.of(name(subject)).keep({ free: true }, { readAt: at, azureAt: at });
    const problem = { kind: 'denied', code: 'X', message: 'No' } as const;
    await keep('old', 10);
    await keep('new', 20);
    await facts.of(name('failed-long-ago')).keepProblem(problem, 10);
    await keep('failed-since', 10);
    await facts.of(name('failed-since')).keepProblem(problem, 20);
    await keep('expired-since', 10);
    await facts.expire(name('expired-since'), 20);
    await new ListingRows(facts).keep('vaults', 'listed long ago', {
      items: 1,
      readAt: 10,
      azureAt: 10,
    });

    await facts.deleteOld(20);
    expect(await db('facts').orderBy('subject').pluck('subject')).toEqual([
      'expired-since',
      'failed-since',
      'listed long ago',
      'new',
    ]);
  });

  it('have no problem of an earlier list once a list has ended whole, whose answers are from before it', async () => {
    const listings = new ListingRows(new FactRows(db));
    await listings.keepProblem('registries', 'part', {
      problem: { kind: 'denied', code: 'X', message: 'No' },
      at: 500,
    });
    const listing = { items: 3, readAt: 400, azureAt: 400 };
    await listings.keep('registries', 'part', listing);
    const [listed] = await listings.get('registries', ['part']);
    expect(listed).toMatchObject({ value: 3, observedAt: 400 });
    expect(listed.problem).toBeUndefined();
    expect(listed.problemAt).toBeUndefined();
  });
});
