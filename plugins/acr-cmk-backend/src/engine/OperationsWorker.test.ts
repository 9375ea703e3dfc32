import { until } from '../__testUtils__/until';
import { sleep } from '../platform/time/realClock';
import { silentLogger } from '../__testUtils__/engine';
import { OperationsWorker } from './OperationsWorker';
import type { RunnerDeps } from './run';
import type { Lease } from './types';

describe('a worker whose operations all hang', () => {
  it('has places left that only revokes take', async () => {
    const due = ['rotation 1', 'rotation 2', 'rotation 3'];
    const begun: string[] = [];
    const release: (() => void)[] = [];
    const leases: Partial<RunnerDeps['leases']> = {
      async claim(_owner, { onlyRevokes = false } = {}) {
        const index = due.findIndex(
          id => !onlyRevokes || id.startsWith('revoke'),
        );
        const [operationId] = index < 0 ? [] : due.splice(index, 1);
        return operationId === undefined
          ? undefined
          : ({ operationId, epoch: 1, validUntil: 0 } satisfies Lease);
      },
      msUntilDue: async () => undefined,
    };
    const worker = new OperationsWorker({
      runner: {
        leases,
        operations: {
          async get(id: string) {
            begun.push(id);
            await new Promise<void>(resolve => release.push(resolve));
            return undefined;
          },
        },
      } as unknown as RunnerDeps,
      owner: 'worker',
      logger: silentLogger,
      sleep,
      pollMs: 60_000,
      concurrency: 2,
    });
    worker.start();
    await until(
      'all places are taken',
      async () => begun.length,
      count => count === 2,
    );
    due.push('revoke 1');
    worker.wake();
    await until(
      'the revoke has begun',
      async () => begun,
      ids => ids.includes('revoke 1'),
    );
    expect(begun).toEqual(['rotation 1', 'rotation 2', 'revoke 1']);
    const stopped = worker.stop();
    release.forEach(resume => resume());
    await stopped;
  });
});
