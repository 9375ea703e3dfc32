const HSM = 'Microsoft.KeyVault/managedHsm';
const KEYS = `${HSM}/keys`;

/** A built-in role of Managed HSMs. */
export interface HsmRole {
  /** The GUID. */
  id: string;
  roleName: string;
  dataActions: string[];
}

/** Lets a service wrap and unwrap with a key of a Managed HSM. */
export const HSM_ENCRYPTION_USER = '33413926-3206-4cdd-b39a-83574fe37a17';
export const HSM_CRYPTO_AUDITOR = '2c18b078-7c48-4d3a-af88-5a3a1b3f82b3';
export const HSM_CRYPTO_USER = '21dbd100-6940-42c2-9190-5d6cb909625b';
export const HSM_CRYPTO_OFFICER = '515eb02d-2335-4d2d-92f2-b1cbdf9c3778';
export const HSM_POLICY_ADMINISTRATOR = '4bd23610-cdcf-4971-bdee-bdc562cc28e4';
const HSM_ADMINISTRATOR = 'a290e904-7015-4bba-90c8-60543313cdb4';

const on = (things: string, ...verbs: string[]) =>
  verbs.map(verb => `${HSM}/${things}/${verb}/action`);

const READ_ROLES = [
  ...on('roleDefinitions', 'read'),
  ...on('roleAssignments', 'read'),
];
const CHANGE_ROLES = [
  ...on('roleDefinitions', 'read', 'write', 'delete'),
  ...on('roleAssignments', 'read', 'write', 'delete'),
];

/** The built-in roles about keys and role assignments. */
export const HSM_ROLES: readonly HsmRole[] = [
  {
    id: HSM_ENCRYPTION_USER,
    roleName: 'Managed HSM Crypto Service Encryption User',
    dataActions: on('keys', 'read', 'wrap', 'unwrap'),
  },
  {
    id: HSM_CRYPTO_AUDITOR,
    roleName: 'Managed HSM Crypto Auditor',
    dataActions: [
      ...READ_ROLES,
      ...on('keys', 'read'),
      ...on('keys/deletedKeys', 'read'),
    ],
  },
  {
    id: HSM_CRYPTO_USER,
    roleName: 'Managed HSM Crypto User',
    dataActions: [
      ...READ_ROLES,
      `${KEYS}/create`,
      `${KEYS}/delete`,
      ...on(
        'keys',
        'read',
        'write',
        'rotate',
        'import',
        'release',
        'backup',
        'restore',
        'encrypt',
        'decrypt',
        'wrap',
        'unwrap',
        'sign',
        'verify',
        'derive',
      ),
      `${HSM}/rng/action`,
    ],
  },
  {
    id: HSM_CRYPTO_OFFICER,
    roleName: 'Managed HSM Crypto Officer',
    dataActions: [
      ...CHANGE_ROLES,
      ...on('keys/deletedKeys', 'read', 'recover'),
      `${KEYS}/deletedKeys/delete`,
      ...on('keys', 'export'),
    ],
  },
  {
    id: HSM_POLICY_ADMINISTRATOR,
    roleName: 'Managed HSM Policy Administrator',
    dataActions: CHANGE_ROLES,
  },
  {
    id: HSM_ADMINISTRATOR,
    roleName: 'Managed HSM Administrator',
    dataActions: [
      ...CHANGE_ROLES,
      ...on('securitydomain', 'download', 'upload'),
      ...on('backup', 'start', 'status'),
      ...on('restore', 'start', 'status'),
    ],
  },
];
