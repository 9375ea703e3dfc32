import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { isSame } from '../shared/isSame';

/** Whether the operation is one of the registry, or also removes its access to the key. */
export const isAbout = (
  { registryId, plan }: Operation,
  registry: string,
): boolean =>
  isSame(registryId, registry) ||
  plan.consumers.some(
    consumer =>
      consumer.effect === 'loses-key' && isSame(consumer.registryId, registry),
  );
