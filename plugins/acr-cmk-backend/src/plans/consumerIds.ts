import { type Plan, RegistryId } from 'backstage-plugin-acr-cmk-common';

/**
 * The registries that a plan affects, in its order. Plans are kept as the text that people read, so
 * this is the door for the ids in it.
 */
export function consumerIdsOf({
  consumers,
}: Pick<Plan, 'consumers'>): RegistryId[] {
  return consumers.map(({ registryId }) => RegistryId.parse(registryId));
}
