import { BackgroundThrottle } from './BackgroundThrottle';

/** A clock that only waits move. */
function inVirtualTime() {
  let now = 0;
  const waits: number[] = [];
  let wake = () => {};
  const first = new BackgroundThrottle({
    monotonic: () => now,
    sleep: (ms, signal) => {
      waits.push(ms);
      return new Promise(resolve => {
        signal.addEventListener('abort', () => resolve());
        wake = () => {
          now += ms;
          resolve();
        };
      });
    },
  });
  return {
    first,
    waits,
    work: (ms: number) => {
      now += ms;
    },
    waitOver: () => wake(),
  };
}

/** Work that ends on demand. */
function request() {
  let answer = () => {};
  const answered = new Promise<void>(resolve => {
    answer = resolve;
  });
  return { answer, work: () => answered };
}

const rounds = async (count: number) => {
  for (let n = 0; n < count; n += 1) {
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
};

describe('background work beside requests', () => {
  it('begins one piece in each round of the event loop while nobody waits', async () => {
    const { first, waits } = inVirtualTime();
    let round = 0;
    let isOver = false;
    const count = () => {
      round += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const begun = await Promise.all(
      Array.from({ length: 5 }, async () => {
        await first.turn();
        return round;
      }),
    );
    isOver = true;
    expect(new Set(begun).size).toBe(5);
    expect(waits).toEqual([]);
  });

  it('begins nothing while a request is being answered, and all of it afterwards', async () => {
    const { first, work } = inVirtualTime();
    const one = request();
    const other = request();
    work(10_000);
    const answers = [first.answer(one.work), first.answer(other.work)];
    let begun = 0;
    const pieces = Array.from({ length: 3 }, async () => {
      await first.turn();
      begun += 1;
    });
    await rounds(10);
    one.answer();
    await rounds(10);
    expect(begun).toBe(0);
    other.answer();
    await Promise.all([...answers, ...pieces]);
    expect(begun).toBe(3);
  });

  it('waits at most as long as it has run, and at most a second at once', async () => {
    const { first, waits, work, waitOver } = inVirtualTime();
    const endless = request();
    const answers = first.answer(endless.work);
    const piece = async (ms: number) => {
      const turn = first.turn();
      await rounds(2);
      waitOver();
      await turn;
      work(ms);
    };
    work(60_000);
    await piece(3);
    await piece(40);
    await piece(0);
    expect(waits).toEqual([1_000, 3, 40]);
    endless.answer();
    await answers;
  });

  it('goes on when a request fails', async () => {
    const { first, work } = inVirtualTime();
    work(1_000);
    await expect(
      first.answer(async () => {
        throw new Error('Broken');
      }),
    ).rejects.toThrow('Broken');
    await first.turn();
  });
});
