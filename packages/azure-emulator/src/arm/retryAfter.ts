import { seconds } from '../state/durations';
import type { Azure } from '../types';

/** The header `Retry-After` of a running operation: see `operationRetryAfterSeconds`. */
export function retryAfter({
  assumptions,
  operationMs,
}: Azure): Record<string, string> {
  const wait = assumptions.operationRetryAfterSeconds;
  if (wait === null) return {};
  return { 'retry-after': String(operationMs < seconds(wait) ? 0 : wait) };
}
