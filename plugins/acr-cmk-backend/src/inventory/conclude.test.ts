import { conclude, type Seen } from './conclude';

const WHAT = { kind: 'registries', subscription: 's1' } as const;
const conclusionOf = (seen: Partial<Seen>) =>
  conclude(WHAT, { rows: 100, unusable: 0, known: 100, ...seen });

describe('a listing of one kind in one subscription', () => {
  it('is whole when all of its parts were read', () => {
    expect(conclusionOf({})).toEqual({ kind: 'whole', items: 100 });
  });

  it('is partial when one of its parts could not be read, with the problem of that part', () => {
    const problem = {
      kind: 'unavailable' as const,
      code: 'TIMEOUT',
      message: 'Azure did not answer in time',
    };
    expect(conclusionOf({ problem })).toEqual({ kind: 'partial', problem });
  });

  it('is partial when it holds something that cannot be understood', () => {
    expect(conclusionOf({ rows: 99, unusable: 1 })).toMatchObject({
      kind: 'partial',
      problem: { code: 'UnexpectedAnswer' },
    });
  });

  it.each([
    { rows: 98, is: 'partial' },
    { rows: 99, is: 'whole' },
    { rows: 101, is: 'whole' },
    { rows: 102, is: 'partial' },
  ])(
    'is $is with $rows rows, while Azure counted 99 before and 101 after',
    ({ rows, is }) => {
      const counted = { before: 99, after: 101 };
      expect(conclusionOf({ rows, counted }).kind).toBe(is);
    },
  );

  it.each([
    { rows: 90, is: 'whole' },
    { rows: 89, is: 'fallen' },
  ])('is $is with $rows rows, when 100 are known', ({ rows, is }) => {
    expect(conclusionOf({ rows }).kind).toBe(is);
  });
});
