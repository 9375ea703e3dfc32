import { keyHome } from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf, ofItsOwn } from '../accessPaths';
import { encryptionRole } from '../encryptionRole';
import { type FindingRule, OK } from './rule';

/** Nothing lets the encryption identity wrap and unwrap with the key. */
export const noAccessPath: FindingRule = {
  id: 'no-access-path',
  severity: 'error',
  check(encrypted) {
    if (!encrypted.identity.attached || encrypted.identity.exists === false) {
      return OK; // identityDetached or identityDeleted says it
    }
    const paths = accessPathsOf(encrypted);
    if (!paths.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine whether the identity has access to the key: ${paths.problem.message}`,
      };
    }
    if (paths.paths.length > 0) return OK;
    const byPolicy =
      encrypted.vault.known &&
      encrypted.vault.value.permissionModel === 'access-policy';
    return {
      verdict: 'found',
      message: `The encryption identity has no access to the key${ofItsOwn(
        encrypted.key,
      )}: ${
        byPolicy
          ? 'no access policy with get, wrapKey and unwrapKey'
          : 'no role assignment with read, wrap and unwrap'
      }`,
      remedy: byPolicy
        ? `Restore, or give the object id ${
            encrypted.identity.principalId
          } the key permissions get, wrapKey and unwrapKey in the ${keyHome(
            encrypted.key.vaultName,
          )}.`
        : `Restore, or assign the role ${encryptionRole(
            encrypted.key,
          )} at the key to the object id ${encrypted.identity.principalId}.`,
      intent: { kind: 'restore' },
    };
  },
};
