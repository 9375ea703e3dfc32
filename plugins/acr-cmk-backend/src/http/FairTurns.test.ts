import { FairTurns } from './FairTurns';

/** Turns of the event loop that pass when the test says so. */
function world() {
  const due: (() => void)[] = [];
  const begun: string[] = [];
  const paused: (() => void)[] = [];
  const turns = new FairTurns(
    next => due.push(next),
    next => paused.push(next),
  );
  return {
    paused,
    turns,
    begun,
    ask: (...names: string[]) =>
      names.forEach(name =>
        turns.begin(name.split(' ')[0], () => begun.push(name)),
      ),
    turn: () => due.splice(0).forEach(next => next()),
    due,
  };
}

describe('requests', () => {
  it('of one person begin one in each turn, in the order in which they came', () => {
    const { ask, begun, turn } = world();
    ask('olivia 1', 'olivia 2', 'olivia 3');
    expect(begun).toEqual(['olivia 1']);
    turn();
    expect(begun).toEqual(['olivia 1', 'olivia 2']);
    turn();
    expect(begun).toEqual(['olivia 1', 'olivia 2', 'olivia 3']);
  });

  it('of others do not wait behind them', () => {
    const { ask, begun, turn } = world();
    ask('olivia 1', 'olivia 2', 'olivia 3', 'peter 1', 'peter 2');
    expect(begun).toEqual(['olivia 1', 'peter 1']);
    ask('quinn 1');
    expect(begun.slice(2)).toEqual(['quinn 1']);
    turn();
    expect(begun.slice(3)).toEqual(['olivia 2', 'peter 2']);
  });

  it('that come one after the other begin at once, and leave nothing behind', () => {
    const { ask, begun, turn, turns, due } = world();
    for (let n = 1; n <= 3; n += 1) {
      ask(`olivia ${n}`);
      expect(begun).toHaveLength(n);
      turn();
    }
    expect(turns.size).toBe(0);
    expect(due).toEqual([]);
  });

  it('of somebody who has very many begin with a pause between them, until few are left', () => {
    const { ask, begun, turn, paused, turns } = world();
    ask(...Array.from({ length: 40 }, (_, n) => `olivia ${n}`), 'peter 0');
    expect(begun).toEqual(['olivia 0', 'peter 0']);
    turn();
    expect(begun.slice(2)).toEqual(['olivia 1']);
    turn();
    expect(begun.slice(3)).toEqual([]);
    let pauses = 0;
    while (paused.length > 0) {
      paused.splice(0).forEach(next => next());
      pauses += 1;
    }
    expect([pauses, begun.length]).toEqual([8, 11]);
    while (turns.size > 0) turn();
    expect(begun).toHaveLength(41);
  });

  it('are not held back where so many wait that it is cheaper to answer them', () => {
    const { ask, paused, turn } = world();
    ask(...Array.from({ length: 1_010 }, (_, n) => `olivia ${n}`));
    turn();
    expect(paused).toEqual([]);
  });

  it('may ask for another while they begin', () => {
    const { turns, ask, begun, turn } = world();
    turns.begin('olivia', () => ask('olivia again'));
    expect(begun).toEqual([]);
    turn();
    expect(begun).toEqual(['olivia again']);
  });
});
