import type { Knex } from 'knex';
import { batchesOf } from '../inventory/rows/readings';

const ownerInTag = (ref: string): string | undefined =>
  /^(group|user):/.test(ref) ? ref : undefined;

/**
 * Who owns registries: the owners of the entities that name them, and the groups and users that their
 * own tags name. Those without one are not in the answer. Lower-cased entity refs.
 */
export async function ownersOf(
  db: Knex,
  registryIds: readonly string[],
): Promise<Map<string, string[]>> {
  const owners = new Map<string, Set<string>>();
  for (const batch of batchesOf([...new Set(registryIds)])) {
    const links: any[] = await db('links').whereIn('registry_id', batch);
    for (const { registry_id: id, source, owner, entity_ref: ref } of links) {
      const found = source === 'tag' ? ownerInTag(ref) : owner;
      if (!found) continue;
      owners.set(id, (owners.get(id) ?? new Set()).add(found));
    }
  }
  return new Map([...owners].map(([id, refs]) => [id, [...refs].sort()]));
}
