import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  ActionRefused,
  type OperationOffer,
  operationApprovePermission,
  PermissionMissing,
} from 'backstage-plugin-acr-cmk-common';
import type { OperationRecord } from '../operations/engine/types';
import { authorityFor, type PermissionChecker } from './PermissionChecker';

/** What somebody wants to do with an operation of somebody's. */
export interface DecisionRequest {
  action: OperationOffer['action'];
  operation: Pick<
    OperationRecord,
    'id' | 'entityRef' | 'requestedBy' | 'intent'
  >;
  credentials: BackstageCredentials;
}

/** Why somebody may not decide about an operation; nothing when they may. */
export async function refusalToDecide(
  { action, operation, credentials }: DecisionRequest,
  permissionChecker: PermissionChecker,
): Promise<PermissionMissing | ActionRefused | undefined> {
  const { entityRef, requestedBy, intent } = operation;
  const approves = action === 'approve' || action === 'reject';
  const authority = approves
    ? { permission: operationApprovePermission, entityRef }
    : authorityFor(intent, entityRef);
  if (!(await permissionChecker.granted(authority, credentials))) {
    return new PermissionMissing(authority.permission.name, entityRef);
  }
  if (approves && isCaller(credentials, requestedBy)) {
    return new ActionRefused(
      action,
      `You asked for operation ${operation.id} yourself; another person has to ${action} it`,
    );
  }
  return undefined;
}

/** Is the caller this person, however the ref is spelled? */
export function isCaller(
  { principal }: BackstageCredentials,
  userEntityRef: string,
): boolean {
  const { userEntityRef: own } = principal as Partial<BackstageUserPrincipal>;
  return own?.toLowerCase() === userEntityRef.toLowerCase();
}
