import type {
  Fact,
  KeyFacts,
  KeyIdentifier,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts, DeletedKeyFacts, ListedKey } from '../../azure/ports';
import type { FactReader, Freshness } from './FactReader';
import type { FactStore } from '../FactStore';
import { toFact, vaultNotFound, vaultNotListed } from '../facts';
import type { Completeness, Listings } from '../Listings';
import { type KnownBundle, withKnown } from '../rows/knownBundle';
import type { InventoryRows, StoredFact } from '../rows';

/** A key in its vault, and what the rows hold of it when they were just read. */
export interface InVault<Key> {
  vaultId: string;
  key: Key;
  bundle?: KnownBundle;
}

/** Reads facts of vaults and of the keys in them. */
export class VaultFactsReader {
  readonly #rows: InventoryRows;
  readonly #facts: FactStore;
  readonly #azure: AzurePorts;
  readonly #reader: FactReader;
  readonly #listings: Listings;

  constructor(options: {
    rows: InventoryRows;
    facts: FactStore;
    azure: AzurePorts;
    reader: FactReader;
    listings: Listings;
  }) {
    this.#rows = options.rows;
    this.#facts = options.facts;
    this.#azure = options.azure;
    this.#reader = options.reader;
    this.#listings = options.listings;
  }

  /**
   * A vault by its name. Nothing in Azure maps a vault's host to its resource id, so one that is not
   * known can only be found by a listing, which views do not request.
   */
  async named(
    name: string,
    freshness: Freshness,
    known?: KnownBundle['vault'],
  ): Promise<Fact<VaultFacts>> {
    const stored = known ?? (await this.#rows.vaults.named(name));
    if (stored) return this.#readVault(stored, freshness);
    const listing: Completeness = freshness.inBackground
      ? await this.#listings.completeness('vaults', freshness.now)
      : await this.#listings.ensure('vaults');
    const listed = await this.#rows.vaults.named(name);
    if (listed) return toFact(listed.fact);
    if (!listing.complete) this.#listings.askSoon('vaults');
    return toFact<VaultFacts>(
      undefined,
      listing.complete
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
    const stored = this.#rows.keys.of(key);
    return this.#reader.read(
      {
        stored: bundle ? withKnown(stored, bundle.key) : stored,
        ask: () => this.#azure.keys.get(vaultId, key.keyName),
      },
      freshness,
    );
  }

  /** Every key of a vault, without its versions. */
  keysOf(
    { id, name }: Pick<VaultFacts, 'id' | 'name'>,
    freshness: Freshness,
  ): Promise<Fact<ListedKey[]>> {
    return this.#reader.read(
      {
        stored: this.#rows.keysOf(name),
        ask: () => this.#azure.keys.list(id),
      },
      freshness,
    );
  }

  /** A soft-deleted key. Asked of the vault itself, with the credential that could recover it. */
  deletedKey(
    key: KeyIdentifier,
    freshness: Freshness,
  ): Promise<Fact<DeletedKeyFacts>> {
    return this.#reader.read(
      {
        stored: this.#facts.of({ kind: 'deleted-key', subject: key.keyOfKey }),
        ask: () => this.#azure.keys.getDeleted(key.versionless, 'revoke'),
      },
      freshness,
    );
  }

  #readVault(
    { id, fact }: { id: string; fact: StoredFact<VaultFacts> },
    freshness: Freshness,
  ): Promise<Fact<VaultFacts>> {
    return this.#reader.read(
      {
        stored: withKnown(this.#rows.vaults.of(id), fact),
        ask: () => this.#azure.vaults.get(id),
      },
      freshness,
    );
  }
}
