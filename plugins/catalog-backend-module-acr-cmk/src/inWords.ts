import { ResponseError } from '@backstage/errors';

/** An error for the log. The texts of failed connections name hosts, which nobody needs there. */
export function inWords(error: unknown): string {
  if (error instanceof ResponseError) {
    return `${error.statusCode} ${error.body.error.message}`;
  }
  return error instanceof TypeError
    ? 'the backend does not answer'
    : String((error as Error)?.message ?? error);
}
