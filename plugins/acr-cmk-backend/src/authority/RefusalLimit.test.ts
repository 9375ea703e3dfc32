import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { RefusalLimit } from './RefusalLimit';

const OLIVIA = 'user:default/olivia';
const PETER = 'user:default/peter';

describe('the limit of refusals', () => {
  let now: number;
  let reported: string[];
  let limit: RefusalLimit;
  beforeEach(() => {
    now = 1_000;
    reported = [];
    limit = new RefusalLimit({
      refusalsPerMinute: 2,
      stopwatch: () => now,
      trace: { refused: (actor: string) => reported.push(actor) } as never,
    });
  });

  const ask = (person: string, error?: Error) =>
    limit
      .counting(person, async () => {
        if (error) throw error;
        return 'done';
      })
      .catch(caught => caught.code ?? caught.name);

  it('lets nobody ask more who was refused twice within a minute, and says for how long', async () => {
    expect(await ask(OLIVIA, new NotAllowedError('no'))).toBe(
      'NotAllowedError',
    );
    now += 20_000;
    expect(await ask('User:Default/Olivia', new NotFoundError('no'))).toBe(
      'NotFoundError',
    );
    await expect(
      limit.counting(OLIVIA, async () => 'done'),
    ).rejects.toMatchObject({
      statusCode: 429,
      limit: 'refusalsPerMinute',
      retryAfterSeconds: 40,
      message:
        'One person may have 2 refused requests in a minute (acrCmk.limits.refusalsPerMinute). Try again in 40 seconds',
    });
    expect(reported).toEqual([OLIVIA]);
    expect(await ask(PETER)).toBe('done');
    now += 40_000;
    expect(await ask(OLIVIA, new ConflictError('no'))).toBe('ConflictError');
    expect(await ask(OLIVIA)).toBe('done');
  });

  it('holds for requests that come all at once: few of one person are worked on at a time', async () => {
    let begun = 0;
    const burst = Array.from({ length: 50 }, () =>
      limit
        .counting(OLIVIA, async () => {
          begun += 1;
          await new Promise(setImmediate);
          throw new NotAllowedError('no');
        })
        .catch(caught => caught.code ?? caught.name),
    );
    expect(await ask(PETER)).toBe('done');
    const outcomes = await Promise.all(burst);
    expect(begun).toBeGreaterThanOrEqual(2);
    expect(begun).toBeLessThanOrEqual(5);
    expect(outcomes.filter(one => one === 'LIMIT_REACHED')).toHaveLength(
      50 - begun,
    );
  });

  it('counts neither what is done nor what fails without being refused', async () => {
    for (let n = 0; n < 5; n++) {
      expect(await ask(OLIVIA)).toBe('done');
      expect(await ask(OLIVIA, new Error('The database is away'))).toBe(
        'Error',
      );
    }
  });
});
