import { arm } from '../errors';
import { resourceId, TYPES } from '../state/ids';
import { Registry } from '../state/model';
import { groupOf } from '../arm/scopes';
import type { Call } from '../types';

export const ONE_REGISTRY = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${TYPES.registry}/{name}`;

/** The id of the registry in the path. */
export const registryId = ({ params }: Call) =>
  resourceId(
    { subscriptionId: params.subscription, name: params.group },
    TYPES.registry,
    params.name,
  );

/** The registry in the path; throws Azure's error when there is none. */
export function registryOf(call: Call): Registry {
  const group = groupOf(call);
  const found = call.azure.store.get('registries', registryId(call));
  if (!found) {
    throw arm.resourceNotFound(TYPES.registry, call.params.name, group.name);
  }
  return found;
}
