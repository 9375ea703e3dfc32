import {
  AZURE_CLOUDS,
  type VaultFacts,
  vaultHostOf,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { subscriptionOf } from '../../azure/armIds';
import { firewallOf } from '../../domain/firewall';
import { findInBatches } from '../../platform/database/batches';
import { lower } from '../../platform/text';
import {
  type FactDescription,
  type KeyOf,
  type Reading,
  STORED_COLUMNS,
  storedFact,
  type StoredFact,
} from './FactTable';
import { SubscriptionTable } from './SubscriptionTable';
import { judgeAgain } from './verdicts';

/**
 * A vault by its name, as key columns hold it: the host that it would have in Azure's public cloud. A
 * database holds what is in one cloud, so that the name alone tells vaults apart.
 */
export function hostOfVault(name: string): string {
  return lower(vaultHostOf(name));
}

/** Ends the hosts of Managed HSMs in key columns, for `like`. */
export const LIKE_HSM = `%.${AZURE_CLOUDS.public.hsmSuffix}`;

/**
 * Order of the rows of one host, of which the first counts. A vault that was deleted and made again in another
 * group has two rows for a while.
 */
export const READ_LAST = 'coalesce(vaults.read_at, 0) desc, vaults.id desc';

/** Vaults and Managed HSMs, by their ARM ids. */
export const VAULTS: FactDescription<'vaults', string, VaultFacts> = {
  table: 'vaults',
  thing: 'vault',
  placeOf: id => ({
    key: { id: lower(id) },
    columns: {
      subscription_id: subscriptionOf(id),
      host: hostOfVault(vaultNameOfId(id)),
    },
  }),
  columnsOf: facts => ({
    permission_model: facts.permissionModel,
    purge_protection: facts.purgeProtection ?? null,
    network: firewallOf(facts),
  }),
  storedColumns: STORED_COLUMNS,
  stored: row => storedFact(row, JSON.parse),
  judged: (registries, keys) =>
    registries.whereIn('vault_host', hosts =>
      hosts
        .from('vaults')
        .whereIn(
          'id',
          keys.map(({ id }) => id),
        )
        .select('host'),
    ),
};

/** A vault as it is stored. */
export interface KnownVault {
  /** ARM id, lower case. */
  id: string;
  fact: StoredFact<VaultFacts>;
}

/** Rows of vaults, and of Managed HSMs. */
export class VaultRows extends SubscriptionTable<'vaults', string, VaultFacts> {
  constructor(db: Knex) {
    super(db, VAULTS);
  }

  keep(
    vaults: readonly VaultFacts[],
    reading: Reading,
  ): Promise<KeyOf<'vaults'>[]> {
    return this.keepEach(
      vaults.map(facts => ({ name: facts.id, facts })),
      reading,
    );
  }

  /** A vault by its name, which is unique in all of Azure. */
  async named(name: string): Promise<KnownVault | undefined> {
    const host = hostOfVault(name);
    return (await this.atHosts([host])).get(host);
  }

  /** Vaults by their hosts, as key columns hold these. */
  async atHosts(
    hosts: readonly string[],
  ): Promise<ReadonlyMap<string, KnownVault>> {
    const rows = await findInBatches([...new Set(hosts)], batch =>
      this.db('vaults')
        .whereIn('host', batch)
        .orderByRaw(READ_LAST)
        .select('id', 'host', ...STORED_COLUMNS),
    );
    const found = new Map<string, KnownVault>();
    for (const row of rows) {
      if (found.has(row.host)) continue;
      found.set(row.host, { id: row.id, fact: VAULTS.stored(row) });
    }
    return found;
  }

  /** Marks what was read of a vault as old, after our own change. */
  async expireNamed(name: string, at: number): Promise<void> {
    await this.db('vaults')
      .where({ host: hostOfVault(name) })
      .update(this.expired(at));
  }

  /** A vault that could not be found yet is known not to be there now. */
  protected override async removed(trx: Knex): Promise<void> {
    await judgeAgain(trx, registries =>
      registries
        .whereNotNull('vault_host')
        .whereNotIn('vault_host', trx('vaults').select('host')),
    );
  }
}
