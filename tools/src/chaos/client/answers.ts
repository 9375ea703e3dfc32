import { ResponseError } from '@backstage/errors';
import type { Attempt } from './History';

/** What a call that failed says: a definite no, or nothing that one could rely on. */
export function answerOf(
  error: unknown,
): Exclude<Attempt['answer'], { kind: 'accepted' }> {
  if (!(error instanceof ResponseError)) {
    const { message, cause } = error as Error & { cause?: Error };
    return {
      kind: 'unknown',
      message: cause ? `${message}: ${cause.message}` : message,
    };
  }
  const status = error.statusCode;
  const { message, code } = error.body.error as {
    message: string;
    code?: string;
  };
  return status >= 500
    ? { kind: 'unknown', status, message }
    : { kind: 'refused', status, code, message };
}
