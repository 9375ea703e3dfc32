import type {
  BackstageCredentials,
  AuthService,
} from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  RELATION_MEMBER_OF,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  EntityUnknown,
  InvalidInput,
  type NamedRegistry,
  registriesNamedBy,
  REGISTRY_ID_ANNOTATION,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';

/** An entity with the registries that it names. */
export interface EntityWithRegistries {
  entityRef: string;
  named: NamedRegistry[];
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

/** Who an entity belongs to, and how the person who asks for a change stands to it. */
export interface OwnershipInCatalog {
  exists: boolean;
  /** What the entity names, once it exists. */
  named: NamedRegistry[];
  /** The entity and its owners, lower-cased. */
  claimants: ReadonlySet<string>;
  /** In words that are compared when it is asked again. */
  requester: string;
}

/** From entities to registries and back, by the annotations. */
export class CatalogLinks {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;

  constructor(options: { catalog: CatalogService; auth: AuthService }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /**
   * The registries that an entity names, read with the caller's own credentials.
   *
   * @throws EntityUnknown when it is not there, or the caller may not see it
   */
  async registriesOf(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<EntityWithRegistries> {
    const ref = normalise(entityRef);
    const entity = await this.#catalog.getEntityByRef(ref, { credentials });
    if (!entity) throw new EntityUnknown(ref);
    return {
      entityRef: stringifyEntityRef(entity),
      named: registriesNamedBy(entity.metadata.annotations),
    };
  }

  /** An entity ref as the catalog spells it. @throws InvalidInput for one that is none */
  static normalise(entityRef: string): string {
    return normalise(entityRef);
  }

  /** The same, asked as the plugin itself where nobody is there to ask for. */
  async registriesAsPlugin(entityRef: string): Promise<EntityWithRegistries> {
    return this.registriesOf(
      entityRef,
      await this.#auth.getOwnServiceCredentials(),
    );
  }

  /** Every entity that has an annotation of ours, asked as the plugin, with what is wrong in it. */
  async annotatedEntities(): Promise<EntityWithRegistries[]> {
    const items = await this.#entities(
      await this.#auth.getOwnServiceCredentials(),
    );
    return items
      .map(entity => ({
        entityRef: stringifyEntityRef(entity),
        named: registriesNamedBy(entity.metadata.annotations),
      }))
      .filter(({ named }) => named.length > 0);
  }

  /**
   * For whom a change of an entity is made, asked as the plugin: ownership decides, whoever may see
   * it. An entity that does not exist yet has no owner; the person who makes it, and their groups,
   * stand for one.
   */
  async ownership(
    entityRef: string,
    requestedBy: string,
  ): Promise<OwnershipInCatalog> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const [entity, requester] = await Promise.all([
      this.#catalog.getEntityByRef(normalise(entityRef), { credentials }),
      this.#catalog.getEntityByRef(normalise(requestedBy), { credentials }),
    ]);
    const own = [requestedBy, ...targets(requester, RELATION_MEMBER_OF)];
    const owners = entity ? targets(entity, RELATION_OWNED_BY) : own;
    const claimants = new Set(
      [normalise(entityRef), ...owners].map(ref => ref.toLowerCase()),
    );
    const owns = entity && own.some(ref => claimants.has(ref.toLowerCase()));
    const known = requester ? 'is in the catalog' : 'is not in the catalog';
    return {
      exists: entity !== undefined,
      named: registriesNamedBy(entity?.metadata.annotations),
      claimants,
      requester: owns ? `${known} and owns the entity` : known,
    };
  }

  /** A person, their groups, and every entity that these own: lower-cased, asked as the plugin. */
  async claimantsOf(person: string): Promise<ReadonlySet<string>> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const user = await this.#catalog.getEntityByRef(normalise(person), {
      credentials,
    });
    const own = [normalise(person), ...targets(user, RELATION_MEMBER_OF)];
    const { items } = await this.#catalog.getEntities(
      {
        filter: { [`relations.${RELATION_OWNED_BY}`]: own },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials },
    );
    return new Set(
      [...own, ...items.map(entity => stringifyEntityRef(entity))].map(ref =>
        ref.toLowerCase(),
      ),
    );
  }

  /**
   * Entities that name registries, by the registry's key.
   *
   * What the viewer may see is asked as the viewer; how many there are, as the plugin.
   */
  async entitiesBehind(
    viewer: BackstageCredentials,
  ): Promise<(id: RegistryId) => EntitiesBehind> {
    const own = await this.#auth.getOwnServiceCredentials();
    const [all, visible] = await Promise.all([
      this.#annotated(own),
      this.#annotated(viewer),
    ]);
    return id => {
      const seen = visible.get(id.key) ?? [];
      return {
        visible: seen,
        hidden: Math.max((all.get(id.key) ?? []).length - seen.length, 0),
      };
    };
  }

  async #entities(credentials: BackstageCredentials): Promise<Entity[]> {
    const { items } = await this.#catalog.getEntities(
      {
        filter: [REGISTRY_ID_ANNOTATION, AZURE_RESOURCE_ID_ANNOTATION].map(
          annotation => ({
            [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
          }),
        ),
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.annotations',
          'relations',
        ],
      },
      { credentials },
    );
    return items;
  }

  async #annotated(
    credentials: BackstageCredentials,
  ): Promise<Map<string, EntityBehind[]>> {
    const byRegistry = new Map<string, EntityBehind[]>();
    for (const entity of await this.#entities(credentials)) {
      for (const named of registriesNamedBy(entity.metadata.annotations)) {
        if (!('id' in named)) continue;
        const list = byRegistry.get(named.id.key) ?? [];
        list.push({
          entityRef: stringifyEntityRef(entity),
          owner: ownerOf(entity),
        });
        byRegistry.set(named.id.key, list);
      }
    }
    return byRegistry;
  }
}

function targets(entity: Entity | undefined, relation: string): string[] {
  return (entity?.relations ?? [])
    .filter(({ type }) => type === relation)
    .map(({ targetRef }) => targetRef);
}

function ownerOf(entity: Entity): string | undefined {
  return entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
    ?.targetRef;
}

function normalise(entityRef: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch {
    throw new InvalidInput(
      'entityRef',
      'must be a full entity ref such as resource:default/shop-images',
    );
  }
}
