import type {
  RegistryId,
  RegistryState,
} from 'backstage-plugin-acr-cmk-common';
import { isoTime } from '../../platform/database/clock';
import type { OperationRecord } from '../../engine/types';
import { isRestoreOverdue, toPulls } from './toOperation';

/** The revoke behind the state `revoked` of a registry, whichever registry it named; undefined before it began. */
export function revokedBy(
  revoke: OperationRecord,
  id: RegistryId,
): RegistryState['revoked'] {
  if (revoke.startedAt === undefined) return undefined;
  const isNamed = revoke.registryId.equals(id);
  return {
    operationId: revoke.id,
    ...(revoke.steps.some(({ spec }) => spec.kind === 'delete-key') && {
      deletedKey: true,
    }),
    by: revoke.requestedBy,
    reason: revoke.reason,
    at: isoTime(revoke.startedAt),
    ...(!isNamed && { registryName: revoke.plan.registryName }),
    ...(revoke.pulls && isNamed && { pulls: toPulls(revoke.pulls) }),
    ...(revoke.restoresAt !== undefined && {
      restoresAt: isoTime(revoke.restoresAt),
      ...(isRestoreOverdue(revoke) && { restoreOverdue: true }),
    }),
  };
}
