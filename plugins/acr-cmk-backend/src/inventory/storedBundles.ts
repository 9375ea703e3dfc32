import type {
  AzureProblem,
  Fact,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { IdentityFacts } from '../azure/arm/identityFacts';
import { subscriptionOf } from '../azure/armIds';
import type {
  DeletedKey,
  RegistryFactBundle,
} from '../domain/encryptedRegistry';
import type { Registry } from '../domain/registry';
import { lower } from '../platform/text';
import { bundleOf } from './bundle';
import { sinceOf, toFact, vaultNotFound, vaultNotListed } from './facts';
import type { ChangesOf } from './Inventory';
import type { InventoryRows, StoredFact } from './rows';
import type { KnownBundle } from './rows/knownBundle';

const IDENTITY_NOT_FOUND = {
  kind: 'not-found',
  code: 'IdentityNotListed',
  message: 'The identity is in none of the subscriptions that were listed',
} as const;

/**
 * A registry that was read, as the rules take it: the rows of a `KnownBundle`, turned into the facts of a
 * `RegistryFactBundle`, with the reading of the registry itself.
 */
export interface StoredBundle {
  registry: Extract<Fact<Registry>, { known: true }>;
  bundle: RegistryFactBundle;
}

interface StoredBundlesDeps {
  rows: InventoryRows;
  changesOf: ChangesOf;
  /** Subscriptions that are listed. A vault outside them cannot be found. */
  subscriptions: readonly string[];
  /** Reason why there may be other subscriptions. Absent where each is named. */
  scopeProblem?: () => AzureProblem | undefined;
}

/**
 * Bundles of several registries by their rows alone, without a call to Azure. Omits those whose facts were never
 * read, or that are gone.
 *
 * @param ids - ARM ids in lower case
 */
export async function storedBundles(
  ids: readonly string[],
  deps: StoredBundlesDeps,
): Promise<Map<string, StoredBundle>> {
  const { rows, subscriptions } = deps;
  const known = await rows.bundlesOf(ids);
  const registries = [...known].flatMap(([id, bundle]) => {
    const registry = toFact(bundle.registry);
    return registry.known ? [{ id, registry, known: bundle }] : [];
  });
  const values = registries.map(({ registry }) => registry.value);
  const changes = await deps.changesOf(values);
  const identities = await identitiesOf(values, { known, rows });
  /** Time since which all items of a kind in the subscriptions are known; read when it is first needed. */
  const listed = new Map<string, Promise<number | undefined>>();
  const listedAt = (kind: 'vaults' | 'identities') => {
    const at = listed.get(kind) ?? oldestListing(kind, deps);
    listed.set(kind, at);
    return at;
  };
  const vaultNotKnown = async (name: string, since: number) =>
    deps.scopeProblem?.() ??
    (((await listedAt('vaults')) ?? -1) >= since
      ? vaultNotFound(name)
      : vaultNotListed(name));
  const identity = async (id: string): Promise<Fact<IdentityFacts>> => {
    const stored = identities.get(lower(id)) ?? (await rows.identities.get(id));
    const isOurs = subscriptions.includes(subscriptionOf(id));
    return stored || !isOurs || (await listedAt('identities')) === undefined
      ? toFact(stored)
      : toFact<IdentityFacts>(undefined, IDENTITY_NOT_FOUND);
  };
  const bundles = new Map<string, StoredBundle>();
  for (const { id, registry, known: row } of registries) {
    const since = sinceOf(registry);
    const bundle = await bundleOf(
      registry.value,
      {
        vault: async name =>
          row.vault
            ? toFact(row.vault.fact)
            : toFact<VaultFacts>(undefined, await vaultNotKnown(name, since)),
        key: async () => toFact(row.key),
        storedKey: async () => row.key,
        assignments: async () => toFact(row.access),
        deletedKey: async ({ keyOfKey }) =>
          toFact(
            await rows.facts
              .of<DeletedKey>({ kind: 'deleted-key', subject: keyOfKey })
              .read(),
          ),
        changes: async () => changes.get(id),
        idOf: clientId => rows.identities.idOf(clientId),
        identity,
      },
      since,
    );
    bundles.set(id, { registry, bundle });
  }
  return bundles;
}

/** Identities that registries encrypt as, or have attached, by their ids in lower case. */
async function identitiesOf(
  registries: readonly Registry[],
  {
    known,
    rows,
  }: { known: ReadonlyMap<string, KnownBundle>; rows: InventoryRows },
): Promise<Map<string, StoredFact<IdentityFacts>>> {
  const joined = new Map(
    [...known.values()].flatMap(({ identity }) =>
      identity ? [[identity.id, identity.fact] as const] : [],
    ),
  );
  const attached = registries.flatMap(({ userAssignedIdentities }) =>
    userAssignedIdentities.map(({ resourceId }) => lower(resourceId)),
  );
  const others = new Set(attached.filter(id => !joined.has(id)));
  return new Map([...joined, ...(await rows.identities.ofAll([...others]))]);
}

/** Time when the oldest of the listings of all subscriptions began; undefined when one never did. */
async function oldestListing(
  kind: 'vaults' | 'identities',
  { rows, subscriptions }: StoredBundlesDeps,
): Promise<number | undefined> {
  const listings = await rows.listings.get(kind, subscriptions);
  const times = listings.map(({ observedAt }) => observedAt ?? -1);
  const oldest = Math.min(...times);
  return oldest < 0 ? undefined : oldest;
}
