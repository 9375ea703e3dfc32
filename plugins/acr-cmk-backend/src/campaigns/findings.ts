import {
  FactsUnavailable,
  type Finding,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { verdictOf } from '../cmk/verdict';
import type { Clock } from '../database/clock';
import { azureNow } from '../inventory/facts';
import type { Freshness, Inventory } from '../inventory/Inventory';

/** Findings of registries by `RegistryId.key`: ids of warnings and errors; of an undecided one with a question mark. */
export type FindingIds = Record<string, string[]>;

const idOf = ({ id, verdict }: Finding) =>
  verdict === 'found' ? id : `${id}?`;

/**
 * Judges registries by their facts.
 *
 * @throws FactsUnavailable when one of them cannot be read
 */
export async function findingsOf(
  ids: readonly RegistryId[],
  freshness: Freshness,
  { inventory, clock }: { inventory: Inventory; clock: Clock },
): Promise<FindingIds> {
  const now = await clock.now();
  const found: FindingIds = {};
  for (const id of ids) {
    const { registry, bundle } = await inventory.look(id, freshness);
    if (!registry.known) {
      throw new FactsUnavailable(id.name, registry.problem.message);
    }
    const { findings } = verdictOf(
      await bundle(registry.value),
      azureNow(registry, now),
    );
    found[id.key] = findings
      .filter(({ severity }) => severity !== 'info')
      .map(idOf)
      .sort();
  }
  return found;
}

const toWords = (id: string) =>
  id.endsWith('?') ? `${id.slice(0, -1)} cannot be decided` : id;

/** Findings that became worse, in words; undefined when none did. */
export function worsenedInWords(
  before: FindingIds,
  after: FindingIds,
  ids: readonly RegistryId[],
): string | undefined {
  const worse = ids.flatMap(({ key, name }) => {
    const had = new Set(before[key] ?? []);
    const added = (after[key] ?? []).filter(id => !had.has(id));
    return added.length > 0
      ? [`${name}: ${added.map(toWords).join(', ')}`]
      : [];
  });
  return worse.length > 0 ? worse.join('; ') : undefined;
}
