import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { CallTarget } from '../transport/callTarget';
import { keyAction, READ_DELETED } from '../permissions';
import type { CredentialName } from '../ports';

/** Roles of a Managed HSM's own. */
export const HSM_AUDITOR = 'Managed HSM Crypto Auditor';
const HSM_USER = 'Managed HSM Crypto User';
const HSM_OFFICER = 'Managed HSM Crypto Officer';

/**
 * Rights that each call at the data plane needs: the data action, the permission of an access policy, a role,
 * and the role in a Managed HSM if it is not the Crypto User.
 */
const DATA_PLANE = {
  list: {
    action: 'keys/read',
    permission: 'list',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  get: {
    action: 'keys/read',
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  getDeleted: {
    action: READ_DELETED,
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  rotate: {
    action: 'keys/rotate/action',
    permission: 'rotate',
    role: 'Key Vault Crypto Officer',
  },
  create: {
    action: 'keys/create/action',
    permission: 'create',
    role: 'Key Vault Crypto Officer',
  },
  update: {
    action: 'keys/update/action',
    permission: 'update',
    role: 'Key Vault Crypto Officer',
  },
  delete: {
    action: 'keys/delete',
    permission: 'delete',
    role: 'Key Vault Crypto Officer',
  },
  getRotationPolicy: {
    action: 'keyrotationpolicies/read',
    permission: 'getrotationpolicy',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_AUDITOR,
  },
  setRotationPolicy: {
    action: 'keyrotationpolicies/write',
    permission: 'setrotationpolicy',
    role: 'Key Vault Crypto Officer',
  },
  recover: {
    action: 'keys/recover/action',
    permission: 'recover',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_OFFICER,
  },
};

interface DataPlaneRight {
  action: string;
  permission: string;
  role: string;
  hsmRole?: string;
}

/** A call about a key at the data plane: what is done, where, and what that needs. */
export function atVault(
  operation: keyof typeof DATA_PLANE,
  call: { doing: string; key: KeyIdentifier; credential: CredentialName },
): Omit<CallTarget, 'writes'> {
  const { action, permission, role, hsmRole }: DataPlaneRight =
    DATA_PLANE[operation];
  const { isInHsm } = call.key;
  return {
    doing: call.doing,
    scope: call.key.toString(),
    action: keyAction(action, isInHsm),
    ...(isInHsm
      ? { role: hsmRole ?? HSM_USER }
      : {
          permission,
          role,
        }),
    credential: call.credential,
  };
}
