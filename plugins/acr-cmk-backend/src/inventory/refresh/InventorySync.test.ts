import { mockServices } from '@backstage/backend-test-utils';
import { InventorySync } from './InventorySync';

type Deps = ConstructorParameters<typeof InventorySync>[0];

/** Promise, and the function that resolves it. */
function signal() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { come: promise, send: () => resolve() };
}

describe('a turn of the sync', () => {
  let did: string[];
  let stored: unknown[];
  let listed: ReturnType<typeof signal>;
  let keysRead: ReturnType<typeof signal>;

  beforeEach(() => {
    did = [];
    stored = [];
    listed = signal();
    keysRead = signal();
  });

  function syncOf(resume: (found: () => Promise<void>) => Promise<void>) {
    const readDue: Deps['reader']['readDue'] = async (_, kept) => {
      did.push('read');
      keysRead.send();
      await listed.come;
      kept?.();
      return 1;
    };
    return new InventorySync({
      sweeper: {
        resume: async ({ found }: { found: () => Promise<void> }) =>
          resume(found),
      },
      keys: { listDue: async () => did.push('list keys') },
      stale: {
        queue: async () => undefined,
        queueUnreadKeys: async () => undefined,
        queueFailed: async () => undefined,
      },
      reader: { readDue },
      state: {
        get: async () => undefined,
        set: async (_name: string, value: unknown) => stored.push(value),
      },
      clock: { now: async () => 0 },
      subscriptions: async () => ['one'],
      judge: async () => did.push('judge'),
      logger: mockServices.logger.mock(),
      everyMs: 300_000,
    } as unknown as Deps);
  }

  it('reads the keys of registries that a list has found while the other lists are read, and judges them when all is listed', async () => {
    await syncOf(async found => {
      await found();
      await keysRead.come;
      did.push('listed');
      setImmediate(listed.send);
    }).turn();
    expect(did.slice(0, 4)).toEqual(['list keys', 'read', 'listed', 'judge']);
  });

  it('judges nothing before all is listed', async () => {
    listed.send();
    await syncOf(async found => {
      await found();
      await keysRead.come;
      await new Promise(setImmediate);
      did.push('listed');
    }).turn();
    expect(did.indexOf('judge')).toBeGreaterThan(did.indexOf('listed'));
  });

  it('does not end while keys are read, although it was stopped', async () => {
    const stop = new AbortController();
    const turn = syncOf(async found => {
      await found();
      stop.abort();
    }).turn(stop.signal);
    let isOver = false;
    void turn.then(() => {
      isOver = true;
    });
    await keysRead.come;
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    listed.send();
    await turn;
    expect(did).toEqual(['list keys', 'read', 'judge']);
  });

  it('has ended, and was not killed, when a shutdown ends it', async () => {
    const stop = new AbortController();
    await syncOf(async () => stop.abort()).turn(stop.signal);
    expect(did).toEqual([]);
    expect(stored).toEqual([{ startedAt: 0 }, { startedAt: 0, endedAt: 0 }]);
  });
});
