import type { IdentityFacts } from '../azure/arm/identityFacts';
import type { KnownIdentity } from '../domain/identity';

export function toKnownIdentity({
  id,
  name,
  clientId,
  principalId,
  tags,
}: IdentityFacts): KnownIdentity {
  return {
    resourceId: id,
    name,
    clientId,
    principalId,
    ...(tags && { tags }),
  };
}
