import type { Answer } from './Azure';
import { until } from './measured';
import type { Lab } from './probe';
import type { Steps } from './steps';

/** How long a resource may take until it is ready. Seconds. */
const PATIENCE = 1800;

/** Waits until a resource is ready. */
export async function* settled(
  { azure, time }: Lab,
  operation: string,
  id: string,
): Steps<Answer> {
  const start = { sentAt: time.now(), answeredAt: time.now() };
  let last: Answer | undefined;
  const isReady = async () => {
    last = await azure.arm('GET', id);
    const state = last.json.properties?.provisioningState;
    if (state === 'Failed' || state === 'Canceled') {
      throw new Error(`Could not ${operation}: it is ${state}`);
    }
    return (
      last.status === 200 && (state === undefined || state === 'Succeeded')
    );
  };
  const { atMost } = yield* until(
    { time, start, limitSeconds: PATIENCE },
    isReady,
  );
  if (atMost === null)
    throw new Error(`Could not ${operation}: it is not ready`);
  return last!;
}
