import type { AuthService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import {
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ANNOTATIONS,
  isOwn,
  LOCATION,
  type Named,
  namedBy,
} from './annotations';
import { TYPES } from './entities';

/** Entities of one request. */
const PAGE = 500;

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'spec.type',
];

/** An entity that this module has offered. */
export interface OwnEntity {
  ref: string;
  named: Named;
}

/** Entities in the catalog for registries, keys and vaults. */
export interface Annotated {
  own: readonly OwnEntity[];
  /** Refs of entities of others that may stand for something, the best first, by what they name. */
  candidates: Record<keyof Named, ReadonlyMap<string, readonly string[]>>;
}

/** Services for queries to the catalog as the catalog plugin. */
export interface CatalogPorts {
  catalog: Pick<CatalogService, 'streamEntities' | 'getEntitiesByRefs'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
}

/** Entities that name registries, keys or vaults, page by page. */
export async function readAnnotated({
  catalog,
  auth,
}: CatalogPorts): Promise<Annotated> {
  const own: OwnEntity[] = [];
  const found: Record<keyof Named, Map<string, Candidate[]>> = {
    registries: new Map(),
    keys: new Map(),
    vaults: new Map(),
  };
  const pages = catalog.streamEntities(
    {
      filter: [
        ...ANNOTATIONS.map(annotation => ({
          [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
        })),
        // A vault that no subscription in scope holds has none of them.
        { [`metadata.annotations.${ANNOTATION_ORIGIN_LOCATION}`]: LOCATION },
      ],
      fields: FIELDS,
      pageSize: PAGE,
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  for await (const page of pages) {
    for (const entity of page) {
      const named = namedBy(entity.metadata.annotations);
      if (isOwn(entity)) {
        own.push({ ref: stringifyEntityRef(entity), named });
      } else {
        consider(entity, named, found);
      }
    }
  }
  const refs = (kind: keyof Named) =>
    new Map([...found[kind]].map(([id, of]) => [id, inOrder(of)]));
  return {
    own,
    candidates: {
      registries: refs('registries'),
      keys: refs('keys'),
      vaults: refs('vaults'),
    },
  };
}

/** Refs of entities that already exist. */
export async function existingOf(
  refs: readonly string[],
  { catalog, auth }: CatalogPorts,
): Promise<Set<string>> {
  const existing = new Set<string>();
  for (let at = 0; at < refs.length; at += PAGE) {
    const { items } = await catalog.getEntitiesByRefs(
      {
        entityRefs: refs.slice(at, at + PAGE),
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials: await auth.getOwnServiceCredentials() },
    );
    for (const entity of items) {
      if (entity) existing.add(stringifyEntityRef(entity));
    }
  }
  return existing;
}

interface Candidate {
  ref: string;
  /** Lower is better. */
  rank: string;
}

/** The one with our type first, then by their refs. */
function inOrder(candidates: readonly Candidate[]): string[] {
  return [...candidates]
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ ref }) => ref);
}

/**
 * A resource that names one thing may stand for it. One that names several, or an entity of another kind,
 * such as a component, only uses it.
 */
function consider(
  entity: Entity,
  named: Named,
  found: Record<keyof Named, Map<string, Candidate[]>>,
) {
  if (entity.kind.toLowerCase() !== 'resource') return;
  const ref = stringifyEntityRef(entity);
  for (const kind of ['registries', 'keys', 'vaults'] as const) {
    const [id, ...more] = named[kind];
    if (id === undefined || more.length > 0) continue;
    const rank = `${entity.spec?.type === TYPES[kind] ? 0 : 1} ${ref}`;
    const others = found[kind].get(id);
    if (others) others.push({ ref, rank });
    else found[kind].set(id, [{ ref, rank }]);
  }
}
