import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';

/**
 * The only error that leaves the `azure/` room: Azure's trouble in our words. It carries no cause,
 * no body and no status that Backstage would take for ours.
 */
export class AzureError extends Error {
  readonly name = 'AzureError';
  readonly kind: AzureProblem['kind'];
  readonly code: string;
  readonly correlationId?: string;
  /** Seconds that Azure asked to wait, when it is throttling. */
  readonly retryAfterSeconds?: number;
  /**
   * What is known about a write that ended in this error: `refused`, it has had no effect;
   * `unknown`, it may have had one.
   */
  readonly effect: 'refused' | 'unknown';

  constructor(
    problem: AzureProblem,
    options: {
      retryAfterSeconds?: number;
      effect?: 'refused' | 'unknown';
    } = {},
  ) {
    super(problem.message);
    this.kind = problem.kind;
    this.code = problem.code;
    this.correlationId = problem.correlationId;
    this.retryAfterSeconds = options.retryAfterSeconds;
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
