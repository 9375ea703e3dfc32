import { RestError } from '@azure/core-rest-pipeline';
import type { KeyClient } from '@azure/keyvault-keys';
import type {
  KeyIdentifier,
  RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';
import { toRotationPolicy } from './keyFacts';

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
