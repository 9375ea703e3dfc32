import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { CallTarget } from '../transport/callTarget';
import { keyAction, READ_DELETED } from '../permissions';
import type { CredentialName } from '../ports';

/** Roles of a Managed HSM's own. */
export const HSM_AUDITOR = 'Managed HSM Crypto Auditor';
const HSM_USER = 'Managed HSM Crypto User';
const HSM_OFFICER = 'Managed HSM Crypto Officer';

/** Role of Azure for changes of keys in a vault. */
const KEY_OFFICER = 'Key Vault Crypto Officer';

const UPDATE = {
  action: 'keys/update/action',
  permission: 'update',
};

/**
 * Calls at the data plane: what is done with a key, and the rights that it needs, which are the data action, the
 * permission of an access policy, and the roles in a vault and in a Managed HSM where they are not the usual ones.
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
  },
  create: {
    doing: 'create the key',
    action: 'keys/create/action',
    permission: 'create',
  },
  enable: { doing: 'enable a version of the key', ...UPDATE },
  disable: { doing: 'disable a version of the key', ...UPDATE },
  delete: {
    doing: 'delete the key',
    action: 'keys/delete',
    permission: 'delete',
  },
  getRotationPolicy: {
    doing: 'read the rotation policy of the key',
    action: 'keyrotationpolicies/read',
    permission: 'getrotationpolicy',
    hsmRole: HSM_AUDITOR,
  },
  setRotationPolicy: {
    doing: 'set the rotation policy of the key',
    action: 'keyrotationpolicies/write',
    permission: 'setrotationpolicy',
  },
  recover: {
    doing: 'recover the key',
    action: 'keys/recover/action',
    permission: 'recover',
    hsmRole: HSM_OFFICER,
  },
};

interface DataPlaneCall {
  /** Completes "Could not …", before the name of the key. */
  doing: string;
  action: string;
  permission: string;
  /** Default: Key Vault Crypto Officer. */
  role?: string;
  /** Default: Managed HSM Crypto User. */
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
      : { permission: call.permission, role: call.role ?? KEY_OFFICER }),
    credential,
  };
}
