import { wholeRows } from './resourceGraphRows';

const rows = (count: number) =>
  Array.from({ length: count }, (_none, index) => ({ id: `/r/${index}` }));
const answer = (change: object = {}) => ({
  data: rows(3),
  count: 3,
  totalRecords: 3,
  resultTruncated: 'false',
  ...change,
});

describe('an answer of Resource Graph', () => {
  it('with all its rows is used', () => {
    expect(wholeRows(answer())).toHaveLength(3);
    expect(wholeRows(answer({ data: [], totalRecords: 0 }))).toEqual([]);
    expect(
      wholeRows(answer({ data: rows(999), totalRecords: 999 })),
    ).toHaveLength(999);
  });

  it.each<[why: string, answer: unknown]>([
    ['has fewer rows than it says', answer({ totalRecords: 4 })],
    ['has more rows than it says', answer({ totalRecords: 2 })],
    ['has a token for more', answer({ $skipToken: 'more' })],
    ['says that it was cut', answer({ resultTruncated: 'true' })],
    ['does not say whether it was cut', answer({ resultTruncated: undefined })],
    [
      'is full, so that it may have been cut without a word',
      answer({ data: rows(1000), totalRecords: 1000 }),
    ],
    [
      'has a thousand rows and shows some',
      answer({ data: rows(1000), totalRecords: 2500 }),
    ],
    [
      'has a row twice, in another spelling',
      answer({ data: [{ id: '/r/a' }, { id: '/R/A' }, { id: '/r/b' }] }),
    ],
    ['is a table', answer({ data: { columns: [], rows: [] } })],
    ['has no rows', answer({ data: undefined })],
    ['is nothing', undefined],
  ])('F28: that %s is not used at all', (_why, broken) => {
    expect(() => wholeRows(broken)).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^(PartialAnswer|TooManyRows)$/),
        effect: 'refused',
      }),
    );
  });
});
