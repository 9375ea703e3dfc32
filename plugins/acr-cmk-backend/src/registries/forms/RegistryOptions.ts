import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  acrCmkUsePermission,
  type RegistryChoices,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { personOf } from '../../platform/callerOf';
import { unlinkedReason } from '../../catalog/binding';
import type { EntityBehind } from '../../catalog/CatalogLinks';
import type { Context } from '../../platform/context';
import { byName, type FormParts } from './FormOptions';

/**
 * Registries that one form offers, those of the person's own entities first. Our choice; with more, the answer says
 * that it is not complete.
 */
const MOST_CHOICES = 1_000;

/** Offers registries to forms and templates: those that the person may see through an entity. */
export function createRegistryOptions(
  { config }: Pick<Context, 'config'>,
  parts: FormParts,
) {
  const { inventory, catalog, links, catalogSweep, permissionChecker } = parts;
  return {
    /**
     * Registries whose encryption the caller may see, by an entity, as they are known. An entity that is new in
     * the catalog is there when the list is read again a few seconds later.
     */
    async visibleTo(
      credentials: BackstageCredentials,
    ): Promise<RegistryChoices> {
      await permissionChecker.require(
        { permission: acrCmkUsePermission },
        credentials,
      );
      const isCatalogRead = await catalogSweep.refreshSoon();
      const person = personOf(credentials);
      const linked = await links.linked(
        MOST_CHOICES + 1,
        person ? await catalog.ownersWith(person) : undefined,
      );
      const { items, complete } = await inventory.knownRegistries(
        linked.slice(0, MOST_CHOICES),
      );
      const behind = await catalog.entitiesBehind(
        items.map(({ registryId }) => registryId),
        credentials,
      );
      const named = items.map(registry => ({
        ...registry,
        entities: behind(registry.registryId).visible.filter(
          ({ entityRef }) =>
            unlinkedReason(entityRef, registry, config) === undefined,
        ),
      }));
      const toRead = ({ entityRef }: EntityBehind) => ({
        permission: registryReadPermission,
        entityRef,
      });
      const isHeld = await permissionChecker.heldAmong(
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
              key &&
              (key.version ? ('manual' as const) : ('automatic' as const)),
            entities,
          }))
          .sort(byName),
        complete: complete && isCatalogRead && linked.length <= MOST_CHOICES,
        programsMayRevoke: config.actionsRevoke,
      };
    },
  };
}

export type RegistryOptions = ReturnType<typeof createRegistryOptions>;
