import { ResponseError } from '@backstage/errors';
import type { Attempt } from './History';

/** Answer of a call that failed: a definite refusal, or an unknown outcome. */
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
