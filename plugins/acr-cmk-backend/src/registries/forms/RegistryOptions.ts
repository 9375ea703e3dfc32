import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  acrCmkUsePermission,
  type RegistryChoices,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../../changes/gate/PermissionChecker';
import { personOf } from '../../platform/callerOf';
import { unlinkedReason } from '../../catalog/binding';
import type { CatalogLinks, EntityBehind } from '../../catalog/CatalogLinks';
import type { CatalogSweep } from '../../catalog/CatalogSweep';
import type { AcrCmkConfig } from '../../platform/config';
import type { Inventory } from '../../inventory/Inventory';
import type { LinkRows } from '../../inventory/rows/links';
import { byName } from './FormOptions';

/**
 * Registries that one form offers, those of the person's own entities first. Our choice; with more, the answer says
 * that it is not complete.
 */
const MOST_CHOICES = 1_000;

interface RegistryOptionsDeps {
  config: Pick<AcrCmkConfig, 'bindings' | 'readUnlinked'>;
  inventory: Inventory;
  catalog: CatalogLinks;
  links: Pick<LinkRows, 'linked'>;
  catalogSweep: Pick<CatalogSweep, 'refreshSoon'>;
  permissionChecker: PermissionChecker;
  /** Whether programs may request to take something away: `acrCmk.actions.revoke`. */
  programsRevoke: boolean;
}

/** Offers registries to forms and templates: those that the person may see through an entity. */
export class RegistryOptions {
  readonly #deps: RegistryOptionsDeps;

  constructor(deps: RegistryOptionsDeps) {
    this.#deps = deps;
  }

  /**
   * Registries whose encryption the caller may see, by an entity, as they are known. An entity that is new in
   * the catalog is there when the list is read again a few seconds later.
   */
  async visibleTo(credentials: BackstageCredentials): Promise<RegistryChoices> {
    await this.#deps.permissionChecker.require(
      { permission: acrCmkUsePermission },
      credentials,
    );
    const isCatalogRead = await this.#deps.catalogSweep.refreshSoon();
    const person = personOf(credentials);
    const linked = await this.#deps.links.linked(
      MOST_CHOICES + 1,
      person ? await this.#deps.catalog.ownersWith(person) : undefined,
    );
    const { items, complete } = await this.#deps.inventory.knownRegistries(
      linked.slice(0, MOST_CHOICES),
    );
    const behind = await this.#deps.catalog.entitiesBehind(
      items.map(({ registryId }) => registryId),
      credentials,
    );
    const named = items.map(registry => ({
      ...registry,
      entities: behind(registry.registryId).visible.filter(
        ({ entityRef }) =>
          unlinkedReason(entityRef, registry, this.#deps.config) === undefined,
      ),
    }));
    const toRead = ({ entityRef }: EntityBehind) => ({
      permission: registryReadPermission,
      entityRef,
    });
    const isHeld = await this.#deps.permissionChecker.heldAmong(
      named.flatMap(({ entities }) => entities.map(toRead)),
      credentials,
    );
    return {
      items: named
        .map(({ entities, ...registry }) => ({
          ...registry,
          entities: entities.filter(entity => isHeld(toRead(entity))),
        }))
        .filter(({ entities }) => entities.length > 0)
        .map(({ id, name, location, encryption, key, entities }) => ({
          registryId: id,
          name,
          location,
          encrypted: encryption.status === 'enabled',
          versionMode:
            key && (key.version ? ('manual' as const) : ('automatic' as const)),
          entities,
        }))
        .sort(byName),
      complete: complete && isCatalogRead && linked.length <= MOST_CHOICES,
      programsMayRevoke: this.#deps.programsRevoke,
    };
  }
}
