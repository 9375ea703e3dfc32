import { ResponseError } from '@backstage/errors';

/** Text of an error for the log, without the hosts that errors of connections contain. */
export function errorText(error: unknown): string {
  if (error instanceof ResponseError) {
    return `${error.statusCode} ${error.body.error.message}`;
  }
  return error instanceof TypeError
    ? 'the backend does not answer'
    : String((error as Error)?.message ?? error);
}
