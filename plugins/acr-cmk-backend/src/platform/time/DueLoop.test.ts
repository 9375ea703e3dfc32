import { DueLoop, type DueWork } from './DueLoop';

/** A loop over work that waits as the list says, and stops at the end of the list. */
async function waitsOf(
  work: Partial<DueWork>,
  { during }: { during?(loop: DueLoop): void } = {},
) {
  const stopped = new AbortController();
  const logged: string[] = [];
  const waits: { ms: number; isWoken: boolean }[] = [];
  const loop = new DueLoop(
    {
      name: 'Rows',
      sweep: async () => during?.(loop),
      msUntilDue: async () => undefined,
      ...work,
    },
    { error: message => logged.push(message) },
  );
  await loop.run(async (ms, { aborted }) => {
    waits.push({ ms, isWoken: aborted });
    stopped.abort();
  }, stopped.signal);
  return { waits, logged };
}

it.each([
  ['nothing is known to be due', undefined, 4_000],
  ['the next row is due in a minute', 60_000, 4_000],
  ['the next row is due soon', 30, 30],
  ['a row is still due', 0, 250],
  ['a row is overdue', -5_000, 250],
])('waits when %s', async (_when, untilDue, ms) => {
  const { waits } = await waitsOf({ msUntilDue: async () => untilDue });
  expect(waits).toEqual([{ ms, isWoken: false }]);
});

it('waits before it tries again what could not be done', async () => {
  const { waits, logged } = await waitsOf({
    checkMs: 2_000,
    sweep: async () => false,
    msUntilDue: async () => 0,
  });
  expect(waits).toEqual([{ ms: 2_000, isWoken: false }]);
  expect(logged).toEqual([]);
});

it.each(['sweep', 'msUntilDue'] as const)(
  'says that %s failed, and goes on later',
  async call => {
    const { waits, logged } = await waitsOf({
      async [call]() {
        throw new Error('No database');
      },
    });
    expect(waits).toEqual([{ ms: 4_000, isWoken: false }]);
    expect(logged).toEqual(['Rows cannot be read']);
  },
);

it('counts a call of wake that comes during a sweep', async () => {
  const { waits } = await waitsOf({}, { during: loop => loop.wake() });
  expect(waits).toEqual([{ ms: 4_000, isWoken: true }]);
});

it('ends a wait when it is stopped', async () => {
  const stopped = new AbortController();
  const sweep = jest.fn(async () => undefined);
  const loop = new DueLoop(
    { name: 'Rows', sweep, msUntilDue: async () => undefined },
    { error: jest.fn() },
  );
  await loop.run(
    (_ms, woken) =>
      new Promise(resolve => {
        woken.addEventListener('abort', () => resolve());
        stopped.abort();
      }),
    stopped.signal,
  );
  expect(sweep).toHaveBeenCalledTimes(1);
});
