import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/** Who has to be counted and asked about as one: a person, or a service with its restrictions. */
export function personOf({ principal }: BackstageCredentials): string {
  const { userEntityRef } = principal as { userEntityRef?: string };
  return userEntityRef?.toLowerCase() ?? JSON.stringify(principal);
}
