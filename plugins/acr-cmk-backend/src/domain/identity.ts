import {
  FactsUnavailable,
  type Fact,
  InvalidInput,
  type RegistryFacts,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { type Identity, identityOf } from './encryptedRegistry';

/** A user-assigned identity that may be chosen. */
export interface KnownIdentity {
  resourceId: string;
  name: string;
  clientId: string;
  principalId: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
}

/** Whether the entity of a plan may use an identity. Of one that cannot be read, only the id is known. */
export type IdentityTest = (
  identity: Pick<KnownIdentity, 'resourceId' | 'tags'>,
) => boolean;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RESOURCE_ID =
  /^\/subscriptions\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/resourceGroups\/[\w\-.()]{1,90}\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[\w-]{3,128}$/i;
const NAME = /^[A-Za-z0-9][\w-]{2,127}$/;

/** Field of an intent that names the identity of a registry which exists. */
const OF_EXISTING = 'intent.identity';

const same = (a: string | undefined, b: string) =>
  a?.toLowerCase() === b.toLowerCase();
const nameOf = (resourceId: string) =>
  resourceId.slice(resourceId.lastIndexOf('/') + 1);

/** Whether a text names the registry's system-assigned identity. The Azure CLI writes `[system]`. */
export function isSystemIdentityText(text: string): boolean {
  return /^\[?system\]?$/i.test(text);
}

/**
 * Finds the identity that a person named: by resource id, name, client id, or `system`.
 *
 * @param listed - the identities in scope that may be used; what is attached already needs no list
 * @returns nothing when there is none among these
 * @throws InvalidInput for one that is none, or is a principal id
 * @throws FactsUnavailable when it is not attached and the identities could not be listed
 */
export function findIdentity(
  text: string,
  registry: RegistryFacts,
  listed: Fact<readonly KnownIdentity[]>,
): Identity | undefined {
  const field = OF_EXISTING;
  const wanted = text.trim();
  if (isSystemIdentityText(wanted)) return identityOf(registry, 'system');
  refusePrincipalId({ field, wanted }, registry, listed);
  const matches = matcherOf(field, wanted);
  const attached = registry.userAssignedIdentities.filter(
    ({ resourceId, clientId }) =>
      clientId !== undefined &&
      matches({ resourceId, name: nameOf(resourceId), clientId }),
  );
  if (attached.length > 1) throw ambiguous(field, wanted);
  if (attached.length === 1) {
    return identityOf(registry, attached[0].clientId ?? '');
  }
  const found = findListed(field, wanted, listed);
  if (!found) return undefined;
  const { resourceId, clientId, principalId } = found;
  return {
    kind: 'user-assigned',
    reference: clientId,
    attached: false,
    principalId,
    userAssigned: { resourceId, clientId, principalId },
  };
}

/**
 * Finds an identity for a registry that does not exist yet.
 *
 * @param listed - the identities in scope that may be used
 * @returns nothing when there is none among these
 * @throws InvalidInput for a text that names no user-assigned identity
 */
export function findNewRegistrysIdentity(
  text: string,
  listed: Fact<readonly KnownIdentity[]>,
): KnownIdentity | undefined {
  const field = 'intent.identity.name';
  const wanted = text.trim();
  if (isSystemIdentityText(wanted)) {
    throw new InvalidInput(
      field,
      'a registry can use its system-assigned identity only once it exists; choose a user-assigned one',
    );
  }
  refusePrincipalId({ field, wanted }, { userAssignedIdentities: [] }, listed);
  return findListed(field, wanted, listed);
}

/** Refusal for an identity that would be open if it existed. For others, the existence is not revealed. */
export function noSuchIdentity(field: string): InvalidInput {
  return new InvalidInput(
    field,
    'no such identity is to be found in the subscriptions of acrCmk.scopes; give its resource id, name or client id',
  );
}

/** Whether the text can be the name of an identity that is created. A GUID means one that exists. */
export function isIdentityName(text: string): boolean {
  return NAME.test(text) && !GUID.test(text);
}

/** ARM id of the identity that is created for a new registry: beside it, in its resource group. */
export function identityToCreate(
  { subscriptionId, resourceGroup }: RegistryId,
  name: string,
): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
}

function findListed(
  field: string,
  wanted: string,
  listed: Fact<readonly KnownIdentity[]>,
): KnownIdentity | undefined {
  const matches = matcherOf(field, wanted);
  if (!listed.known) {
    throw new FactsUnavailable(
      `The identity ${wanted}`,
      listed.problem.message,
    );
  }
  const found = listed.value.filter(matches);
  if (found.length > 1) throw ambiguous(field, wanted);
  return found[0];
}

function matcherOf(
  field: string,
  wanted: string,
): (
  identity: Pick<KnownIdentity, 'resourceId' | 'name' | 'clientId'>,
) => boolean {
  if (GUID.test(wanted)) return ({ clientId }) => same(clientId, wanted);
  if (wanted.startsWith('/')) {
    if (!RESOURCE_ID.test(wanted)) {
      throw new InvalidInput(
        field,
        'is not the resource id of a user-assigned identity: /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>',
      );
    }
    return ({ resourceId }) => same(resourceId, wanted);
  }
  if (!NAME.test(wanted)) {
    throw new InvalidInput(
      field,
      // A new registry cannot use its own.
      field === OF_EXISTING
        ? 'is neither `system` nor a resource id, a name or a client id of a user-assigned identity'
        : 'is no resource id, name or client id of a user-assigned identity',
    );
  }
  return ({ name }) => same(name, wanted);
}

/** The vault knows an identity by its principal id, the registry by its client id: easy to confuse. */
function refusePrincipalId(
  { field, wanted }: { field: string; wanted: string },
  registry: Pick<RegistryFacts, 'userAssignedIdentities' | 'systemPrincipalId'>,
  listed: Fact<readonly KnownIdentity[]>,
): void {
  if (!GUID.test(wanted)) return;
  if (same(registry.systemPrincipalId, wanted)) {
    throw new InvalidInput(
      field,
      "is the principal id (object id) of the registry's system-assigned identity; use `system`",
    );
  }
  const identity = [
    ...registry.userAssignedIdentities,
    ...(listed.known ? listed.value : []),
  ].find(({ principalId }) => same(principalId, wanted));
  if (identity) {
    throw new InvalidInput(
      field,
      `is the principal id (object id) of ${nameOf(
        identity.resourceId,
      )}; a registry takes the client id${
        identity.clientId ? `, ${identity.clientId}` : ''
      }`,
    );
  }
}

function ambiguous(field: string, wanted: string): InvalidInput {
  return new InvalidInput(
    field,
    `several identities are called ${wanted}; give the resource id of the one that you mean`,
  );
}
