/** A fleet in the rows of the inventory, for tests and measurements: made up, and the same each time. */
import type { KeyFacts, RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import { RegistryId, registryStateIds } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { InventoryRows } from '../inventory/rows';
import { OPEN_NETWORK } from './encryptedRegistries';
import { batchesOf } from '../platform/database/batches';

const DAY_MS = 24 * 60 * 60_000;
const GUID = '-2222-4333-8444-555555555555';

export const subscriptionNumber = (n: number) =>
  `${String(n).padStart(8, '0')}${GUID}`;

/** 32 hex digits. */
export const versionNumber = (n: number) => n.toString(16).padStart(32, '0');

export interface FleetWorld {
  registries: number;
  /** Default: one for each hundred registries, at least two. */
  subscriptions?: number;
  /** Registries of one key. Default 2. */
  shared?: number;
  /** One of so many is named by no entity. Default 7. */
  unboundEvery?: number;
  /** Teams that own entities. Default 10. */
  teams?: number;
  /** Tags name the entities as well. Default: none does, so nothing proves who owns the registries. */
  linked?: boolean;
  /** Time when everything was read. */
  now: number;
  /** Time when the catalog was. Later than any sweep of it, what entities name stays. */
  linkedAt?: number;
}

/** Name of the entity that names the n-th registry. */
export const entityNumber = (n: number) => `resource:default/images-${n}`;
export const teamOf = (n: number, { teams = 10 }: FleetWorld) =>
  `group:default/team-${n % teams}`;
export const isUnbound = (n: number, { unboundEvery = 7 }: FleetWorld) =>
  n % unboundEvery === 0;

/** Facts of the n-th registry of the world. */
export function registryNumber(n: number, world: FleetWorld): RegistryFacts {
  const subscription = subscriptionNumber(
    n %
      (world.subscriptions ?? Math.max(2, Math.floor(world.registries / 100))),
  );
  const key = Math.floor(n / (world.shared ?? 2));
  const isPlain = n % 11 === 10;
  const isManual = n % 3 === 0;
  const uri = `https://kv-${key % 50}-fleet.vault.azure.net/keys/key-${key}`;
  const name = `registry${n}`;
  return {
    id: `/subscriptions/${subscription}/resourceGroups/rg-${
      n % 5
    }/providers/Microsoft.ContainerRegistry/registries/${name}`,
    name,
    location: 'westeurope',
    sku: 'Premium',
    loginServer: `${name}.azurecr.io`,
    provisioningState: 'Succeeded',
    tags:
      world.linked && !isUnbound(n, world)
        ? { 'backstage-entity-ref': entityNumber(n) }
        : {},
    network: OPEN_NETWORK,
    encryption: isPlain
      ? { status: 'disabled' }
      : {
          status: 'enabled',
          keyIdentifier: isManual ? `${uri}/${versionNumber(key + 1)}` : uri,
          versionedKeyIdentifier: `${uri}/${versionNumber(key + 1)}`,
          identity: 'system',
          ...(n % 4 === 0 && {
            lastKeyRotation: new Date(
              world.now - (n % 90) * DAY_MS,
            ).toISOString(),
          }),
        },
    systemPrincipalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userAssignedIdentities: [],
  };
}

/** Fills an empty database, with verdicts as if everything had been judged. */
export async function fillFleet(db: Knex, world: FleetWorld): Promise<void> {
  const { now } = world;
  const rows = new InventoryRows(db, { now: async () => now });
  const numbers = Array.from({ length: world.registries }, (_, n) => n);
  const registries = numbers.map(n => registryNumber(n, world));
  await rows.registries.keep(registries, { readAt: now, azureAt: now });
  await rows.links.keep(
    numbers
      .filter(n => !isUnbound(n, world))
      .map(n => ({
        entityRef: entityNumber(n),
        owner: teamOf(n, world),
        registries: [RegistryId.parse(registries[n].id)],
      })),
    world.linkedAt ?? now,
  );
  const keys = new Set(numbers.map(n => Math.floor(n / (world.shared ?? 2))));
  await rows.keys.keep(
    [...keys].map(key => keyNumber(key, now)),
    { readAt: now, azureAt: now },
  );
  for (const batch of batchesOf(numbers, 500)) {
    await db.transaction(async trx => {
      for (const n of batch) {
        const isPlain = n % 11 === 10;
        await trx('registries')
          .where({ id: registries[n].id.toLowerCase() })
          .update({
            state: isPlain ? 'no-cmk' : registryStateIds[(n * 7) % 10],
            state_since: now - n * DAY_MS,
            state_message: `Message ${n}`,
            severity: n % 4,
            findings: JSON.stringify(n % 4 === 0 ? [] : ['key-behind']),
            behind_since: n % 5 === 0 ? now - n : null,
            expires_at: n % 2 === 0 ? now + ((n % 300) - 20) * DAY_MS : null,
            version_created_at: isPlain ? null : now - (n % 700) * DAY_MS,
            judge_at: null,
          });
      }
    });
  }
}

function keyNumber(key: number, now: number): KeyFacts {
  return {
    vaultName: `kv-${key % 50}-fleet`,
    name: `key-${key}`,
    type: 'RSA',
    size: 3072,
    operations: ['wrapKey', 'unwrapKey'],
    versions: [0, 1, 2].map(older => ({
      version: versionNumber(key + 2 - older),
      enabled: true,
      created: new Date(now - (older * 100 + 1) * DAY_MS).toISOString(),
    })),
    rotatesByPolicy: key % 3 === 0,
  };
}
