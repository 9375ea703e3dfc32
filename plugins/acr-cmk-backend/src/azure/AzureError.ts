import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';

/**
 * What helps after an `AzureError`.
 *
 * | advice | |
 * |---|---|
 * | `never` | the same call ends the same way until somebody changes something |
 * | `later` | it may work by itself: throttling, trouble at Azure, another change under way |
 * | `access-may-spread` | a permission is missing, or was granted minutes ago and has not arrived everywhere; only worth repeating right after a grant, and for a bounded time |
 */
export type RetryAdvice = 'never' | 'later' | 'access-may-spread';

/**
 * The only error that leaves the `azure/` room: Azure's trouble in our words. It carries no cause,
 * no body and no status that Backstage would take for ours.
 */
export class AzureError extends Error {
  readonly name = 'AzureError';
  readonly kind: AzureProblem['kind'];
  readonly code: string;
  readonly correlationId?: string;
  /** Seconds that Azure asked to wait, when it is throttling or says when to come back. */
  readonly retryAfterSeconds?: number;
  /** Is it any use to try again? `never` unless said. */
  readonly advice: RetryAdvice;
  /**
   * What is known about a write that ended in this error: `refused`, it has had no effect;
   * `unknown`, it may have had one, and only reading tells.
   */
  readonly effect: 'refused' | 'unknown';

  constructor(
    problem: AzureProblem,
    options: {
      retryAfterSeconds?: number;
      effect?: 'refused' | 'unknown';
      advice?: RetryAdvice;
    } = {},
  ) {
    super(problem.message);
    this.kind = problem.kind;
    this.code = problem.code;
    this.correlationId = problem.correlationId;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.advice = options.advice ?? 'never';
    this.effect = options.effect ?? 'unknown';
  }

  /** The same as plain data, for tables and answers. */
  toProblem(): AzureProblem {
    return {
      kind: this.kind,
      code: this.code,
      message: this.message,
      ...(this.correlationId ? { correlationId: this.correlationId } : {}),
    };
  }
}
