import type {
  AzureCloudName,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { DiagnosisPort } from '../azure/diagnosis';
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
export type Listed<T> =
  | { read: true; items: T[] }
  | { read: false; error: AzureError };

/** Vaults that matter here. */
export interface VaultsOfInterest {
  vaults: VaultFacts[];
  /** Named by `acrCmk.vaults` or used by a registry, and not among the vaults of the scopes' subscriptions. */
  unseen: string[];
  /** Whether all of them are known. */
  complete: boolean;
}

type Ports = Pick<AzurePorts, 'access'> & {
  resourceGraph: Pick<ResourceGraphPort, 'readable' | 'counts'>;
};

interface AzureForDoctorDeps {
  ports: Ports & {
    registries: Pick<AzurePorts['registries'], 'listBySubscription'>;
    vaults: Pick<AzurePorts['vaults'], 'listBySubscription'>;
  };
  diagnosis: DiagnosisPort;
  config: AcrCmkConfig;
}

/** Azure as the checks see it. Lists each subscription once for all of them. */
export class AzureForDoctor {
  readonly #deps: AzureForDoctorDeps;
  readonly ports: Ports;
  readonly diagnosis: DiagnosisPort;
  /** Cloud of all resources. */
  readonly cloud: AzureCloudName;
  readonly registriesIn: (subscriptionId: string) => Promise<Listed<Registry>>;
  readonly vaultsIn: (subscriptionId: string) => Promise<Listed<VaultFacts>>;
  /** Error of Microsoft Entra when it gives a credential no token. One request for all checks. */
  readonly tokenError: (job: CredentialName) => Promise<AzureError | undefined>;

  constructor(deps: AzureForDoctorDeps) {
    this.#deps = deps;
    const { registries, vaults } = deps.ports;
    this.ports = deps.ports;
    this.diagnosis = deps.diagnosis;
    this.cloud = deps.config.cloud;
    this.registriesIn = once(async id => {
      const list = await listed(registries.listBySubscription(id));
      return list.read
        ? { ...list, items: list.items.flatMap(each => toRegistry(each) ?? []) }
        : list;
    });
    this.vaultsIn = once(id => listed(vaults.listBySubscription(id)));
    this.tokenError = once(job =>
      deps.diagnosis.token(job).then(() => undefined, azureError),
    );
  }

  /** Registries in the scopes, and whether all of them could be read. */
  async registriesInScope(): Promise<{
    registries: Registry[];
    complete: boolean;
  }> {
    const lists = await Promise.all(
      subscriptionsOf(this.#deps.config).map(id => this.registriesIn(id)),
    );
    return {
      registries: lists
        .flatMap(list => (list.read ? list.items : []))
        .filter(({ registryId }) =>
          inScope(this.#deps.config.scopes, registryId),
        ),
      complete: lists.every(({ read }) => read),
    };
  }

  /** Vaults that `acrCmk.vaults` names, and those that registries in the scopes use. */
  async vaultsOfInterest(): Promise<VaultsOfInterest> {
    const [{ registries, complete }, lists] = await Promise.all([
      this.registriesInScope(),
      Promise.all(
        subscriptionsOf(this.#deps.config).map(id => this.vaultsIn(id)),
      ),
    ]);
    const names = new Set([
      ...(this.#deps.config.vaults ?? []),
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
  }
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

/** Line of a refusal by Azure: `unknown` when it throttles, else `failed`. */
export function refusal(error: unknown, remedy: string) {
  if (!(error instanceof AzureError)) throw error;
  return error.kind === 'throttled'
    ? unknown(error.message, 'Run the doctor again in some minutes.')
    : failed(error.message, remedy);
}
