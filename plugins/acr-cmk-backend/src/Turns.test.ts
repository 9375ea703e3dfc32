import { Turns } from './Turns';

/** Work that ends when it is told. */
function work(turns: Turns, person: string, log: string[], name: string) {
  let end = (_error?: Error) => {};
  const done = turns.run(
    person,
    () =>
      new Promise<void>((resolve, reject) => {
        log.push(name);
        end = error => (error ? reject(error) : resolve());
      }),
  );
  return { done, end: (error?: Error) => end(error) };
}

describe('turns', () => {
  it('limit how much one person can do at once, and leave others their share', async () => {
    const turns = new Turns({ atOnce: 2 });
    const log: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map(name =>
      work(turns, 'olivia', log, name),
    );
    const other = work(turns, 'paul', log, 'of paul');
    expect(log).toEqual(['a', 'b', 'of paul']);
    a.end();
    await a.done;
    expect(log).toEqual(['a', 'b', 'of paul', 'c']);
    [b, c, other].forEach(({ end }) => end());
    await Promise.all([b.done, c.done, other.done]);
    expect(turns.size).toBe(0);
  });

  it('go on after work that fails', async () => {
    const turns = new Turns({ atOnce: 1 });
    const log: string[] = [];
    const first = work(turns, 'olivia', log, 'first');
    const second = work(turns, 'olivia', log, 'second');
    first.end(new Error('no'));
    await expect(first.done).rejects.toThrow('no');
    expect(log).toEqual(['first', 'second']);
    second.end();
    await second.done;
    expect(turns.size).toBe(0);
  });
});
