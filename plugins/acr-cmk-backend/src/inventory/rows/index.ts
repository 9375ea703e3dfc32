import type {
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { ListedKey } from '../../azure/ports';
import type { Clock } from '../../platform/database/clock';
import { AccessRows } from './access';
import { ConsumerRows } from './consumers';
import { FactRows } from './facts';
import { IdentityRows } from './identities';
import { KeyRows } from './keys';
import { type KnownBundle, knownBundles } from './knownBundle';
import { LinkRows } from './links';
import { ListingRows } from './listings';
import type { StoredReading } from './FactTable';
import { RegistryRows } from './registries';
import { hostOfVault, VaultRows } from './vaults';

export type { Reading, StoredFact, StoredReading } from './FactTable';

/**
 * The inventory's tables. Readers of Azure store their results here, in batches of any
 * size:
 *
 * 1. `keep(items, { readAt, azureAt, seenAt })` for what was read. An older reading never replaces
 *    a newer one, and whatever differs has its registries judged again.
 * 2. `keepProblem` for what could not be read. What was known stays.
 * 3. When a part has been listed whole: `removeUnseen(part, seenAt)`, then `listings.keep`. When not:
 *    `listings.keepProblem`, and nothing is removed.
 * 4. `expire` for what we have changed ourselves: nothing that was read before counts as fresh.
 */
export class InventoryRows {
  readonly registries: RegistryRows;
  readonly vaults: VaultRows;
  readonly keys: KeyRows;
  readonly access: AccessRows;
  readonly identities: IdentityRows;
  readonly consumers: ConsumerRows;
  readonly links: LinkRows;
  readonly facts: FactRows;
  readonly listings: ListingRows;

  readonly #db: Knex;

  constructor(db: Knex, clock: Pick<Clock, 'now'>) {
    this.#db = db;
    this.registries = new RegistryRows(db);
    this.vaults = new VaultRows(db);
    this.keys = new KeyRows(db);
    this.access = new AccessRows(db);
    this.identities = new IdentityRows(db);
    this.consumers = new ConsumerRows(db);
    this.facts = new FactRows(db);
    this.listings = new ListingRows(this.facts);
    this.links = new LinkRows({ db, clock, listings: this.listings });
  }

  /** A registry with what its encryption depends on, as it is known; in one statement. */
  async bundleOf({ key }: RegistryId): Promise<KnownBundle | undefined> {
    return (await this.bundlesOf([key])).get(key);
  }

  /** Bundles of several registries, by their ids. */
  bundlesOf(ids: readonly string[]): Promise<Map<string, KnownBundle>> {
    return knownBundles(this.#db, ids);
  }

  /**
   * Marks the facts of a registry, of its key and of the named keys, of their vaults and of the access to them as
   * old, and those of the given identities.
   */
  async expire(
    {
      id,
      named,
      identities = [],
    }: {
      id: RegistryId;
      named: readonly KeyIdentifier[];
      /** ARM ids. */
      identities?: readonly string[];
    },
    at: number,
  ): Promise<void> {
    for (const identity of identities) {
      await this.identities.expire(identity, at);
    }
    const stored = await this.registries.get(id);
    await this.registries.expire(id, at);
    const own = stored?.value?.key;
    const keys = new Map(
      [...named, ...(own ? [own] : [])].map(key => [key.keyOfKey, key]),
    );
    for (const key of keys.values()) {
      await this.vaults.expireNamed(key.vaultName, at);
      await this.keys.expire(key, at);
      await this.listings.expire('keys', hostOfVault(key.vaultName), at);
      await this.access.expireTo(key, at);
      await this.facts.expire(
        { kind: 'deleted-key', subject: key.keyOfKey },
        at,
      );
    }
  }

  /** Every key of a vault, as lists of it say. */
  keysOf(vaultName: string): StoredReading<ListedKey[]> {
    const part = hostOfVault(vaultName);
    return {
      name: `keys of the vault ${vaultName.toLowerCase()}`,
      read: async () => {
        const [listing] = await this.listings.get('keys', [part]);
        return {
          ...listing,
          value:
            listing.observedAt === undefined
              ? undefined
              : await this.keys.listedIn(vaultName),
        };
      },
      keep: async (keys, { readAt, azureAt }) => {
        await this.keys.keepListed(vaultName, keys, readAt);
        await this.keys.removeUnseen(vaultName, readAt);
        await this.listings.keep('keys', part, {
          items: keys.length,
          readAt,
          azureAt,
        });
      },
      keepProblem: (problem, at) =>
        this.listings.keepProblem('keys', part, { problem, at }),
    };
  }
}
