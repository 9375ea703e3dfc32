import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { isHsmScope } from '../../azure/armIds';
import { showAccess, tryAPull } from './az';
import {
  accessInWords,
  type ConfirmAccess,
  observeAccess,
} from './confirmAccess';
import { pulledOutputs, pullsAfterRevoke } from './pull';
import type { AccessInAzure } from './accessInAzure';
import { defineStep } from './step';
import { inProgressUntil, SPREAD_DEADLINE_MS } from './timing';

/** Proves that no access path is left, and asks the registry for a pull. Writes nothing. */
export interface ConfirmRevoked extends ConfirmAccess {
  kind: 'confirm-revoked';
  /** Object ids with access policies in the vault that are known to be no group: the identities of other registries. */
  otherIdentities?: string[];
}

/** Proof in words: nothing is left, or only nothing of the identity itself. */
function removedInWords(
  spec: ConfirmRevoked,
  { others }: AccessInAzure,
): string {
  if (isHsmScope(spec.vaultId)) {
    return 'No role assignment of the identity itself is left; a Managed HSM does not report group membership';
  }
  const unknown = others.filter(
    id =>
      !spec.otherIdentities?.some(
        known => known.toLowerCase() === id.toLowerCase(),
      ),
  );
  return unknown.length === 0
    ? `${accessInWords(spec)} removed (proved)`
    : `No access policy of the identity itself is left; ${unknown.length} other object ${
        unknown.length === 1 ? 'id' : 'ids'
      } may use the key, and Key Vault does not say which are groups`;
}

/**
 * Proves at the vault that no access path is left; a Managed HSM shows only those of the identity itself.
 * When the registry itself notices is not documented, so a pull that still works is recorded, not taken for
 * a failure.
 */
export const confirmRevoked = defineStep<ConfirmRevoked>({
  kind: 'confirm-revoked',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'read',

  title: () => 'Verify that no access path is left, and try a pull',
  target: ({ loginServer }) => loginServer,
  commands: spec => [...showAccess(spec), tryAPull(spec.loginServer)],
  pullsAfter: () => ({ wanted: 'refused' }),

  async observe(context) {
    const { access, pulls, observations } = await observeAccess(context);
    const { paths } = access;
    if (paths.length > 0) {
      return inProgressUntil(context, {
        deadlineMs: SPREAD_DEADLINE_MS,
        checkAgainSeconds: 10,
        observations,
        message: 'Azure still shows an access path',
        overdue: `An access path is left: ${paths.join('; ')}`,
      });
    }
    return {
      status: 'done',
      observations,
      ...pulledOutputs(pulls.now),
      message: `${removedInWords(context.spec, access)}. ${pullsAfterRevoke(pulls)}`,
    };
  },
});
