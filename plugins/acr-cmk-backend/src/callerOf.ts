import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/** Name under which a caller is counted and authorized: a person, or a service with its restrictions. */
export function callerOf({ principal }: BackstageCredentials): string {
  const { userEntityRef } = principal as { userEntityRef?: string };
  return userEntityRef?.toLowerCase() ?? JSON.stringify(principal);
}
