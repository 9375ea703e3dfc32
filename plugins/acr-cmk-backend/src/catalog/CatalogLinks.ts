import type {
  BackstageCredentials,
  AuthService,
} from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_MEMBER_OF,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  type Dependents,
  EntityUnknown,
  InvalidInput,
  type NamedRegistry,
  registriesNamedBy,
  REGISTRY_ID_ANNOTATION,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Clock } from '../platform/database/clock';
import type { EntityLinks, LinkRows } from '../inventory/rows/links';
import { isOwnerRef } from './binding';
import { EntityReader } from './EntityReader';
import { batchesOf } from '../platform/database/batches';

/** Entities of one request to the catalog. */
const PAGE = 200;
/** Entities among which misspelt annotations are looked for. Our choice. */
const SEARCHED = 10_000;
/**
 * Owners in one request for what they own: the request is a URL, and Node.js takes 16 kB of it. Our choice: a ref may
 * have 190 characters.
 */
const OWNERS_AT_ONCE = 40;
/** Dependents that are named; more are counted. Our choice. */
const NAMED_DEPENDENTS = 100;

const ANNOTATED = [REGISTRY_ID_ANNOTATION, AZURE_RESOURCE_ID_ANNOTATION].map(
  annotation => ({
    [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
  }),
);

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'relations',
];

const NAME_FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.profile.displayName',
];

const IS_KNOWN = 'is in the catalog';
const OWNS = 'owns the entity';

/** Words for a member of a group. */
export const memberOf = (group: string) =>
  `is a member of ${group.toLowerCase()}`;

/** Words for a person without any of the compared relations. */
export const NOT_KNOWN = 'is not in the catalog';

/** An entity with the registries that it names. */
export interface EntityWithRegistries {
  entityRef: string;
  named: NamedRegistry[];
}

/** An annotation that is not ours, with the ARM id of a registry, of an entity that names none by ours. */
export interface MisspeltAnnotation {
  entityRef: string;
  annotation: string;
}

/** An entity behind a registry, as a viewer may see it. */
export interface EntityBehind {
  entityRef: string;
  owner?: string;
}

/** Entities behind one registry: those a viewer may see, and how many more there are. */
export interface EntitiesBehind {
  visible: EntityBehind[];
  hidden: number;
}

/** Entities behind some registries, and the entities that depend on these. */
export interface AffectedEntities {
  behind: (id: RegistryId) => EntitiesBehind;
  dependents: Dependents;
}

/** Owners of an entity, and the requester's relation to it. */
export interface OwnershipInCatalog {
  exists: boolean;
  /** Registries that the entity names. Empty while it does not exist. */
  named: NamedRegistry[];
  /** The entity and its owners, lower-cased. */
  claimants: ReadonlySet<string>;
  /** Relations in words, which are compared when the catalog is asked again. */
  requester: string;
}

interface CatalogLinksDeps {
  catalog: Pick<
    CatalogService,
    'getEntities' | 'getEntitiesByRefs' | 'getEntityByRef' | 'streamEntities'
  >;
  auth: AuthService;
  links: Pick<
    LinkRows,
    | 'behind'
    | 'tagged'
    | 'around'
    | 'refresh'
    | 'keep'
    | 'removeUnseen'
    | 'swept'
  >;
}

/** From entities to registries and back, by the annotations. */
export class CatalogLinks {
  readonly #deps: CatalogLinksDeps;

  constructor(deps: CatalogLinksDeps) {
    this.#deps = deps;
  }

  /** An entity, and those that a view of it names as far as is known: at most so many as one request may name. */
  async around(entityRef: string): Promise<string[]> {
    const ref = normalise(entityRef);
    const others = await this.#deps.links.around(ref);
    return [...new Set([ref, ...others])].slice(0, PAGE);
  }

  /** Entities by their refs, read as the plugin: nothing of them may be shown before the policy was asked. */
  async entitiesAsPlugin(
    refs: readonly string[],
  ): Promise<ReadonlyMap<string, Entity>> {
    return this.#reader(await this.#ownCredentials()).read(refs);
  }

  /** Starts the readings of one request, for which some entities are known already. */
  entitiesSeenBy(
    viewer: BackstageCredentials,
    known: ReadonlyMap<string, Entity | undefined>,
  ): EntityReader {
    return this.#reader(viewer, known);
  }

  /**
   * The registries that an entity names, read with the caller's own credentials.
   *
   * @param entities - those of a view, which are asked for once
   * @throws EntityUnknown when it is not there, or the caller may not see it
   */
  async registriesOf(
    entityRef: string,
    credentials: BackstageCredentials,
    entities = this.#reader(credentials),
  ): Promise<EntityWithRegistries> {
    const ref = normalise(entityRef);
    const entity = (await entities.read([ref])).get(ref);
    if (!entity) throw new EntityUnknown(ref);
    await this.#deps.links.refresh(toLinks(entity));
    return withRegistries(entity);
  }

  /** The registries that an entity names, read with the plugin's own credentials, for work without a user. */
  async registriesAsPlugin(entityRef: string): Promise<EntityWithRegistries> {
    return this.registriesOf(entityRef, await this.#ownCredentials());
  }

  /** Every entity that has an annotation of ours, asked as the plugin, with what is wrong in it. */
  async annotatedEntities(): Promise<EntityWithRegistries[]> {
    const { items } = await this.#deps.catalog.getEntities(
      { filter: ANNOTATED, fields: FIELDS },
      { credentials: await this.#ownCredentials() },
    );
    return items.map(withRegistries).filter(({ named }) => named.length > 0);
  }

  /** Annotations that are most likely misspelt, asked as the plugin, among the first entities of the catalog. */
  async misspeltAnnotations(): Promise<MisspeltAnnotation[]> {
    const pages = this.#deps.catalog.streamEntities(
      { fields: FIELDS, pageSize: PAGE },
      { credentials: await this.#ownCredentials() },
    );
    const found: MisspeltAnnotation[] = [];
    let searched = 0;
    for await (const page of pages) {
      found.push(...page.flatMap(misspeltIn));
      searched += page.length;
      if (searched >= SEARCHED) break;
    }
    return found;
  }

  /**
   * Owners of an entity, asked as the plugin: ownership decides for whom it is changed, no matter who
   * may see it. An entity that does not exist yet has no owner; the person who makes it, and their groups,
   * stand for one.
   */
  async ownership(
    entityRef: string,
    requestedBy: string,
  ): Promise<OwnershipInCatalog> {
    const [entity, requester] = await Promise.all([
      this.#entity(entityRef),
      this.#entity(requestedBy),
    ]);
    const own = [requestedBy, ...targets(requester, RELATION_MEMBER_OF)];
    const owners = entity ? targets(entity, RELATION_OWNED_BY) : own;
    const itself = normalise(entityRef);
    const claimants = new Set(
      // A name of a group or person that does not exist makes nobody an owner.
      [...(entity || !isOwnerRef(itself) ? [itself] : []), ...owners].map(ref =>
        ref.toLowerCase(),
      ),
    );
    return {
      exists: entity !== undefined,
      named: registriesNamedBy(entity?.metadata.annotations),
      claimants,
      requester: [
        requester ? IS_KNOWN : NOT_KNOWN,
        ...(entity && own.some(ref => claimants.has(ref.toLowerCase()))
          ? [OWNS]
          : []),
      ].join(' and '),
    };
  }

  /**
   * Relations of a person by which they may have a permission, asked as the plugin: in words that are
   * compared when it is asked again.
   *
   * @param entityRef - absent for a permission that is on none
   */
  async relationsOf(person: string, entityRef?: string): Promise<string[]> {
    const [user, entity] = await Promise.all([
      this.#entity(person),
      entityRef === undefined ? undefined : this.#entity(entityRef),
    ]);
    const groups = targets(user, RELATION_MEMBER_OF);
    const own = [person, ...groups].map(ref => ref.toLowerCase());
    const owners = targets(entity, RELATION_OWNED_BY);
    return [
      ...(user ? [IS_KNOWN] : []),
      ...(owners.some(ref => own.includes(ref.toLowerCase())) ? [OWNS] : []),
      ...groups.map(memberOf),
    ];
  }

  /** Owners that a person stands for: themselves and their groups, asked as the plugin. */
  async ownersWith(person: string): Promise<string[]> {
    const user = await this.#entity(person);
    return [normalise(person), ...targets(user, RELATION_MEMBER_OF)];
  }

  /** A person, their groups, and every entity that these own: lower-cased, asked as the plugin. */
  async claimantsOf(person: string): Promise<ReadonlySet<string>> {
    const credentials = await this.#ownCredentials();
    const own = await this.ownersWith(person);
    const claimants = new Set(own.map(ref => ref.toLowerCase()));
    for (const batch of batchesOf(own, OWNERS_AT_ONCE)) {
      const { items } = await this.#deps.catalog.getEntities(
        {
          filter: { [`relations.${RELATION_OWNED_BY}`]: batch },
          fields: ['kind', 'metadata.name', 'metadata.namespace'],
        },
        { credentials },
      );
      for (const entity of items) claimants.add(stringifyEntityRef(entity));
    }
    return claimants;
  }

  /**
   * The entities behind some registries. Which they are is known from the links; what the viewer may
   * see of them is asked as the viewer, and whether the others are still there as the plugin.
   */
  async entitiesBehind(
    ids: readonly RegistryId[],
    viewer: BackstageCredentials,
    entities = this.#reader(viewer),
  ): Promise<(id: RegistryId) => EntitiesBehind> {
    return (await this.#linked(ids, entities)).behind;
  }

  /** Entities that tags name, as the viewer may see them. One that does not exist counts for nothing. */
  async entitiesInTags(
    entityRefs: readonly string[],
    viewer: BackstageCredentials,
    entities = this.#reader(viewer),
  ): Promise<(entityRefs: readonly string[]) => EntitiesBehind> {
    const visible = await entities.read(entityRefs);
    const others = entityRefs.filter(ref => !visible.has(ref));
    const hidden =
      others.length > 0 ? await this.entitiesAsPlugin(others) : new Map();
    return refs => ({
      visible: refs.flatMap(entityRef => {
        const entity = visible.get(entityRef);
        return entity ? [{ entityRef, owner: ownerOf(entity) }] : [];
      }),
      hidden: refs.filter(ref => hidden.has(ref)).length,
    });
  }

  /**
   * The entities behind some registries, and the entities that depend on these: for all registries together, with at
   * most two more requests to the catalog.
   */
  async affected(
    ids: readonly RegistryId[],
    viewer: BackstageCredentials,
  ): Promise<AffectedEntities> {
    const entities = this.#reader(viewer);
    const { behind, naming, visible } = await this.#linked(ids, entities);
    const dependents = await this.#dependentsOf(naming, entities);
    const on = naming.filter(
      entity =>
        visible.has(stringifyEntityRef(entity)) &&
        targets(entity, RELATION_DEPENDENCY_OF).length > 0,
    );
    return {
      behind,
      dependents: { ...dependents, on: on.map(stringifyEntityRef).sort() },
    };
  }

  async #dependentsOf(
    naming: readonly Entity[],
    entities: EntityReader,
  ): Promise<Omit<Dependents, 'on'>> {
    const themselves = new Set(naming.map(stringifyEntityRef));
    const refs = [
      ...new Set(
        naming
          .flatMap(entity => targets(entity, RELATION_DEPENDENCY_OF))
          .map(ref => ref.toLowerCase()),
      ),
    ].filter(ref => !themselves.has(ref));
    const visible = await entities.read(refs);
    const others = await this.entitiesAsPlugin(
      refs.filter(ref => !visible.has(ref)),
    );
    const shown = [...visible]
      .map(([entityRef, entity]) => ({ entityRef, owner: ownerOf(entity) }))
      .sort((a, b) =>
        parseEntityRef(a.entityRef).name.localeCompare(
          parseEntityRef(b.entityRef).name,
        ),
      );
    return {
      count: shown.length,
      owners: new Set(shown.flatMap(({ owner }) => owner ?? [])).size,
      first: shown.slice(0, NAMED_DEPENDENTS),
      hidden: others.size,
    };
  }

  /** The entities that name some registries: which they are, and as the viewer may see them. */
  async #linked(ids: readonly RegistryId[], entities: EntityReader) {
    const links = await this.#deps.links.behind([
      ...new Set(ids.map(({ key }) => key)),
    ]);
    const refs = [...new Set(links.map(({ entityRef }) => entityRef))];
    const visible = await entities.read(refs);
    const hidden = await this.entitiesAsPlugin(
      refs.filter(ref => !visible.has(ref)),
    );
    const named = new Map(
      [...visible, ...hidden].map(([ref, entity]) => [
        ref,
        new Set(toLinks(entity).registries.map(({ key }) => key)),
      ]),
    );
    const names = (ref: string, { key }: RegistryId) =>
      named.get(ref)?.has(key) ?? false;
    const naming = [...visible, ...hidden].flatMap(([ref, entity]) =>
      ids.some(id => names(ref, id)) ? [entity] : [],
    );
    const byRegistry = Map.groupBy(links, ({ registryId }) => registryId);
    const behindOf = (id: RegistryId): EntitiesBehind => {
      const behind = (byRegistry.get(id.key) ?? []).filter(({ entityRef }) =>
        names(entityRef, id),
      );
      return {
        visible: behind.flatMap(({ entityRef }) => {
          const entity = visible.get(entityRef);
          return entity ? [{ entityRef, owner: ownerOf(entity) }] : [];
        }),
        hidden: behind.filter(({ entityRef }) => hidden.has(entityRef)).length,
      };
    };
    return { behind: behindOf, naming, visible };
  }

  /** Lower-cased refs that the tags of some registries name, as these were last read. */
  async inTagsOf(
    ids: readonly RegistryId[],
  ): Promise<(id: RegistryId) => ReadonlySet<string>> {
    const tagged = await this.#deps.links.tagged(ids.map(({ key }) => key));
    return ({ key }) =>
      new Set(
        tagged
          .filter(({ registryId }) => registryId === key)
          .map(({ entityRef }) => entityRef),
      );
  }

  /**
   * Names of people and groups, asked as the plugin: those that they have for display. Lower-cased refs; one that
   * does not exist has no name.
   */
  async namesOf(refs: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await new EntityReader({
      catalog: this.#deps.catalog,
      credentials: await this.#ownCredentials(),
      fields: NAME_FIELDS,
    }).read(refs);
    return new Map(
      [...found].map(([ref, { metadata, spec }]) => {
        const profile = spec?.profile as { displayName?: string } | undefined;
        return [ref, profile?.displayName ?? metadata.title ?? metadata.name];
      }),
    );
  }

  /** Filters entities by what the viewer may see. Refs are lower case. */
  async visibleAmong(
    entityRefs: readonly string[],
    viewer: BackstageCredentials,
    entities = this.#reader(viewer),
  ): Promise<ReadonlySet<string>> {
    return new Set((await entities.read(entityRefs)).keys());
  }

  /** Reads everything that has an annotation of ours, page by page, as the plugin. */
  async refreshLinks(clock: Pick<Clock, 'now'>): Promise<void> {
    const startedAt = await clock.now();
    // A stream, since its pages come without a count of all, which takes longer than the page.
    const pages = this.#deps.catalog.streamEntities(
      { filter: ANNOTATED, fields: FIELDS, pageSize: PAGE },
      { credentials: await this.#ownCredentials() },
    );
    let items = 0;
    for await (const page of pages) {
      items += page.length;
      await this.#deps.links.keep(page.map(toLinks), startedAt);
    }
    await this.#deps.links.removeUnseen(startedAt);
    await this.#deps.links.swept({ items, startedAt });
  }

  #ownCredentials(): Promise<BackstageCredentials> {
    return this.#deps.auth.getOwnServiceCredentials();
  }

  /** An entity, asked as the plugin. */
  async #entity(ref: string): Promise<Entity | undefined> {
    return this.#deps.catalog.getEntityByRef(normalise(ref), {
      credentials: await this.#ownCredentials(),
    });
  }

  #reader(
    credentials: BackstageCredentials,
    known?: ReadonlyMap<string, Entity | undefined>,
  ): EntityReader {
    const { catalog } = this.#deps;
    return new EntityReader({ catalog, credentials, fields: FIELDS, known });
  }
}

function withRegistries(entity: Entity): EntityWithRegistries {
  return {
    entityRef: stringifyEntityRef(entity),
    named: registriesNamedBy(entity.metadata.annotations),
  };
}

function misspeltIn(entity: Entity): MisspeltAnnotation[] {
  const { entityRef, named } = withRegistries(entity);
  if (named.length > 0) return [];
  return Object.entries(entity.metadata.annotations ?? {})
    .filter(([, text]) =>
      registriesNamedBy({ [REGISTRY_ID_ANNOTATION]: text }).some(
        one => 'id' in one,
      ),
    )
    .map(([annotation]) => ({ entityRef, annotation }));
}

/** Reads the registries and the owner that an entity names. */
function toLinks(entity: Entity): EntityLinks {
  const owner = ownerOf(entity);
  return {
    entityRef: stringifyEntityRef(entity),
    ...(owner && { owner }),
    registries: registriesNamedBy(entity.metadata.annotations).flatMap(named =>
      'id' in named ? [named.id] : [],
    ),
  };
}

function targets(entity: Entity | undefined, relation: string): string[] {
  return (entity?.relations ?? [])
    .filter(({ type }) => type === relation)
    .map(({ targetRef }) => targetRef);
}

/** Owner that an entity names, the first of several. */
export function ownerOf(entity: Entity): string | undefined {
  return entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
    ?.targetRef;
}

/** An entity ref as the catalog spells it. @throws InvalidInput for one that is none */
export function normalise(entityRef: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch {
    throw new InvalidInput(
      'entityRef',
      'must be a full entity ref such as resource:default/shop-images',
    );
  }
}
