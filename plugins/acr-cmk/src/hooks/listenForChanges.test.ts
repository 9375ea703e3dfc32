import { setHidden } from '../__testUtils__/hiddenTab';
import { listenForChanges, SPREAD_MS } from './listenForChanges';

describe('listenForChanges', () => {
  let hear: (message: { tokens?: string[] }) => void;
  let heardOn: string;
  let calls: number[];
  let stop: () => void;
  let start: number;
  const unsubscribe = jest.fn();
  beforeEach(() => {
    jest.useFakeTimers();
    start = Date.now();
    calls = [];
    stop = listenForChanges({
      signals: {
        subscribe(channel, onMessage) {
          heardOn = channel;
          hear = onMessage as unknown as typeof hear;
          return { unsubscribe };
        },
      },
      concerns: tokens => tokens.includes('mine'),
      onChange: () => calls.push(Date.now() - start),
      pauseMs: 10_000,
      random: () => 0.5,
    });
  });
  afterEach(() => {
    stop();
    jest.useRealTimers();
    setHidden(false);
  });

  it('asks soon, but not all viewers at once', () => {
    expect(heardOn).toBe('acr-cmk:changes');
    hear({ tokens: ['mine'] });
    jest.advanceTimersByTime(SPREAD_MS / 2 - 1);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(calls).toEqual([SPREAD_MS / 2]);
  });

  it('asks once for many signals, and again for what comes after', () => {
    hear({ tokens: ['mine'] });
    hear({ tokens: ['mine'] });
    jest.advanceTimersByTime(SPREAD_MS);
    hear({ tokens: ['mine'] });
    hear({ tokens: ['mine'] });
    jest.advanceTimersByTime(60_000);
    expect(calls).toEqual([
      SPREAD_MS / 2,
      SPREAD_MS / 2 + 10_000 + SPREAD_MS / 2,
    ]);
  });

  it('does not ask for what concerns others', () => {
    hear({ tokens: ['theirs'] });
    jest.advanceTimersByTime(60_000);
    expect(calls).toEqual([]);
  });

  it('asks when too much has changed to be named', () => {
    hear({});
    jest.advanceTimersByTime(SPREAD_MS);
    expect(calls).toHaveLength(1);
  });

  it('asks once a hidden tab is shown again', () => {
    setHidden(true);
    hear({ tokens: ['mine'] });
    jest.advanceTimersByTime(60_000);
    expect(calls).toEqual([]);
    setHidden(false);
    expect(calls).toEqual([60_000]);
    setHidden(true);
    setHidden(false);
    expect(calls).toHaveLength(1);
  });

  it('asks no more once it was ended', () => {
    hear({ tokens: ['mine'] });
    stop();
    jest.advanceTimersByTime(60_000);
    expect(calls).toEqual([]);
    expect(unsubscribe).toHaveBeenCalled();
  });
});
