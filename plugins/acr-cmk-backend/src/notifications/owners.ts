import type { Knex } from 'knex';
import { type Bindings, isOwnerRef } from '../catalog/binding';
import { batchesOf, lower } from '../inventory/rows/readings';

/**
 * Who owns registries: the owners of the entities that name them and are linked to them, by the
 * registry's own tag or by `acrCmk.bindings`, and the groups and users that these name. An entity that
 * only names a registry is anybody's who may register one. Those without an owner are not in the
 * answer. Lower-cased entity refs.
 */
export async function ownersOf(
  db: Knex,
  registryIds: readonly string[],
  bindings: Bindings,
): Promise<Map<string, string[]>> {
  const ids = [...new Set(registryIds)];
  const linked = new Map(ids.map(id => [id, new Set(bindings.get(id))]));
  const rows: any[] = [];
  for (const batch of batchesOf(ids)) {
    const found = await db('links').whereIn('registry_id', batch.map(lower));
    rows.push(...found.map(row => ({ ...row, id: row.registry_id })));
  }
  for (const { id, source, entity_ref: ref } of rows) {
    if (source === 'tag') linked.get(id)?.add(ref);
  }
  const owners = new Map<string, Set<string>>(
    [...linked].map(([id, refs]) => [
      id,
      new Set([...refs].filter(isOwnerRef)),
    ]),
  );
  for (const { id, source, owner, entity_ref: ref } of rows) {
    const isProven = source === 'annotation' && linked.get(id)?.has(ref);
    if (isProven && owner) owners.get(id)?.add(owner);
  }
  return new Map(
    [...owners]
      .filter(([, refs]) => refs.size > 0)
      .map(([id, refs]) => [id, [...refs].sort()]),
  );
}
