import { lateBecause, turnTimeoutMs } from './turns';

const MINUTE_MS = 60_000;
const EVERY_MS = 5 * MINUTE_MS;
const START = Date.parse('2026-11-25T12:00:00Z');
const after = (minutes: number) => START + minutes * MINUTE_MS;

describe('the next turn of the sync', () => {
  it.each([
    ['has its time left', { startedAt: START, endedAt: after(0.1) }, 1.5],
    ['runs', { startedAt: START }, 1.9],
    [
      'runs, and the one before it has ended',
      { startedAt: START, endedAt: after(-1) },
      1.9,
    ],
    [
      'follows a long one that has just ended',
      { startedAt: START, endedAt: after(2) },
      2.5,
    ],
  ])('is not late when it %s', (_case, turn, minutes) => {
    expect(
      lateBecause(turn, { now: after(minutes), everyMs: EVERY_MS }),
    ).toBeUndefined();
  });

  it.each([
    ['was never begun', undefined, 0, 'The sync has not started yet'],
    [
      'waits for one that was killed',
      { startedAt: START, endedAt: after(-1) },
      2.5,
      'The turn that began at 25 Nov 2026, 12:00 UTC has not ended: its backend was killed, or waits for Azure or the database. The next turn begins by 25 Nov 2026, 12:03 UTC',
    ],
    [
      'does not come after one that was killed',
      { startedAt: START },
      5,
      'no backend has begun another one',
    ],
    [
      'does not come',
      { startedAt: START, endedAt: after(0.1) },
      2.5,
      'No backend has begun a turn since the last one ended at 25 Nov 2026, 12:00 UTC',
    ],
  ])('is late when it %s', (_case, turn, minutes, why) => {
    expect(
      lateBecause(turn, { now: after(minutes), everyMs: EVERY_MS }),
    ).toContain(why);
  });

  it('comes within two intervals after a kill, however short they are', () => {
    for (const everyMs of [MINUTE_MS, 2 * MINUTE_MS, EVERY_MS]) {
      expect(turnTimeoutMs(everyMs) + MINUTE_MS).toBeLessThanOrEqual(
        2 * everyMs,
      );
    }
  });
});
