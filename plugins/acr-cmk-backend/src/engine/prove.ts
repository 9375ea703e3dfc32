import type { Next, Run } from './run';

/** Time in which the registries have to be readable. Our choice. Milliseconds. */
const READABLE_WITHIN_MS = 10 * 60_000;
/** Delay before they are read again. Our choice. */
const AGAIN_SECONDS = 30;

/**
 * Proves that an operation of a campaign has made no registry worse: nothing is concluded from the success of its steps. Its
 * locks are free meanwhile, so that others may go on.
 *
 * @returns why it is not proven, if it is not; or `stop` when that is known later
 */
export async function prove({
  lease,
  operation,
  deps,
}: Run): Promise<{ problem?: string } | Next> {
  const { findings, provingSince } = operation;
  // Without them it has written nothing.
  if (!findings || !deps.newFindings) return {};
  const now = await deps.clock.now();
  if (provingSince === undefined) {
    await deps.invalidate(operation);
    await deps.writes.write(lease, {
      state: 'waiting',
      waitingFor: 'Its registries are read again',
      provingSince: now,
      dueAt: now,
      release: true,
    });
    return 'stop';
  }
  try {
    const worse = await deps.newFindings(operation);
    return worse === undefined
      ? {}
      : {
          problem: `Its operation succeeded, but findings became worse: ${worse}`,
        };
  } catch (error) {
    const { message } = error as Error;
    if (now - provingSince >= READABLE_WITHIN_MS) {
      return { problem: `It could not be proven: ${message}` };
    }
    await deps.writes.write(lease, {
      state: 'waiting',
      waitingFor: message,
      dueAt: now + AGAIN_SECONDS * 1000,
      release: true,
    });
    return 'stop';
  }
}
