import { ClientSecretCredential } from '@azure/identity';
import type { Emulator, PrincipalName } from 'azure-emulator';

/** Who runs the check: an owner, but nobody who may do everything anyway. */
export const OWNER_NAME: PrincipalName = 'reader';

export function credentialFor(
  { ready }: Pick<Emulator, 'ready'>,
  name: PrincipalName,
) {
  const { clientId, clientSecret } = ready.principals[name];
  return new ClientSecretCredential(ready.tenantId, clientId, clientSecret);
}
