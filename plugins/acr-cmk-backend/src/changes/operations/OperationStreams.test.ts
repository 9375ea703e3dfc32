import { mockCredentials } from '@backstage/backend-test-utils';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import type { Sleep } from '../../platform/time/realClock';
import type { OperationRecord } from '../../engine/types';
import { OperationStreams } from './OperationStreams';

const ID = '00000000-0000-4000-8000-000000000000';
const person = (name: string) => mockCredentials.user(`user:default/${name}`);

/** Waits until all work is done that does not need time to pass. */
const settled = () => new Promise(resolve => setImmediate(resolve));

/** Time that passes when the test says so. */
class Clockwork {
  #waiting: (() => void)[] = [];
  pauses = 0;

  sleep: Sleep = (_ms, signal) =>
    new Promise(resolve => {
      this.pauses += 1;
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });

  /** Half a second goes by. */
  async tick(): Promise<void> {
    const due = this.#waiting;
    this.#waiting = [];
    due.forEach(resolve => resolve());
    await settled();
  }
}

function world() {
  const clock = new Clockwork();
  const record = { id: ID, revision: 1, state: 'running' };
  const operation = () => ({ ...record }) as unknown as Operation;
  const counts = { reads: 0, permissionChecks: 0 };
  let mayRead = true;
  const check = async () => {
    counts.permissionChecks += 1;
    if (!mayRead) throw new Error('not visible');
    return operation();
  };
  const streams = new OperationStreams({
    reader: { operation: check, visible: check },
    operations: {
      async get() {
        counts.reads += 1;
        return { ...record } as unknown as OperationRecord;
      },
    },
    sleep: clock.sleep,
  });
  /** Opens a stream and reads it until it ends. */
  const open = (name: string, { after = 0 } = {}) => {
    const left = new AbortController();
    const seen: number[] = [];
    const end = (async () => {
      for await (const change of streams.changes(ID, {
        credentials: person(name),
        after,
        signal: left.signal,
      })) {
        if (change) seen.push(change.revision);
      }
    })();
    const failure = end.then(
      () => undefined,
      error => error,
    );
    return { leave: () => left.abort(), seen, failure };
  };
  return {
    clock,
    counts,
    streams,
    open,
    change: (to: Partial<typeof record>) => Object.assign(record, to),
    forbid: () => {
      mayRead = false;
    },
  };
}

describe('F34: those who watch an operation', () => {
  it('share one look at the database, and one permission check for each person, however many they are', async () => {
    const costs = await Promise.all(
      [1, 40].map(async watchers => {
        const { clock, counts, open, change } = world();
        const all = Array.from({ length: watchers }, () => open('olivia'));
        await settled();
        const opened = { ...counts };
        for (let tick = 0; tick < 130; tick += 1) await clock.tick();
        change({ revision: 2 });
        await clock.tick();
        change({ revision: 3, state: 'succeeded' });
        await clock.tick();
        expect(await Promise.all(all.map(({ failure }) => failure))).toEqual(
          all.map(() => undefined),
        );
        expect(all.map(({ seen }) => seen)).toEqual(all.map(() => [1, 2, 3]));
        return {
          reads: counts.reads - opened.reads,
          checks: counts.permissionChecks - opened.permissionChecks,
          pauses: clock.pauses,
        };
      }),
    );
    // One check a half minute, and one for each change.
    expect(costs[0]).toEqual({ reads: 132, checks: 4, pauses: 132 });
    expect(costs[1]).toEqual(costs[0]);
  });

  it('are checked one by one when they are different people', async () => {
    const { clock, counts, open, change } = world();
    ['olivia', 'peter', 'quinn'].forEach(name => open(name));
    await settled();
    change({ revision: 2, state: 'succeeded' });
    await clock.tick();
    expect(counts).toEqual({ reads: 1, permissionChecks: 6 });
  });

  it('leave nothing behind when they leave, one after another', async () => {
    const { clock, counts, streams, open } = world();
    const first = open('olivia');
    const second = open('peter');
    await settled();
    expect(streams.size).toBe(1);
    first.leave();
    await settled();
    expect(streams.size).toBe(1);
    await clock.tick();
    expect(counts.reads).toBe(1);
    second.leave();
    await Promise.all([first.failure, second.failure]);
    expect(streams.size).toBe(0);
    await clock.tick();
    expect(counts.reads).toBe(1);
  });

  it('that come as the last one leaves are looked for anew', async () => {
    const { clock, open, change } = world();
    const first = open('olivia');
    await settled();
    first.leave();
    const second = open('peter', { after: 1 });
    await settled();
    change({ revision: 2, state: 'succeeded' });
    await clock.tick();
    expect(await second.failure).toBeUndefined();
    expect(second.seen).toEqual([2]);
  });

  it('see nothing more once they may not read it', async () => {
    const { clock, streams, open, change, forbid } = world();
    const { failure, seen } = open('olivia');
    await settled();
    forbid();
    change({ revision: 2 });
    await clock.tick();
    expect(await failure).toEqual(new Error('not visible'));
    expect(seen).toEqual([1]);
    expect(streams.size).toBe(0);
  });

  it('are cut off within half a minute when nothing changes', async () => {
    const { clock, open, forbid } = world();
    const { failure } = open('olivia');
    await settled();
    forbid();
    for (let tick = 0; tick < 60; tick += 1) await clock.tick();
    expect(await failure).toEqual(new Error('not visible'));
  });
});
