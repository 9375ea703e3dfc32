import {
  KubernetesValidatorFunctions as valid,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';

/** An owner, parsed from text. */
export type ParsedOwner =
  | { is: 'owner'; ref: string }
  /** Names no owner, and need not: a tag may name other entities as well. */
  | { is: 'other' }
  | { is: 'malformed' };

const OWNERS = ['group', 'user'];

/** Reads one entity ref; without a kind it is a group, without a namespace it is in `default`. */
export function parseOwner(text: string): ParsedOwner {
  try {
    const ref = parseEntityRef(text.trim(), {
      defaultKind: 'group',
      defaultNamespace: 'default',
    });
    const kind = ref.kind.toLowerCase();
    if (
      !valid.isValidKind(kind) ||
      !valid.isValidNamespace(ref.namespace.toLowerCase()) ||
      !valid.isValidObjectName(ref.name)
    ) {
      return { is: 'malformed' };
    }
    return OWNERS.includes(kind)
      ? { is: 'owner', ref: stringifyEntityRef(ref) }
      : { is: 'other' };
  } catch {
    return { is: 'malformed' };
  }
}

/** Owner of a thing, by its tags. */
export interface Ownership {
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
