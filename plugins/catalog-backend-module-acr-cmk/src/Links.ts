import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type Named, namedBy } from './annotations';

/** The entity of something, and the entity that this depends on. */
export interface Link {
  ref: string;
  dependsOn?: string;
}

/** Dependencies of an entity. */
interface Targets {
  refs: readonly string[];
  /** False when the entity names something unknown that may exist. */
  sure: boolean;
}

const KINDS = ['registries', 'keys', 'vaults'] as const;

/** Refresh key by which the catalog finds entities that name a thing. */
const refreshKey = (kind: keyof Named, id: string) => `acr-cmk:${kind}:${id}`;

/** Keys by which the catalog finds an entity when what it names has changed. */
export function refreshKeysOf(entity: Entity): string[] {
  const named = namedBy(entity.metadata.annotations);
  return KINDS.flatMap(kind => named[kind].map(id => refreshKey(kind, id)));
}

/** Entities that stand for registries, keys and vaults, and what each of them depends on. */
export class Links {
  readonly #links: Readonly<Record<keyof Named, ReadonlyMap<string, Link>>>;
  readonly #isGone: (registryId: string) => boolean;

  constructor(
    links: Readonly<Record<keyof Named, ReadonlyMap<string, Link>>>,
    /** True for registries that are known not to exist. */
    isGone: (registryId: string) => boolean,
  ) {
    this.#links = links;
    this.#isGone = isGone;
  }

  /**
   * The entity that stands for something depends on what that depends on; every other one that names
   * it depends on that entity.
   */
  targetsOf(entity: Entity): Targets {
    const own = stringifyEntityRef(entity);
    const named = namedBy(entity.metadata.annotations);
    const refs = new Set<string>();
    for (const kind of KINDS) {
      for (const id of named[kind]) {
        const link = this.#links[kind].get(id);
        const target = link?.ref === own ? link.dependsOn : link?.ref;
        if (target !== undefined && target !== own) refs.add(target);
      }
    }
    return {
      refs: [...refs].sort(),
      sure: named.registries.every(
        id => this.#links.registries.has(id) || this.#isGone(id),
      ),
    };
  }

  /** Refresh keys of everything that is linked in another way than before. */
  changedSince(before: Links): string[] {
    return KINDS.flatMap(kind => {
      const [then, now] = [before.#links[kind], this.#links[kind]];
      const ids = new Set([...then.keys(), ...now.keys()]);
      return [...ids]
        .filter(id => !isSame(then.get(id), now.get(id)))
        .map(id => refreshKey(kind, id));
    });
  }
}

function isSame(a: Link | undefined, b: Link | undefined): boolean {
  return a?.ref === b?.ref && a?.dependsOn === b?.dependsOn;
}
