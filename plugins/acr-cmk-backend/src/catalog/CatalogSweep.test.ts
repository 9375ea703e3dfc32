import type { Swept } from '../inventory/rows/links';
import { CatalogSweep } from './CatalogSweep';

const NOW = 1_000_000;

/** Asks once; what was added to the background waits until it is run. */
async function ask(last: Swept | undefined) {
  const state = { last, sweeps: 0 };
  const background: (() => Promise<unknown>)[] = [];
  const sweep = new CatalogSweep({
    sweep: async () => {
      state.sweeps += 1;
      state.last = { startedAt: NOW, items: 1 };
    },
    last: async () => state.last,
    clock: { now: async () => NOW },
    background: { add: (_name, work) => background.push(work) },
  });
  const isRead = await sweep.refreshSoon();
  return { state, background, sweep, isRead };
}

describe('reading the catalog for somebody who chooses from it', () => {
  it.each<[why: string, last: Swept | undefined, sweeps: number]>([
    ['it was never read', undefined, 1],
    ['read 59 s ago', { startedAt: NOW - 59_999, items: 3 }, 0],
    ['read a minute ago', { startedAt: NOW - 60_000, items: 3 }, 1],
    ['read 4 s ago, and empty', { startedAt: NOW - 4_999, items: 0 }, 0],
    ['read 5 s ago, and empty', { startedAt: NOW - 5_000, items: 0 }, 1],
  ])('%s', async (_why, last, sweeps) => {
    const { state, background, isRead } = await ask(last);
    expect(isRead).toBe(last !== undefined);
    expect(state.sweeps).toBe(0);
    for (const work of background) await work();
    expect(state.sweeps).toBe(sweeps);
  });

  it('does it once for many who ask at the same time', async () => {
    const { state, background, sweep } = await ask(undefined);
    await sweep.refreshSoon();
    expect(background).toHaveLength(2);
    for (const work of background) await work();
    expect(state.sweeps).toBe(1);
  });
});

describe('reading the catalog regularly', () => {
  /** Turns at these seconds after the last reading; how many entities each reading finds. */
  async function take(options: {
    last?: Swept;
    turns: readonly number[];
    finds: readonly number[];
  }) {
    const state = { last: options.last, now: NOW, readings: [] as number[] };
    const finds = [...options.finds];
    const sweep = new CatalogSweep({
      sweep: async () => {
        state.readings.push((state.now - NOW) / 1000);
        state.last = { startedAt: state.now, items: finds.shift() ?? 0 };
      },
      last: async () => state.last,
      clock: { now: async () => state.now },
      background: { add: () => undefined },
    });
    for (const seconds of options.turns) {
      state.now = NOW + seconds * 1000;
      await sweep.turn();
    }
    return state.readings;
  }

  it('goes on while the catalog fills, and then rests for three minutes', async () => {
    expect(
      await take({
        turns: [0, 30, 60, 90, 120, 150, 180, 210, 240, 270],
        finds: [0, 40, 300, 300, 300],
      }),
    ).toEqual([0, 30, 60, 90, 270]);
  });

  it('goes on while a slow catalog still holds nothing', async () => {
    expect(
      await take({
        turns: [0, 30, 60, 90, 120, 150],
        finds: [0, 0, 0, 40, 40],
      }),
    ).toEqual([0, 30, 60, 90, 120]);
  });

  it('reads once more after a start, although another process has read just now', async () => {
    expect(
      await take({
        last: { startedAt: NOW - 1000, items: 12 },
        turns: [0, 30, 60],
        finds: [12],
      }),
    ).toEqual([0]);
  });
});
