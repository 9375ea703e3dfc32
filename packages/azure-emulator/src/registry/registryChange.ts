import { Registry } from '../state/model';
import { STATE_AFTER_FAILED_OPERATION } from '../assumptions';
import { isAutomatic, nextFollowTime } from './follow';
import type { Azure } from '../types';

/** Removes the registry with its system identity; a running operation then has no effect. */
export function removeRegistry({ store }: Azure, registry: Registry) {
  store.remove('registries', registry.id);
  if (registry.identity.system) {
    store.remove('principals', registry.identity.system.principalId);
  }
}

/** Ends the operation on a registry: applies the desired state, or the failure. */
export function endRegistryChange(azure: Azure, registry: Registry) {
  const { change, ...rest } = registry;
  if (!change) {
    return;
  }
  if (change.failure) {
    const failed: Registry = {
      ...rest,
      provisioningState:
        change.failure.status === 'Canceled'
          ? 'Canceled'
          : STATE_AFTER_FAILED_OPERATION,
    };
    azure.store.put('registries', failed);
    return;
  }
  if (change.kind === 'Deleting') {
    removeRegistry(azure, registry);
    return;
  }
  const { encryption } = change.outcome;
  const ended: Registry = {
    ...rest,
    ...change.outcome,
    ...(encryption && {
      encryption: {
        ...encryption,
        beforeFollow: undefined,
        nextFollowAt: isAutomatic(encryption)
          ? nextFollowTime(azure, encryption, change.endsAt!)
          : undefined,
      },
    }),
    provisioningState: 'Succeeded',
  };
  azure.store.put('registries', ended);
}
