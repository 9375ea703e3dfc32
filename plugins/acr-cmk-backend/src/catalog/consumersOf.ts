import type {
  Consumer,
  PlanEffect,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Registry } from '../domain/registry';
import type { EntitiesBehind } from './CatalogLinks';

/** Registries with the entities behind them, as somebody may see these. */
export function consumersOf(
  registries: readonly Registry[],
  {
    self,
    behind = () => ({ visible: [], hidden: 0 }),
    outcomeOf,
  }: {
    self: RegistryId;
    behind?(id: RegistryId): EntitiesBehind;
    /** Effect of a plan on a registry, and in words. */
    outcomeOf?(registry: Registry): { effect: PlanEffect; outcome: string };
  },
): Consumer[] {
  return registries.map(registry => {
    const { id, registryId, name, key, keyInUse } = registry;
    const { visible, hidden } = behind(registryId);
    return {
      registryId: id,
      registryName: name,
      self: registryId.equals(self),
      inCatalog: visible.length + hidden > 0,
      versionMode: key && (key.version ? 'manual' : 'automatic'),
      versionInUse: keyInUse?.version,
      entities: visible,
      hiddenEntities: hidden,
      ...outcomeOf?.(registry),
    };
  });
}
