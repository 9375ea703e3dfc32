import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import { LimitTrace, type Refusals } from './LimitTrace';

const OLIVIA = 'user:default/olivia';
const PETER = 'user:default/peter';
const tooManyPlans = new LimitReached('plansPerMinute', 30, 40);
const tooManyStreams = new LimitReached('openStreams', 20, 10);

describe('who is refused by a limit', () => {
  let now: number;
  let told: Refusals[];
  let trace: LimitTrace;
  beforeEach(() => {
    now = 0;
    told = [];
    trace = new LimitTrace({
      stopwatch: () => now,
      tell: refusals => told.push(refusals),
    });
  });

  it('is told at once, and then with how many there were in a minute', () => {
    for (let n = 0; n < 500; n += 1) trace.refused(OLIVIA, tooManyPlans);
    expect(told).toEqual([{ actor: OLIVIA, count: 1, error: tooManyPlans }]);
    now = 59_999;
    trace.flush();
    expect(told).toHaveLength(1);
    now = 60_000;
    trace.flush();
    expect(told.slice(1)).toEqual([
      { actor: OLIVIA, count: 499, error: tooManyPlans },
    ]);
    now = 600_000;
    trace.flush();
    expect(told).toHaveLength(2);
  });

  it('is told for each person and limit', () => {
    trace.refused(OLIVIA, tooManyPlans);
    trace.refused(OLIVIA, tooManyStreams);
    trace.refused(PETER, tooManyPlans);
    expect(told.map(({ actor, error }) => [actor, error.limit])).toEqual([
      [OLIVIA, 'plansPerMinute'],
      [OLIVIA, 'openStreams'],
      [PETER, 'plansPerMinute'],
    ]);
  });

  it('is told when somebody else is refused later', () => {
    trace.refused(OLIVIA, tooManyPlans);
    trace.refused(OLIVIA, tooManyPlans);
    now = 61_000;
    trace.refused(PETER, tooManyPlans);
    expect(told.slice(1)).toMatchObject([
      { actor: PETER, count: 1 },
      { actor: OLIVIA, count: 1 },
    ]);
  });
});
