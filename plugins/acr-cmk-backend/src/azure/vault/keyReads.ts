/** Reads of a key at the vault or the Managed HSM itself, as the parts of a call. */
import { RestError } from '@azure/core-rest-pipeline';
import type { KeyClient } from '@azure/keyvault-keys';
import type {
  KeyIdentifier,
  KeyVersionFacts,
  RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';
import { allOf } from '../transport/pipeline';
import { newestFirst, toListedVersion, toRotationPolicy } from './keyFacts';

/** Every version of a key, the newest first. */
export const versionsOf = async (
  client: KeyClient,
  keyName: string,
): Promise<KeyVersionFacts[]> =>
  newestFirst(
    await allOf(client.listPropertiesOfKeyVersions(keyName), toListedVersion),
  );

/**
 * The rotation policy of a key, as the vault or the Managed HSM says. An HSM has no default one; whether it
 * answers with an empty policy or with 404 is not documented, so both mean that there is none.
 */
export async function rotationPolicyOf(
  client: KeyClient,
  { keyName, isInHsm }: Pick<KeyIdentifier, 'keyName' | 'isInHsm'>,
): Promise<RotationPolicy> {
  try {
    const { lifetimeActions, expiresIn } =
      await client.getKeyRotationPolicy(keyName);
    return toRotationPolicy(lifetimeActions ?? [], expiresIn);
  } catch (error) {
    const isMissing = error instanceof RestError && error.statusCode === 404;
    if (isInHsm && isMissing) return {};
    throw error;
  }
}
