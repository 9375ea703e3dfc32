import { expectSuccess } from '../Azure';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import { settled } from '../waiting';
import type { Steps } from '../steps';

/** Seconds. */
const LIMIT = 1800;

/** How an operation on a registry runs: its length, the word for it, and when Azure wants to be asked again. */
export const operations: Probe = {
  id: 'operations',
  title: 'how an operation on a registry runs',
  about: [
    'registryOperationSeconds',
    'operationRetryAfterSeconds',
    'operationRunningStatus',
  ],

  async *run({ azure, names, time, ...rest }: Lab): Steps<Measurements> {
    const lab = { azure, names, time, ...rest };
    const id = names.registryId('follow');
    yield* settled(lab, 'update a registry', id);
    const patched = expectSuccess(
      'update a registry',
      await azure.arm('PATCH', id, {
        body: { tags: { ...names.tags, probe: 'operations' } },
      }),
    );
    azure.record('update a registry', patched);
    const url = patched.headers['azure-asyncoperation'];
    if (!url) {
      const unknown = 'the answer names no operation';
      return {
        registryOperationSeconds: { unknown },
        operationRetryAfterSeconds: { unknown },
        operationRunningStatus: { unknown },
      };
    }
    const retryAfter = patched.headers['retry-after'];
    let running: string | undefined;
    const took = yield* until(
      { time, start: patched, limitSeconds: LIMIT },
      async () => {
        const { json } = await azure.arm('GET', url);
        if (json.status === 'Failed') throw new Error('The operation failed');
        if (json.status === 'Succeeded') return true;
        running ??= json.status;
        return false;
      },
    );
    azure.record(
      'poll an operation that has ended',
      await azure.arm('GET', url),
    );
    return {
      registryOperationSeconds: { seconds: took },
      operationRetryAfterSeconds: {
        value: retryAfter === undefined ? null : Number(retryAfter),
      },
      operationRunningStatus:
        running === undefined
          ? { unknown: 'the operation had ended at the first look' }
          : { value: running },
    };
  },
};
