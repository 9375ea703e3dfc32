import { parseOwner } from 'backstage-plugin-acr-cmk-common';

/** Owner of a thing, by its tags. */
interface Ownership {
  owner: string;
  /** Tags whose values are no entity refs. */
  malformed: readonly string[];
}

/**
 * The first owner that the tags name; one value may hold several refs with commas between them.
 *
 * @param tags - by their names in lower case
 */
export function ownerOf(
  tags: Readonly<Record<string, string>>,
  settings: { ownerTags: readonly string[]; defaultOwner: string },
): Ownership {
  const malformed: string[] = [];
  for (const name of settings.ownerTags) {
    for (const text of (tags[name] ?? '').split(',')) {
      if (text.trim() === '') continue;
      const parsed = parseOwner(text);
      if (parsed.is === 'owner') return { owner: parsed.ref, malformed };
      if (parsed.is === 'malformed') malformed.push(name);
    }
  }
  return { owner: settings.defaultOwner, malformed };
}
