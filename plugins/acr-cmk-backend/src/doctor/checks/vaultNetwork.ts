import {
  type DoctorLine,
  documentationUrl,
  keyHomeKind,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import { NETWORKS } from '../../azure/failures/networkCause';
import type { CredentialName } from '../../azure/ports';
import { type AzureProbes, skippedWithoutToken, refusal } from '../probes';
import { type Check, NOT_ALL_KNOWN, shortened, withScopes } from '../check';
import { ok, warning } from '../lines';

/** Jobs that call a vault itself. Reads go over ARM, past the firewall of a vault. */
const AT_VAULTS: readonly CredentialName[] = ['rotate', 'revoke', 'provision'];

/** Refusals by rights, which the check of the rights reports: the vault was reached. */
const REFUSED_BY_RIGHTS = [
  'ForbiddenByRbac',
  'ForbiddenByPolicy',
  'AccessDenied',
];

const FIREWALL = ['ForbiddenByFirewall', 'ForbiddenByConnection'];

/** Checks that each vault can be reached from here. */
export const vaultNetwork: Check = {
  id: 'vault-network',
  title: 'The vaults can be reached',
  run: withScopes(async ({ config, azure, notKnown }) => {
    const { vaults, unseen, complete } = await azure.vaultsOfInterest();
    const allKnown = complete && notKnown.length === 0;
    const jobs = AT_VAULTS.filter(name => config.credentials[name]);
    if (allKnown && jobs.length > 0 && vaults.length + unseen.length === 0) {
      return [ok('acrCmk.vaults names no vault, and no registry uses one.')];
    }
    return [
      ...(await reachAll(vaults, jobs, azure)),
      ...shortened(
        // Else it may be where nobody has looked.
        (allKnown ? unseen : []).map(name =>
          warning(
            `The read credential does not see the ${keyHomeKind(
              name,
            )} ${name} in the subscriptions of acrCmk.scopes.`,
            `Check the spelling in acrCmk.vaults, and that the read credential has the role of ${documentationUrl(
              'docs/roles/registry-key-reader.json',
            )} at the vault.`,
          ),
        ),
        'vaults',
      ),
      ...(complete ? [] : [NOT_ALL_KNOWN]),
      ...notKnown,
    ];
  }),
};

async function reachAll(
  vaults: readonly { name: string }[],
  jobs: readonly CredentialName[],
  azure: AzureProbes,
): Promise<DoctorLine[]> {
  if (jobs.length === 0) {
    return [
      ok('Skipped, because no configured credential calls a vault itself.'),
    ];
  }
  const withToken = await Promise.all(
    jobs.map(async name => ((await azure.tokenError(name)) ? [] : [name])),
  );
  // The network path is the same for all of them.
  const [job] = withToken.flat();
  if (!job) return jobs.map(skippedWithoutToken);
  return shortened(
    await Promise.all(vaults.map(({ name }) => reach(name, job, azure))),
    'vaults',
  );
}

async function reach(
  name: string,
  job: CredentialName,
  azure: AzureProbes,
): Promise<DoctorLine> {
  // Which key is meant does not matter: the request is for the list of all.
  const key = KeyIdentifier.of(name, 'any', azure.cloud);
  try {
    await azure.reachVault(key, job);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    if (!REFUSED_BY_RIGHTS.includes(error.code)) {
      return refusal(
        error,
        FIREWALL.includes(error.code)
          ? `Add the outgoing address of this backend to the firewall of ${name}, or give it a private endpoint. See ${NETWORKS}.`
          : `Check from this machine that ${key.vaultHost} resolves and answers on port 443, and the proxy settings. See ${NETWORKS}.`,
      );
    }
  }
  return ok(`${name} answers.`);
}
