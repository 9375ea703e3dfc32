import type { Knex } from 'knex';
import { type Bindings, isOwnerRef } from '../catalog/binding';
import { findInBatches } from '../platform/database/batches';

/**
 * Owners of registries: the owners of the entities that name them and are linked to them, by the
 * registry's own tag or by `acrCmk.bindings`, and the groups and users that these name. An entity that is
 * not linked does not count: anyone who may register entities could name any registry. Registries without
 * an owner are left out. Lower-cased entity refs, by lower-cased ids.
 */
export async function ownersOf(
  db: Knex,
  registryIds: readonly string[],
  bindings: Bindings,
): Promise<Map<string, string[]>> {
  const ids = [...new Set(registryIds)];
  const links = await findInBatches(ids, batch =>
    db('links').whereIn('registry_id', batch),
  );
  const owners = new Map<string, string[]>();
  for (const id of ids) {
    const own = links.filter(link => link.registry_id === id);
    const linked = new Set([
      ...(bindings.get(id) ?? []),
      ...own.flatMap(({ source, entity_ref }) =>
        source === 'tag' ? [entity_ref] : [],
      ),
    ]);
    const refs = new Set([
      ...[...linked].filter(isOwnerRef),
      ...own.flatMap(({ source, entity_ref, owner }) =>
        source === 'annotation' && linked.has(entity_ref) && owner
          ? [owner]
          : [],
      ),
    ]);
    if (refs.size > 0) owners.set(id, [...refs].sort());
  }
  return owners;
}
