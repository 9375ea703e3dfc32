import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import { LimitTrace, type Refusals } from './LimitTrace';

const OLIVIA = 'user:default/olivia';
const PETER = 'user:default/peter';
const tooManyPlans = new LimitReached('plansPerMinute', 30, 40);
const tooManyStreams = new LimitReached('openStreams', 20, 10);

describe('the trace of refusals by a limit', () => {
  let reported: Refusals[];
  let timers: { ms: number; then: () => void }[];
  let trace: LimitTrace;
  beforeEach(() => {
    reported = [];
    timers = [];
    trace = new LimitTrace({
      after: (ms, then) => timers.push({ ms, then }),
      report: refusals => reported.push(refusals),
    });
  });
  /** What was waiting is due. */
  const letTimePass = () => timers.splice(0).forEach(({ then }) => then());

  it('reports the first refusal at once and the count after a minute', () => {
    for (let n = 0; n < 500; n += 1) trace.refused(OLIVIA, tooManyPlans);
    expect(reported).toEqual([
      { actor: OLIVIA, count: 1, error: tooManyPlans },
    ]);
    expect(timers.map(({ ms }) => ms)).toEqual([60_000]);
    letTimePass();
    expect(reported.slice(1)).toEqual([
      { actor: OLIVIA, count: 499, error: tooManyPlans },
    ]);
    expect(timers).toEqual([]);
  });

  it('reports again after a minute without refusals', () => {
    trace.refused(OLIVIA, tooManyPlans);
    letTimePass();
    expect(reported).toHaveLength(1);
    trace.refused(OLIVIA, tooManyPlans);
    expect(reported).toHaveLength(2);
  });

  it('reports each person and limit separately', () => {
    trace.refused(OLIVIA, tooManyPlans);
    trace.refused(OLIVIA, tooManyStreams);
    trace.refused(PETER, tooManyPlans);
    expect(reported.map(({ actor, error }) => [actor, error.limit])).toEqual([
      [OLIVIA, 'plansPerMinute'],
      [OLIVIA, 'openStreams'],
      [PETER, 'plansPerMinute'],
    ]);
  });
});
