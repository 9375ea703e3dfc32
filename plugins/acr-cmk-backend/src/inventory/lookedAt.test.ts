import { CONSUMER_TYPES } from '../domain/consumers/types';
import { lookedAtOf, type LookedAtIn } from './lookedAt';

const AT = Date.parse('2026-12-03T10:00:00Z');
const may = (...actions: string[]) => ({
  value: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
});
const READ = may('*/read');
const one = (change: Partial<LookedAtIn> = {}): LookedAtIn => ({
  subscription: 's1',
  isWhole: true,
  observedAt: AT,
  rights: READ,
  ...change,
});
const problem = { kind: 'denied', code: 'X', message: 'It is denied' } as const;

describe('where consumers were looked for', () => {
  it('is everywhere when each list is whole and every type may be read', () => {
    expect(lookedAtOf([one(), one({ observedAt: AT - 1 })])).toEqual({
      state: 'all',
      at: AT - 1,
      types: CONSUMER_TYPES.map(({ service }) => service),
      notReadable: [],
    });
  });

  it.each<[why: string, change: Partial<LookedAtIn>, says: string]>([
    [
      'without the right to read any of them, however whole the list is',
      { rights: may('Microsoft.ContainerRegistry/registries/read') },
      'it lacks Microsoft.Storage/storageAccounts/read',
    ],
    ['while our rights are not known', { rights: undefined }, 'not been read'],
    [
      'when our rights could not be read again',
      { rights: { ...READ, problem } },
      'It is denied',
    ],
    [
      'before the first list',
      { isWhole: false, observedAt: undefined },
      'not been listed yet',
    ],
    [
      'when the first list failed',
      { isWhole: false, observedAt: undefined, problem: 'It is denied' },
      'It is denied',
    ],
    [
      'when the last list failed',
      { isWhole: false, problem: 'It has fallen' },
      'It has fallen',
    ],
    [
      'when the last list is old',
      { isWhole: false },
      'last listed at 2026-12-03T10:00:00.000Z',
    ],
  ])('is nowhere %s', (_why, change, says) => {
    expect(lookedAtOf([one(change)])).toMatchObject({
      state: 'no',
      types: [],
      notReadable: [
        { subscription: 's1', problem: expect.stringContaining(says) },
      ],
    });
  });

  it('is a part where some types may be read, and names what is missing', () => {
    const looked = lookedAtOf([
      one({
        rights: may(
          'Microsoft.Sql/*',
          'Microsoft.Storage/storageAccounts/read',
        ),
      }),
    ]);
    expect(looked).toMatchObject({
      state: 'partly',
      types: [
        'storage account',
        'SQL server',
        'SQL database',
        'SQL managed instance',
      ],
    });
    expect(looked.notReadable[0].problem).toContain(
      `may not read ${CONSUMER_TYPES.length - 4} of ${CONSUMER_TYPES.length} types`,
    );
  });

  it('is a part where one of two subscriptions may not be read', () => {
    const looked = lookedAtOf([
      one(),
      one({ subscription: 's2', rights: may() }),
    ]);
    expect(looked).toMatchObject({ state: 'partly', types: [] });
    expect(looked.notReadable).toHaveLength(1);
  });

  it('is a part where Azure did not answer just now, or there may be more subscriptions', () => {
    expect(lookedAtOf([one()], 'There may be more')).toMatchObject({
      state: 'partly',
      notReadable: [{ problem: 'There may be more' }],
    });
  });

  it('is nowhere without subscriptions', () => {
    expect(lookedAtOf([])).toEqual({ state: 'no', types: [], notReadable: [] });
  });
});
