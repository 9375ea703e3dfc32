import { seconds } from '../state/durations';
import type { Azure } from '../types';

/** When to ask for a running operation again, as a header: see `operationRetryAfterSeconds`. */
export function retryAfter({
  assumptions,
  operationMs,
}: Azure): Record<string, string> {
  const wait = assumptions.operationRetryAfterSeconds;
  if (wait === null) return {};
  return { 'retry-after': String(operationMs < seconds(wait) ? 0 : wait) };
}
