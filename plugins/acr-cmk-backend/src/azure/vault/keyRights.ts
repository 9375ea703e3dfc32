import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { CallTarget } from '../transport/callTarget';
import { keyAction, READ_DELETED } from '../permissions';
import type { CredentialName } from '../ports';

/** Roles of a Managed HSM's own. */
export const HSM_AUDITOR = 'Managed HSM Crypto Auditor';
const HSM_USER = 'Managed HSM Crypto User';
const HSM_OFFICER = 'Managed HSM Crypto Officer';

const UPDATE = {
  action: 'keys/update/action',
  permission: 'update',
  role: 'Key Vault Crypto Officer',
};

/**
 * Calls at the data plane: what is done with a key, and the rights that it needs, which are the data action, the
 * permission of an access policy, a role, and the role in a Managed HSM if it is not the Crypto User.
 */
const DATA_PLANE = {
  list: {
    doing: 'list the versions of the key',
    action: 'keys/read',
    permission: 'list',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  get: {
    doing: 'read the key',
    action: 'keys/read',
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  getDeleted: {
    doing: 'read the deleted key',
    action: READ_DELETED,
    permission: 'get',
    role: 'Key Vault Reader',
    hsmRole: HSM_AUDITOR,
  },
  rotate: {
    doing: 'rotate the key',
    action: 'keys/rotate/action',
    permission: 'rotate',
    role: 'Key Vault Crypto Officer',
  },
  create: {
    doing: 'create the key',
    action: 'keys/create/action',
    permission: 'create',
    role: 'Key Vault Crypto Officer',
  },
  enable: { doing: 'enable a version of the key', ...UPDATE },
  disable: { doing: 'disable a version of the key', ...UPDATE },
  delete: {
    doing: 'delete the key',
    action: 'keys/delete',
    permission: 'delete',
    role: 'Key Vault Crypto Officer',
  },
  getRotationPolicy: {
    doing: 'read the rotation policy of the key',
    action: 'keyrotationpolicies/read',
    permission: 'getrotationpolicy',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_AUDITOR,
  },
  setRotationPolicy: {
    doing: 'set the rotation policy of the key',
    action: 'keyrotationpolicies/write',
    permission: 'setrotationpolicy',
    role: 'Key Vault Crypto Officer',
  },
  recover: {
    doing: 'recover the key',
    action: 'keys/recover/action',
    permission: 'recover',
    role: 'Key Vault Crypto Officer',
    hsmRole: HSM_OFFICER,
  },
};

interface DataPlaneCall {
  /** Completes "Could not …", before the name of the key. */
  doing: string;
  action: string;
  permission: string;
  role: string;
  hsmRole?: string;
}

/** A call about a key at the data plane: what is done, where, and what that needs. */
export function atVault(
  operation: keyof typeof DATA_PLANE,
  key: KeyIdentifier,
  credential: CredentialName,
): Omit<CallTarget, 'writes'> {
  const call: DataPlaneCall = DATA_PLANE[operation];
  return {
    doing: `${call.doing} ${key.keyName}`,
    scope: key.toString(),
    action: keyAction(call.action, key.isInHsm),
    ...(key.isInHsm
      ? { role: call.hsmRole ?? HSM_USER }
      : { permission: call.permission, role: call.role }),
    credential,
  };
}
