import type { Azure } from '../azure';
import { OPERATION_RETRY_AFTER_SECONDS } from '../assumptions';
import { seconds } from '../durations';

/** When to ask for a running operation again, in seconds: see OPERATION_RETRY_AFTER_SECONDS. */
export function retryAfter({ settings }: Azure): string {
  const wait = OPERATION_RETRY_AFTER_SECONDS;
  return String(settings.operationMs < seconds(wait) ? 0 : wait);
}
