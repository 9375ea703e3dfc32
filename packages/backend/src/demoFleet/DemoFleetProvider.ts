import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  parseEntityRef,
} from '@backstage/catalog-model';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';

/** A registry as the emulated Azure lists it on its control port. */
export interface DemoRegistry {
  /** ARM id. */
  id: string;
  name: string;
  tags: Record<string, string>;
}

/** Groups that examples/org.yaml has. */
const TEAMS_WITH_PEOPLE = ['team-shop', 'team-payments', 'platform-team'];

const NAME = 'demo-fleet';

interface DemoFleetProviderDeps {
  /** URL of the list of registries. */
  source: string;
  read: (url: string) => Promise<DemoRegistry[]>;
}

/**
 * Entities for the registries of a demo fleet: those whose tags name an entity and its owner. It stands
 * for the inventory that a company has; a portal has `backstage-plugin-acr-cmk`'s annotations in its own
 * catalog files or from its own provider.
 */
export class DemoFleetProvider implements EntityProvider {
  readonly #deps: DemoFleetProviderDeps;
  #connection: EntityProviderConnection | undefined;

  constructor(deps: DemoFleetProviderDeps) {
    this.#deps = deps;
  }

  getProviderName(): string {
    return NAME;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Updates the catalog from the emulated Azure. */
  async refresh(): Promise<void> {
    if (!this.#connection) throw new Error('The catalog is not connected yet');
    const registries = await this.#deps.read(this.#deps.source);
    await this.#connection.applyMutation({
      type: 'full',
      entities: toEntities(registries).map(entity => ({
        entity,
        locationKey: NAME,
      })),
    });
  }
}

function toEntities(registries: readonly DemoRegistry[]): Entity[] {
  const owners = new Set<string>();
  const resources = registries.flatMap(registry => {
    const { 'backstage-entity-ref': entityRef, owner } = registry.tags;
    if (!entityRef || !owner) return [];
    owners.add(owner);
    return [toResource(registry, { entityRef, owner })];
  });
  const teams = [...owners]
    .map(owner => parseEntityRef(owner).name)
    .filter(name => !TEAMS_WITH_PEOPLE.includes(name));
  return [...teams.map(toTeam), ...resources];
}

const annotations = {
  [ANNOTATION_LOCATION]: `${NAME}:embedded-azure`,
  [ANNOTATION_ORIGIN_LOCATION]: `${NAME}:embedded-azure`,
};

function toTeam(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, title: titleOf(name), annotations },
    spec: { type: 'team', children: [] },
  };
}

/** "team-shop" is "Team Shop". */
function titleOf(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_all, dash, letter) =>
    (dash ? ' ' : '').concat(letter.toUpperCase()),
  );
}

function toResource(
  { id, name }: DemoRegistry,
  { entityRef, owner }: { entityRef: string; owner: string },
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: parseEntityRef(entityRef).name,
      description: `Images in the registry ${name}`,
      annotations: {
        ...annotations,
        'azure.com/container-registry-id': id,
      },
    },
    spec: { type: 'container-registry', owner },
  };
}
