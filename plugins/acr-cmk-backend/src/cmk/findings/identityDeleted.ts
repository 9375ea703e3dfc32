import type { Identity } from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** What Azure needs, for the finding and for plans that would otherwise be tried in vain. */
export const WHAT_A_DELETED_IDENTITY_NEEDS =
  'Creating an identity of the same name again does not help: it gets other ids. Open a support ticket at Azure. While pulls still work, copy the images to a new registry.';

/** An identity that is gone, in words. */
export const deletedIdentityInWords = ({ kind, reference }: Identity) =>
  kind === 'system'
    ? 'The registry uses its system-assigned identity for encryption, which is turned off and so deleted'
    : `The encryption identity (client id ${reference}) does not exist any more`;

/**
 * The encryption identity was deleted. Azure then refuses every change that names it, also the one
 * that would attach another; pulls go on until its credentials expire.
 */
export const identityDeleted: FindingRule = {
  id: 'identity-deleted',
  severity: 'error',
  check({ identity }) {
    // Whether it exists matters only when it is known: the other rules are about access.
    if (identity.exists !== false) return OK;
    return {
      verdict: 'found',
      message: `${deletedIdentityInWords(
        identity,
      )}. The registry loses its key when the credentials of the identity expire, usually within three months`,
      remedy: WHAT_A_DELETED_IDENTITY_NEEDS,
    };
  },
};
