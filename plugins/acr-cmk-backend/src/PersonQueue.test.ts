import { PersonQueue } from './PersonQueue';

/** Work that ends when the test says so. */
function work(queue: PersonQueue, person: string, log: string[], name: string) {
  let end = (_error?: Error) => {};
  const done = queue.run(
    person,
    () =>
      new Promise<void>((resolve, reject) => {
        log.push(name);
        end = error => (error ? reject(error) : resolve());
      }),
  );
  return { done, end: (error?: Error) => end(error) };
}

/** Turns of the event loop that come when the test says so. */
function loop() {
  const later: (() => void)[] = [];
  return {
    afterTurn: (next: () => void) => void later.push(next),
    turn: () => later.splice(0).forEach(next => next()),
  };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

describe('the queue of each person', () => {
  it('limit how much one person can do at once, and leave others their share', async () => {
    const { afterTurn, turn } = loop();
    const queue = new PersonQueue({ atOnce: 2, afterTurn });
    const log: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map(name =>
      work(queue, 'olivia', log, name),
    );
    const other = work(queue, 'paul', log, 'of paul');
    expect(log).toEqual(['a', 'b', 'of paul']);
    a.end();
    await a.done;
    turn();
    await settled();
    expect(log).toEqual(['a', 'b', 'of paul', 'c']);
    [b, c, other].forEach(({ end }) => end());
    await Promise.all([b.done, c.done, other.done]);
    expect(queue.size).toBe(0);
  });

  it('begin what waited in a later turn of the event loop, so that others are served in between', async () => {
    const { afterTurn, turn } = loop();
    const queue = new PersonQueue({ atOnce: 1, afterTurn });
    const log: string[] = [];
    const done = ['a', 'b', 'c'].map(name =>
      queue.run('olivia', async () => void log.push(name)),
    );
    await settled();
    expect(log).toEqual(['a']);
    turn();
    await settled();
    expect(log).toEqual(['a', 'b']);
    turn();
    await Promise.all(done);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('go on after work that fails', async () => {
    const queue = new PersonQueue({ atOnce: 1 });
    const log: string[] = [];
    const first = work(queue, 'olivia', log, 'first');
    const second = work(queue, 'olivia', log, 'second');
    first.end(new Error('no'));
    await expect(first.done).rejects.toThrow('no');
    await settled();
    expect(log).toEqual(['first', 'second']);
    second.end();
    await second.done;
    expect(queue.size).toBe(0);
  });
});
