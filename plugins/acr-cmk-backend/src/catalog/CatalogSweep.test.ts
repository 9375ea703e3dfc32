import { CatalogSweep, type Swept } from './CatalogSweep';

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
  const isRead = await sweep.askSoon();
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
    await sweep.askSoon();
    expect(background).toHaveLength(2);
    for (const work of background) await work();
    expect(state.sweeps).toBe(1);
  });
});
