/** Rights that steps need of their credentials. Names are Azure's own. */
import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  allows,
  ASSIGN_IDENTITY,
  HSM_ACTION,
  identityRoleInWords,
  keyAction,
} from '../../azure/permissions';
import type { CredentialName, PermissionSet } from '../../azure/ports';

export { identityRoleInWords };
export type { LockFacts, PermissionSet } from '../../azure/ports';

/** One action at one scope that one of our credentials must be allowed. */
export interface Right {
  credential: Exclude<CredentialName, 'read'>;
  /** ARM id. */
  scope: string;
  action: string;
  /** A data action: in a vault with access policies, `permission` stands for it. */
  data?: { permission?: string; vaultName: string };
}

/** A scope whose management locks stop a step. */
export interface LockedScope {
  /** ARM id. */
  scope: string;
  /** Whether the step deletes. If so, a lock against deletion stops it too. */
  deletes: boolean;
}

/** ARM id of the vault of a key, as far as it is known. */
export type VaultIdOf = (key: KeyIdentifier) => string | undefined;

type Need = Omit<Right, 'credential'>;

/** The resource group of an ARM id: where rights are asked about what is not there yet. */
export const groupOf = (id: string) => id.split('/').slice(0, 5).join('/');

/** Whether it is a right in a Managed HSM, which has roles of its own. */
export const isInHsm = ({ action }: Pick<Right, 'action'>) =>
  action.startsWith(HSM_ACTION);

/** Whether the permission blocks of a role give a right. */
export function gives(
  sets: readonly PermissionSet[],
  { action, data }: Pick<Right, 'action' | 'data'>,
): boolean {
  return allows(sets, action, data ? 'data' : 'control');
}

/**
 * Data actions on a key. Of a key that is not there yet, only its vault can be asked.
 *
 * @param needs - each as a role and as an access policy names it
 */
export function onKey(
  {
    key,
    vaultIdOf,
    at = 'key',
  }: {
    key: KeyIdentifier;
    vaultIdOf: VaultIdOf;
    at?: 'key' | 'vault';
  },
  needs: readonly [action: string, permission: string][],
): Need[] {
  const vaultId = vaultIdOf(key);
  if (!vaultId) return [];
  return needs.map(([action, permission]) => ({
    scope: at === 'vault' ? vaultId : `${vaultId}/keys/${key.keyName}`,
    action: keyAction(action, key.isInHsm),
    data: { permission, vaultName: key.vaultName },
  }));
}

/** To write a registry, and to poll what ARM then does. */
export function writeRegistry(scope: string): Need[] {
  return ['write', 'operationStatuses/read'].map(action => ({
    scope,
    action: `Microsoft.ContainerRegistry/registries/${action}`,
  }));
}

/** To let a registry use a user-assigned identity. */
export function assignIdentity(scope: string): Need {
  return {
    scope,
    action: ASSIGN_IDENTITY.action,
  };
}
