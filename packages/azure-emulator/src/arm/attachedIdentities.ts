import { newGuid } from '../state/ids';
import type { AttachedIdentities } from '../state/model';
import type { Azure } from '../types';

/** The identities of a resource as ARM returns them, without their type. */
export function attachedIdentitiesJson(
  { store, settings }: Azure,
  { system, users }: AttachedIdentities,
) {
  return {
    ...(system && {
      principalId: system.principalId,
      tenantId: settings.tenantId,
    }),
    ...(users.length && {
      userAssignedIdentities: Object.fromEntries(
        users.map(id => {
          const found = store.get('identities', id);
          return [
            id,
            found
              ? { principalId: found.principalId, clientId: found.clientId }
              : {},
          ];
        }),
      ),
    }),
  };
}

/** A system identity. Azure creates its service principal at the end of an operation; here it exists from the start. */
export function newSystemIdentity(
  { store }: Azure,
  { id, name }: { id: string; name: string },
) {
  const principalId = newGuid();
  store.put('principals', {
    id: principalId,
    appId: newGuid(),
    displayName: name,
    kind: 'managedIdentity',
    resourceId: id,
  });
  return { principalId };
}
