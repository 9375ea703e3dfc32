/** Rows of the inventory of acr-cmk, as its sync would have made them. */
import type { Knex } from 'knex';

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
export const OTHER = '99999999-2222-4333-8444-555555555555';

/** A registry in Azure. */
export interface TestRegistry {
  name: string;
  subscription?: string;
  /** `<vault>/<key>`. */
  key?: string;
  tags?: Record<string, string>;
}

export const registryId = (name: string, subscription = SUBSCRIPTION) =>
  `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/${name}`;

export const vaultId = (name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-keys/providers/microsoft.keyvault/vaults/${name}`;

/** Values that change in Azure all the time. */
interface Volatile {
  version: string;
  at: number;
  state: string;
}

const FIRST: Volatile = { version: 'a'.repeat(32), at: 1, state: 'healthy' };

function toRow(
  { name, subscription = SUBSCRIPTION, key, tags = {} }: TestRegistry,
  { version, at, state }: Volatile,
) {
  const id = registryId(name, subscription);
  const [vault, keyName] = key?.split('/') ?? [];
  const uri = `https://${vault}.vault.azure.net/keys/${keyName}`;
  const facts = {
    id,
    name,
    location: 'westeurope',
    sku: 'Premium',
    loginServer: `${name}.azurecr.io`,
    provisioningState: state === 'healthy' ? 'Succeeded' : 'Updating',
    tags,
    encryption: key
      ? {
          status: 'enabled',
          keyIdentifier: uri,
          versionedKeyIdentifier: `${uri}/${version}`,
          lastKeyRotation: new Date(at).toISOString(),
        }
      : { status: 'disabled' },
    userAssignedIdentities: [],
  };
  return {
    id: id.toLowerCase(),
    arm_id: id,
    subscription_id: subscription,
    resource_group: 'rg-shop',
    name: name.toLowerCase(),
    display_name: name,
    location: facts.location,
    vault_host: key ? `${vault}.vault.azure.net` : null,
    key_name: keyName ?? null,
    version_mode: key ? 'automatic' : null,
    version_in_use: key ? version : null,
    facts: JSON.stringify(facts),
    read_at: at,
    azure_at: at,
    seen_at: at,
    changed_at: at,
    state,
    severity: state === 'healthy' ? 0 : 3,
  };
}

/** The tables of the inventory, to fill and to change. */
export class TestInventory {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Replaces all registries. */
  async holds(
    registries: readonly TestRegistry[],
    volatile: Volatile = FIRST,
  ): Promise<void> {
    await this.#db('registries').delete();
    await this.#db.batchInsert(
      'registries',
      registries.map(registry => toRow(registry, volatile)),
      100,
    );
  }

  async holdsVault(name: string, tags: Record<string, string>): Promise<void> {
    await this.#db('vaults').insert({
      id: vaultId(name),
      subscription_id: SUBSCRIPTION,
      host: `${name}.vault.azure.net`,
      facts: JSON.stringify({ id: vaultId(name), name, tags }),
      read_at: 1,
    });
  }

  /** A subscription was listed whole, or could not be. */
  async listed(subscription: string, whole = true): Promise<void> {
    await this.#db('sync_state')
      .insert({
        name: 'turn',
        value: JSON.stringify({ startedAt: 1, endedAt: 2 }),
        at: 2,
      })
      .onConflict('name')
      .merge();
    await this.#db('facts')
      .insert({
        kind: 'list-of-registries',
        subject: subscription,
        facts: '1',
        read_at: 1000,
        azure_at: 1000,
        problem_at: whole ? null : 2000,
      })
      .onConflict(['kind', 'subject'])
      .merge();
  }

  async neverListed(): Promise<void> {
    await this.#db('facts').where({ kind: 'list-of-registries' }).delete();
  }
}
