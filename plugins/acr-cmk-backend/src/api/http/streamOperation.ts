import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import type { Response } from 'express';
import { LOOK_EVERY_MS } from '../../changes/operations/OperationStreams';

/** Interval of comments, so that no proxy closes an idle stream. Milliseconds. */
const HEARTBEAT_MS = 15_000;
/** Delay before a client connects again. Milliseconds. */
const RECONNECT_MS = 2_000;

/** Event of a response whose stream is open: what is left of it is to wait for changes. */
export const STREAM_OPENED = 'acrCmk.streamOpened';

/** Signal that aborts when the client disconnects, or at once when it has disconnected already. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed || response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

/** Sends an operation as it changes, until it has ended or the client has gone. */
export async function streamOperation(
  changes: AsyncGenerator<Operation | undefined, void, void>,
  {
    first: reading = changes.next(),
    response,
    gone,
    logger,
  }: {
    /** The first reading, when the caller has begun it. */
    first?: ReturnType<typeof changes.next>;
    response: Response;
    gone: AbortSignal;
    logger: LoggerService;
  },
): Promise<void> {
  // The first reading decides whether there is a stream at all: it may answer 403, 404 or 429.
  const first = await reading;
  if (gone.aborted) {
    await changes.return();
    return;
  }
  const send = async (text: string): Promise<void> => {
    // A client that does not read must not make us keep what it has not read.
    if (!response.write(text)) await once(response, 'drain', { signal: gone });
  };
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // Without no-transform Backstage compresses the stream, and holds it back until it ends.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.emit(STREAM_OPENED);
  try {
    await send(`retry: ${RECONNECT_MS}\n\n`);
    let quietMs = 0;
    for (let next = first; !next.done; next = await changes.next()) {
      const operation = next.value;
      if (operation) {
        await send(
          `id: ${operation.revision}\nevent: operation\ndata: ${JSON.stringify(
            operation,
          )}\n\n`,
        );
        quietMs = 0;
      } else if (quietMs >= HEARTBEAT_MS) {
        await send(': heartbeat\n\n');
        quietMs = 0;
      }
      quietMs += LOOK_EVERY_MS;
    }
  } catch (error) {
    if (!gone.aborted) {
      logger.warn('A stream of an operation ended early', error as Error);
    }
  } finally {
    await changes.return();
  }
  response.end();
}
