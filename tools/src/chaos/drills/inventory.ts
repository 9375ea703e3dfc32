import { setTimeout as delay } from 'node:timers/promises';
import { isThere } from 'backstage-plugin-acr-cmk-backend/src/inventory/rows/FactTable';
import { vaultNameOfHost } from 'backstage-plugin-acr-cmk-common';
import { Outsider } from '../world/Outsider';
import type { World } from '../world/World';

/** Two intervals of the sync, and a turn that was just missed. Milliseconds. */
const KNOWN_WITHIN_MS = 3 * 60_000;
const LOOK_MS = 5_000;

/** Versionless, in lower case. */
const keyOf = (identifier: string) =>
  identifier.toLowerCase().replace(/\/[0-9a-f]{32}$/, '');

/**
 * Waits until each row of the inventory is as Azure is.
 *
 * @returns what differs still when it should long be known
 */
export async function inventoryDifferences(world: World): Promise<string[]> {
  const outsider = new Outsider(world.azure);
  const since = performance.now();
  for (;;) {
    const found = [
      ...(await registriesThatDiffer(world, outsider)),
      ...(await keysThatDiffer(world, outsider)),
    ];
    if (found.length === 0) return [];
    if (performance.now() - since > KNOWN_WITHIN_MS) return found;
    await delay(LOOK_MS);
  }
}

async function registriesThatDiffer(
  { database }: World,
  outsider: Outsider,
): Promise<string[]> {
  const wanted = new Map<string, string>();
  for (const { id, properties } of await outsider.registries()) {
    const key = properties.encryption?.keyVaultProperties;
    wanted.set(
      id.toLowerCase(),
      key
        ? `${keyOf(key.keyIdentifier)} ${key.versionedKeyIdentifier
            .split('/')
            .at(-1)}`
        : 'no key',
    );
  }
  // A row with `not-found` says of an entity's registry that there is none, and is never shown as one.
  const rows = await database
    .db('registries')
    .where(isThere('registries'))
    // One that was never read is shown as unknown, such as a registry whose plan met a fault of Azure.
    .whereNotNull('facts')
    .select('*');
  const known = new Map<string, string>(
    rows.map(row => [
      row.id,
      row.vault_host
        ? `https://${row.vault_host}/keys/${row.key_name} ${row.version_in_use}`
        : 'no key',
    ]),
  );
  return [...new Set([...wanted.keys(), ...known.keys()])].flatMap(id =>
    wanted.get(id) === known.get(id)
      ? []
      : [
          `${id} has ${wanted.get(id) ?? 'been deleted'}, and its row ${
            known.get(id) ?? 'is missing'
          }`,
        ],
  );
}

async function keysThatDiffer(
  { database }: World,
  outsider: Outsider,
): Promise<string[]> {
  const { db } = database;
  const keys: { vault_host: string; name: string; facts: string }[] = await db(
    'keys',
  )
    .whereNotNull('facts')
    .whereExists(
      db('registries')
        .whereRaw('registries.vault_host = keys.vault_host')
        .whereRaw('registries.key_name = keys.name'),
    )
    .select('vault_host', 'name', 'facts');
  const differences: string[] = [];
  for (const { vault_host: host, name, facts } of keys) {
    const wanted = await outsider.versions(vaultNameOfHost(host), name);
    // A deleted key has no versions to compare.
    if (!wanted) continue;
    const known: { version: string; enabled: boolean }[] =
      JSON.parse(facts).versions;
    const isSame =
      known.length === wanted.size &&
      known.every(({ version, enabled }) => wanted.get(version) === enabled);
    if (!isSame) {
      differences.push(
        `the key ${host}/${name} has ${JSON.stringify([...wanted])}, and its row ${JSON.stringify(
          known.map(({ version, enabled }) => [version, enabled]),
        )}`,
      );
    }
  }
  return differences;
}
