import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import { NETWORKS } from './failures/networkCause';

/**
 * Whether, and when, the same call is worth another try.
 *
 * | kind | |
 * |---|---|
 * | `no` | it ends the same way until somebody changes something |
 * | `later` | it may work by itself: throttling, a failure of Azure's, another change under way. `afterSeconds` when Azure said when to come back |
 * | `when-access-spreads` | an identity, or its access to the key, is not known everywhere at Azure. Right after it was made or granted that passes by itself; else it does not |
 */
export type Retry =
  | { kind: 'no' }
  | { kind: 'later'; afterSeconds?: number }
  | { kind: 'when-access-spreads' };

/**
 * The only error that leaves `azure/`: Azure's refusal or failure in our words. It carries no cause, no body
 * and no status that Backstage would take for ours.
 */
export class AzureError extends Error {
  readonly name = 'AzureError';
  readonly kind: AzureProblem['kind'];
  readonly code: string;
  readonly correlationId?: string;
  /** `no` unless said. */
  readonly retry: Retry;
  /**
   * Effect of a write that ended in this error: `refused`, it had none; `unknown`, it may have had one, and
   * only a read shows which.
   */
  readonly effect: 'refused' | 'unknown';
  /** Whether the message names the next action. Those with a link to the page about networks do. */
  readonly remedied: boolean;

  constructor(
    problem: AzureProblem,
    options: {
      effect?: 'refused' | 'unknown';
      retry?: Retry;
      remedied?: boolean;
    } = {},
  ) {
    super(problem.message);
    this.kind = problem.kind;
    this.code = problem.code;
    this.correlationId = problem.correlationId;
    this.retry = options.retry ?? { kind: 'no' };
    this.effect = options.effect ?? 'unknown';
    this.remedied = options.remedied ?? problem.message.includes(NETWORKS);
  }

  /** Converts the error to plain data, for tables and API responses. */
  toProblem(): AzureProblem {
    return {
      kind: this.kind,
      code: this.code,
      message: this.message,
      ...(this.correlationId ? { correlationId: this.correlationId } : {}),
    };
  }
}
