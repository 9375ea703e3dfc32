import type { DoctorLine, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { Diagnosis } from '../azure/diagnosis';
import type { ResourceGraphPort } from '../azure/graph/resourceGraphPort';
import type { AzurePorts, CredentialName } from '../azure/ports';
import type { Registry } from '../domain/registry';
import {
  type AcrCmkConfig,
  inScope,
  subscriptionsOf,
} from '../platform/config';
import { toRegistry } from '../inventory/rows/toRegistry';
import { CHECK_NETWORK, failed, unknown } from './lines';

/** A list of one subscription, or the error that kept it from being read. */
type Listed<T> =
  | { read: true; items: T[] }
  | { read: false; error: AzureError };

/** Vaults that matter here. */
interface VaultsOfInterest {
  vaults: VaultFacts[];
  /** Named by `acrCmk.vaults` or used by a registry, and not among the vaults of the scopes' subscriptions. */
  unseen: string[];
  /** Whether all of them are known. */
  complete: boolean;
}

/** Parts of Azure that the doctor asks. */
interface AzureParts {
  ports: Pick<AzurePorts, 'access'> & {
    registries: Pick<AzurePorts['registries'], 'listBySubscription'>;
    vaults: Pick<AzurePorts['vaults'], 'listBySubscription'>;
    resourceGraph: Pick<ResourceGraphPort, 'readable' | 'counts'>;
  };
  diagnosis: Diagnosis;
}

/** Questions of the checks to Azure. Each list and each token is asked for once for all of them. */
export type AzureProbes = ReturnType<typeof createProbes>;

export function createProbes(
  config: AcrCmkConfig,
  { ports, diagnosis }: AzureParts,
) {
  const subscriptions = subscriptionsOf(config);
  const registriesIn = once(async (id: string): Promise<Listed<Registry>> => {
    const list = await listed(ports.registries.listBySubscription(id));
    return list.read
      ? { ...list, items: list.items.flatMap(each => toRegistry(each) ?? []) }
      : list;
  });
  const vaultsIn = once((id: string) =>
    listed(ports.vaults.listBySubscription(id)),
  );

  /** Registries in the scopes, and whether all of them could be read. */
  async function registriesInScope() {
    const lists = await Promise.all(subscriptions.map(registriesIn));
    return {
      registries: lists
        .flatMap(list => (list.read ? list.items : []))
        .filter(({ registryId }) => inScope(config.scopes, registryId)),
      complete: lists.every(({ read }) => read),
    };
  }

  return {
    /** Cloud of all resources. */
    cloud: config.cloud,
    access: ports.access,
    resourceGraph: ports.resourceGraph,
    azureTime: diagnosis.azureTime,
    reachVault: diagnosis.reachVault,
    registrationState: diagnosis.registrationState,
    /** Error of Microsoft Entra when it gives a credential no token. */
    tokenError: once((job: CredentialName) =>
      diagnosis.token(job).then(() => undefined, azureError),
    ),
    registriesIn,
    vaultsIn,
    registriesInScope,

    /** Vaults that `acrCmk.vaults` names, and those that registries in the scopes use. */
    async vaultsOfInterest(): Promise<VaultsOfInterest> {
      const [{ registries, complete }, lists] = await Promise.all([
        registriesInScope(),
        Promise.all(subscriptions.map(vaultsIn)),
      ]);
      const names = new Set([
        ...(config.vaults ?? []),
        // Without a key, or with one of another kind of store, there is no vault of ours.
        ...registries.flatMap(({ key }) => (key ? [key.vaultName] : [])),
      ]);
      const vaults = lists
        .flatMap(list => (list.read ? list.items : []))
        .filter(({ name }) => names.has(name.toLowerCase()));
      const seen = new Set(vaults.map(({ name }) => name.toLowerCase()));
      return {
        vaults,
        unseen: [...names].filter(name => !seen.has(name)).sort(),
        complete: complete && lists.every(({ read }) => read),
      };
    },
  };
}

/** Asks for each key once. */
function once<K, T>(ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const asked = new Map<K, Promise<T>>();
  return key => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

function listed<T>(list: Promise<{ value: T[] }>): Promise<Listed<T>> {
  return list.then(
    ({ value }) => ({ read: true, items: value }),
    error => ({ read: false, error: azureError(error) }),
  );
}

/** @throws the error when it is another one */
function azureError(error: unknown): AzureError {
  if (!(error instanceof AzureError)) throw error;
  return error;
}

/** Line of a check that is skipped because its credential gets no token. */
export const skippedWithoutToken = (job: CredentialName) =>
  unknown(
    `${job}: skipped, because Microsoft Entra gives the credential no token.`,
    'Correct what the check of the credentials reports, then run the doctor again.',
  );

/** Remedy of a refusal, by its kind. A role helps only against a missing right. */
export function remedyByKind(
  error: unknown,
  {
    denied,
    notFound = 'Correct the scope in acrCmk.scopes.',
  }: { denied: string; notFound?: string },
): string {
  const kind = error instanceof AzureError ? error.kind : undefined;
  if (kind === 'denied') return denied;
  return kind === 'not-found' ? notFound : CHECK_NETWORK;
}

/**
 * Line of a refusal by Azure: `unknown` when it throttles, else `failed`.
 *
 * @param remedy - the general one, for an error that does not name its own
 */
export function refusal(error: unknown, remedy: string): DoctorLine {
  if (!(error instanceof AzureError)) throw error;
  if (error.remedied) return { status: 'failed', message: error.message };
  return error.kind === 'throttled'
    ? unknown(error.message, 'Run the doctor again in some minutes.')
    : failed(error.message, remedy);
}
