import { Registry } from '../state/model';
import { STATE_AFTER_FAILED_OPERATION } from '../assumptions';
import { isAutomatic, nextFollowTime } from './follow';
import type { Azure } from '../types';

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
