import { once } from 'node:events';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Response } from 'express';
import { goneSignal } from './streamOperation';

/**
 * Sends pieces of a text as they are made, no faster than the client reads.
 *
 * What is made fails before its first piece as any request does. Later the connection is cut, since
 * half a file must not look like a whole one.
 */
export async function streamText(
  pieces: AsyncGenerator<string, void, void>,
  {
    first,
    response,
    headers,
    logger,
  }: {
    /** The first piece, which the caller has requested. */
    first: Promise<IteratorResult<string, void>>;
    response: Response;
    headers: Record<string, string>;
    logger: LoggerService;
  },
): Promise<void> {
  const gone = goneSignal(response);
  let next = await first;
  response.writeHead(200, headers);
  try {
    for (; !next.done && !gone.aborted; next = await pieces.next()) {
      if (!response.write(next.value)) {
        await once(response, 'drain', { signal: gone });
      }
    }
    response.end();
  } catch (error) {
    if (!gone.aborted) {
      logger.warn('A download ended early', error as Error);
      response.destroy();
    }
  } finally {
    await pieces.return();
  }
}
