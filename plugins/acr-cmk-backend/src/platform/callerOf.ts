import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/** Entity ref of the person who calls; undefined for a service. */
export function personOf({
  principal,
}: BackstageCredentials): string | undefined {
  return (principal as { userEntityRef?: string }).userEntityRef;
}

/** Name under which a caller is counted and authorized: a person, or a service with its restrictions. */
export function callerOf(credentials: BackstageCredentials): string {
  return (
    personOf(credentials)?.toLowerCase() ??
    JSON.stringify(credentials.principal)
  );
}
