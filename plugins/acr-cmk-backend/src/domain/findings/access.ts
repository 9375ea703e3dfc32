import { keyHome } from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf, encryptionRole } from '../accessPaths';
import type { EncryptedRegistryFacts, Identity } from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** Advice about a deleted identity, for the finding and for plans that would otherwise be tried in vain. */
export const DELETED_IDENTITY_REMEDY =
  'Creating an identity of the same name again does not help: it gets other ids. Open a support ticket at Azure. While pulls still work, copy the images to a new registry.';

/** An identity that is gone, in words. */
export const deletedIdentityInWords = ({ kind, reference }: Identity) =>
  kind === 'system'
    ? 'The registry uses its system-assigned identity for encryption, which is turned off and so deleted'
    : `The encryption identity (client id ${reference}) does not exist any more`;

const isByPolicy = ({ vault }: EncryptedRegistryFacts) =>
  vault.known && vault.value.permissionModel === 'access-policy';

/** Advice where the identity lacks access, by whatever the vault works with. */
function grantRemedy(encrypted: EncryptedRegistryFacts): string {
  const { identity, key } = encrypted;
  return isByPolicy(encrypted)
    ? `Restore, or give the object id ${
        identity.principalId
      } the key permissions get, wrapKey and unwrapKey in the ${keyHome(
        key.vaultName,
      )}.`
    : `Restore, or assign the role ${encryptionRole(
        key,
      )} at the key to the object id ${identity.principalId}.`;
}

/** Rules about the encryption identity and its access to the key. */
export const accessRules: readonly FindingRule[] = [
  /**
   * The encryption identity was deleted. Azure then refuses every change that names it, also the one
   * that would attach another; pulls go on until its credentials expire.
   */
  {
    id: 'identity-deleted',
    severity: 'error',
    state: 'unreachable',
    access: { blocked: { rotation: 'helps-with-another-identity' } },
    notifies: 'identity-deleted',
    check({ identity }) {
      // Whether it exists matters only when it is known: the other rules are about access.
      if (identity.exists !== false) return OK;
      return {
        verdict: 'found',
        message: deletedIdentityInWords(identity),
        detail:
          'The registry loses its key when the credentials of the identity expire, usually within three months',
        remedy: DELETED_IDENTITY_REMEDY,
      };
    },
  },
  /**
   * The encryption identity is not attached to the registry. `az acr check-health` has the same
   * rule, for the same cause: people remove identities that the key still needs.
   */
  {
    id: 'identity-detached',
    severity: 'error',
    state: 'unreachable',
    access: { blocked: { rotation: 'helps' } },
    notifies: 'identity-detached',
    check({ identity }) {
      if (identity.attached || identity.exists === false) return OK; // identity-deleted reports it.
      return {
        verdict: 'found',
        message: `The encryption identity (client id ${identity.reference}) is not attached to the registry`,
        remedy: identity.exists
          ? 'Attach the identity to the registry again.'
          : "Attach the identity to the registry again, if it still exists. No subscription in the plugin's scopes contains it.",
        // One that is not to be found cannot be attached by a plan.
        ...(identity.exists && {
          intent: {
            kind: 'rotate' as const,
            key: { kind: 'current' as const },
            identity: identity.reference,
          },
        }),
      };
    },
  },
  /** Nothing lets the encryption identity open the data keys. */
  {
    id: 'no-access-path',
    severity: 'error',
    state: 'revoked',
    access: 'restorable',
    notifies: 'access-removed',
    check(encrypted) {
      if (!encrypted.identity.attached || encrypted.identity.exists === false) {
        return OK; // identity-detached or identity-deleted reports it.
      }
      const paths = accessPathsOf(encrypted);
      if (!paths.known) {
        return {
          verdict: 'undecided',
          message:
            'Could not determine whether the identity has access to the key',
          detail: paths.problem.message,
        };
      }
      if (paths.paths.length > 0) return OK;
      return {
        verdict: 'found',
        message: paths.mayBeByGroup
          ? 'The encryption identity has no access of its own; a group may give it'
          : 'The encryption identity has no access to the key',
        detail: isByPolicy(encrypted)
          ? 'No access policy with unwrapKey'
          : 'No role assignment with unwrap',
        remedy: grantRemedy(encrypted),
        intent: { kind: 'restore' },
      };
    },
  },
  /** The encryption identity may open the data keys, and lacks what a change of the key needs. */
  {
    id: 'access-incomplete',
    severity: 'warning',
    state: null,
    access: 'restorable',
    notifies: null,
    check(encrypted) {
      if (!encrypted.identity.attached || encrypted.identity.exists === false) {
        return OK; // identity-detached or identity-deleted reports it.
      }
      const paths = accessPathsOf(encrypted);
      // no-access-path reports both.
      if (!paths.known || paths.paths.length === 0) return OK;
      if (paths.missing.length === 0 || encrypted.key.isInHsm) return OK;
      return {
        verdict: 'found',
        message: `The encryption identity lacks ${paths.missing.join(' and ')} on the key`,
        detail:
          'Pulls need unwrapKey only. Azure refuses changes of the key meanwhile',
        remedy: grantRemedy(encrypted),
        intent: { kind: 'restore' },
      };
    },
  },
];
