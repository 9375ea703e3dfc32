import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';

/** The role that lets a registry use its key and nothing else. */
export const encryptionRole = ({ isInHsm }: Pick<KeyIdentifier, 'isInHsm'>) =>
  `${isInHsm ? 'Managed HSM' : 'Key Vault'} Crypto Service Encryption User`;
