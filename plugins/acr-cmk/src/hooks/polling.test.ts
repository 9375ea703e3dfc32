import { setHidden } from '../__testUtils__/hiddenTab';
import { startPolling, FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from './polling';
import type { ResourceEvent } from './resourceReducer';

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  setHidden(false);
  jest.useRealTimers();
});

function start(answers: (() => Promise<string>)[] = []) {
  const events: ResourceEvent<string>[] = [];
  const loads: boolean[] = [];
  const polling = startPolling<string>({
    load: ({ refresh }) => {
      loads.push(refresh);
      return (answers.shift() ?? (async () => 'data'))();
    },
    onEvent: event => events.push(event),
    pauseAfter: () => 1_000,
  });
  return { polling, events, loads };
}

const fails = async () => {
  throw new Error('down');
};

describe('polling', () => {
  it('requests at once, and again after the pause', async () => {
    const { loads, polling } = start();
    await jest.advanceTimersByTimeAsync(999);
    expect(loads).toEqual([false]);
    await jest.advanceTimersByTimeAsync(1);
    expect(loads).toEqual([false, false]);
    polling.stop();
  });

  it('waits longer after each failure, and resumes its pace after an answer', async () => {
    const { loads, polling } = start([fails, fails, fails]);
    await jest.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    expect(loads).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(2 * FIRST_PAUSE_MS - 1);
    expect(loads).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(loads).toHaveLength(3);
    await jest.advanceTimersByTimeAsync(4 * FIRST_PAUSE_MS);
    expect(loads).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(loads).toHaveLength(5);
    polling.stop();
  });

  it('never waits longer than the limit', async () => {
    const { loads, polling } = start(Array(20).fill(fails));
    await jest.advanceTimersByTimeAsync(20 * LONGEST_PAUSE_MS);
    const before = loads.length;
    await jest.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
    expect(loads.length).toBeGreaterThan(before);
    polling.stop();
  });

  it('sends no request in a hidden tab, and one at once when it is shown again', async () => {
    const { loads, polling } = start();
    await jest.advanceTimersByTimeAsync(1);
    setHidden(true);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(loads).toHaveLength(1);
    setHidden(false);
    await jest.advanceTimersByTimeAsync(0);
    expect(loads).toHaveLength(2);
    polling.stop();
  });

  it('numbers its requests, so that a late answer is recognised', async () => {
    let answerFirst: (text: string) => void = () => undefined;
    const { events, polling } = start([
      () => new Promise(resolve => (answerFirst = resolve)),
      async () => 'second',
    ]);
    polling.ask({ refresh: true });
    await jest.advanceTimersByTimeAsync(0);
    answerFirst('first');
    await jest.advanceTimersByTimeAsync(0);
    expect(events.map(event => [event.type, event.request])).toEqual([
      ['asked', 1],
      ['asked', 2],
      ['answered', 2],
      ['answered', 1],
    ]);
    polling.stop();
  });

  it('emits nothing after it was stopped', async () => {
    let answer: (text: string) => void = () => undefined;
    const { events, loads, polling } = start([
      () => new Promise(resolve => (answer = resolve)),
    ]);
    polling.stop();
    answer('late');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(events).toEqual([{ type: 'asked', request: 1 }]);
    expect(loads).toHaveLength(1);
  });
});
