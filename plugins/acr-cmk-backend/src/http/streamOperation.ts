import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import type { Response } from 'express';
import type { Pause } from '../Pause';

/** How often an operation is read for a stream. Milliseconds. */
const READ_EVERY_MS = 500;
/** How often a comment is sent, so that no proxy closes a quiet stream. Milliseconds. */
const HEARTBEAT_MS = 15_000;
/** What a client is told to wait before it connects again. Milliseconds. */
const RECONNECT_MS = 2_000;

/**
 * Sends an operation as it changes, until it has ended or the client has gone. Read with the
 * client's own credentials each time, so that losing the permission ends the stream.
 */
export async function streamOperation(options: {
  read(): Promise<Operation>;
  isLast(operation: Operation): boolean;
  lastRevision: number;
  pause: Pause;
  response: Response;
  logger: LoggerService;
}): Promise<void> {
  const { response, pause } = options;
  // The first reading decides whether there is a stream at all: it may answer 403 or 404.
  let operation = await options.read();
  let sent = options.lastRevision;
  let quietMs = 0;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // Without no-transform Backstage compresses the stream, and holds it back until it ends.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  try {
    for (;;) {
      if (operation.revision > sent) {
        response.write(
          `id: ${operation.revision}\nevent: operation\ndata: ${JSON.stringify(
            operation,
          )}\n\n`,
        );
        sent = operation.revision;
        quietMs = 0;
      }
      if (options.isLast(operation) || gone.signal.aborted) break;
      await pause(READ_EVERY_MS, gone.signal);
      if (gone.signal.aborted) break;
      quietMs += READ_EVERY_MS;
      if (quietMs >= HEARTBEAT_MS) {
        response.write(': heartbeat\n\n');
        quietMs = 0;
      }
      operation = await options.read();
    }
  } catch (error) {
    options.logger.warn('A stream of an operation ended early', error as Error);
  }
  response.end();
}
