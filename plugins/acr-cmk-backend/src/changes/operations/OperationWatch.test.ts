import { getEventListeners } from 'node:events';
import { OperationWatch } from './OperationWatch';

describe('OperationWatch', () => {
  it('leaves one listener on the signal, however often its operation is read', async () => {
    const watch = new OperationWatch({
      operations: { get: async () => undefined },
      sleep: async () => {},
      everyMs: 1000,
    });
    const closed = new AbortController();
    const watcher = watch.join('op-1', closed.signal);
    for (let reading = 1; reading <= 20; reading += 1) {
      expect(await watcher.next()).toEqual({
        number: reading,
        record: undefined,
      });
    }
    expect(getEventListeners(closed.signal, 'abort')).toHaveLength(1);

    closed.abort();
    expect(watch.size).toBe(0);
    expect(await watcher.next()).toBeUndefined();
  });
});
