import type {
  Fact,
  KeyFacts,
  KeyIdentifier,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts, DeletedKeyFacts, ListedKey } from '../../azure/ports';
import { type FactReader, type Freshness, REFRESHED } from './FactReader';
import { toFact, vaultNotFound, vaultNotListed } from '../facts';
import type { Completeness, Listings } from '../Listings';
import type { KnownBundle } from '../rows/knownBundle';
import type { InventoryRows, StoredFact } from '../rows';

/** A key in its vault, and what the rows hold of it when they were just read. */
export interface InVault<Key> {
  vaultId: string;
  key: Key;
  bundle?: KnownBundle;
}

interface VaultFactsReaderDeps {
  rows: InventoryRows;
  azure: AzurePorts;
  reader: FactReader;
  listings: Listings;
}

/** Reads facts of vaults and of the keys in them. */
export class VaultFactsReader {
  readonly #deps: VaultFactsReaderDeps;

  constructor(deps: VaultFactsReaderDeps) {
    this.#deps = deps;
  }

  /**
   * A vault by its name. Nothing in Azure maps a vault's host to its resource id, so one that is not
   * known can only be found by a listing, which views do not request. Its absence is known only from a listing
   * that began after somebody has named it.
   *
   * @param options.since - since when the registry is known to name it; never, by default
   */
  async named(
    name: string,
    freshness: Freshness,
    { known, since }: { known?: KnownBundle['vault']; since?: number } = {},
  ): Promise<Fact<VaultFacts>> {
    const stored = known ?? (await this.#deps.rows.vaults.named(name));
    if (stored) return this.#readVault(stored, freshness);
    // A listing takes longer than a view may wait.
    const isView = freshness.waitMs !== undefined;
    const listing: Completeness = isView
      ? await this.#deps.listings.completeness('vaults', freshness.now)
      : await this.#deps.listings.ensure('vaults', {
          maxAgeMs: Math.max(freshness.maxAgeMs, REFRESHED.maxAgeMs),
        });
    const listed = await this.#deps.rows.vaults.named(name);
    if (listed) return toFact(listed.fact);
    const isAbsent =
      listing.complete &&
      (!isView || (since !== undefined && (listing.since ?? 0) >= since));
    return toFact<VaultFacts>(
      undefined,
      isAbsent
        ? vaultNotFound(name)
        : (listing.problem ?? vaultNotListed(name)),
    );
  }

  key(
    {
      vaultId,
      key,
      bundle,
    }: InVault<Pick<KeyIdentifier, 'vaultName' | 'keyName'>>,
    freshness: Freshness,
  ): Promise<Fact<KeyFacts>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.keys.of(key),
        known: bundle?.key,
        ask: () => this.#deps.azure.keys.get(vaultId, key.keyName),
      },
      freshness,
    );
  }

  /** Every key of a vault, without its versions. */
  async keysOf(
    { id, name }: Pick<VaultFacts, 'id' | 'name'>,
    freshness: Freshness,
  ): Promise<Fact<ListedKey[]>> {
    const { rows, azure, reader } = this.#deps;
    const fact = await reader.read(
      {
        stored: rows.keysOf(name),
        ask: () => azure.keys.list(id),
      },
      freshness,
    );
    // Azure's list has no types; the rows know those of keys that were read.
    return fact.known
      ? { ...fact, value: await rows.keys.listedIn(name) }
      : fact;
  }

  /**
   * A soft-deleted key. Asked of the vault itself, with the credential that could recover it. The sync does not keep
   * it, so a view has it read when it is old.
   */
  deletedKey(
    key: KeyIdentifier,
    { asKnown, ...freshness }: Freshness,
  ): Promise<Fact<DeletedKeyFacts>> {
    const isView = freshness.waitMs !== undefined;
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'deleted-key',
          subject: key.keyOfKey,
        }),
        ask: () => this.#deps.azure.keys.getDeleted(key.versionless, 'revoke'),
      },
      isView ? freshness : { ...freshness, asKnown },
    );
  }

  #readVault(
    { id, fact }: { id: string; fact: StoredFact<VaultFacts> },
    freshness: Freshness,
  ): Promise<Fact<VaultFacts>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.vaults.of(id),
        known: fact,
        ask: () => this.#deps.azure.vaults.get(id),
      },
      freshness,
    );
  }
}
