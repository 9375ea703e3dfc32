import {
  type AcrCmkClient,
  isTerminal,
  type Operation,
  type OperationState,
} from 'backstage-plugin-acr-cmk-common';
import { codeOf, isSessionOver, TaskError } from '../errors';
import type { Sleep } from '../ports';
import { changesOf } from './changesOf';
import { withRetries } from './withRetries';

/** Interval at which a working operation is read. Milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** Interval at which an operation is read that waits for a person, or for Azure. Milliseconds. */
const LOOK_EVERY_WHILE_WAITING_MS = 5_000;

/** Dependencies for following an operation from a task. */
interface Watch {
  client: AcrCmkClient;
  sleep: Sleep;
  log: { info(text: string): void; warn(text: string): void };
  /** Signal of the task: a person cancels it. */
  signal?: AbortSignal;
  /** Such as `Scaffolder task 5f…`, for the record. */
  taskName: string;
}

/**
 * Looks at an operation until it has ended, and reports what is new. When the task is cancelled, so
 * is an operation that has not written yet.
 *
 * @throws TaskError when the person's session ends, or the task is cancelled too late. The
 *   operation belongs to the backend, and continues.
 */
export async function followOperation(
  id: string,
  watch: Watch,
): Promise<Operation> {
  const { client, log, sleep, signal } = watch;
  let before: Operation | undefined;
  for (;;) {
    if (signal?.aborted) return cancelOperation(id, watch);
    const now = await look(id, client, watch);
    for (const line of changesOf(before, now)) log.info(line);
    if (isTerminal(now.state)) return now;
    before = now;
    await sleep(paceOf(now.state), signal);
  }
}

async function look(
  id: string,
  client: AcrCmkClient,
  { sleep, log, signal }: Watch,
): Promise<Operation> {
  try {
    return await withRetries(() => client.operation(id), {
      sleep,
      signal,
      warn: text => log.warn(text),
    });
  } catch (error) {
    if (isSessionOver(error)) {
      throw new TaskError(
        'AuthenticationError',
        `Your session is over, so this task cannot look at operation ${id} any longer. The operation continues without it: see the registry's Encryption tab (SESSION_OVER)`,
      );
    }
    throw error;
  }
}

/** Ends the operation when nothing was written yet; leaves it, and says so, when something was. */
async function cancelOperation(
  id: string,
  { client, log, taskName }: Watch,
): Promise<Operation> {
  try {
    const operation = await client.cancel(id, `${taskName} was cancelled`);
    log.warn(
      `The task was cancelled; operation ${id} is cancelled as well, and nothing was written to Azure`,
    );
    return operation;
  } catch (error) {
    const what =
      codeOf(error) === 'OPERATION_STATE'
        ? 'has begun to write or has ended, and is left as it is'
        : 'could not be cancelled, and may continue';
    throw new TaskError(
      'CancelledError',
      `The task was cancelled; operation ${id} ${what}: see the registry's Encryption tab (TASK_CANCELLED)`,
    );
  }
}

function paceOf(state: OperationState): number {
  return state === 'waiting' || state === 'awaiting-approval'
    ? LOOK_EVERY_WHILE_WAITING_MS
    : LOOK_EVERY_MS;
}
