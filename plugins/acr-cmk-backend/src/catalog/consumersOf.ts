import type { Consumer, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Registry } from '../domain/registry';
import type { EntitiesBehind } from './CatalogLinks';

/** Registries with the entities behind them, as somebody may see these. */
export function consumersOf(
  registries: readonly Registry[],
  {
    self,
    behind = () => ({ visible: [], hidden: 0 }),
    losers = new Set(),
    outcomeOf,
  }: {
    self: RegistryId;
    behind?(id: RegistryId): EntitiesBehind;
    /** Ids of registries that lose their key by a plan. */
    losers?: ReadonlySet<string>;
    /** Effect of a plan on a registry. */
    outcomeOf?(registry: Registry): string;
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
      ...(losers.has(registryId.key) && { losesKey: true }),
      ...(outcomeOf && { outcome: outcomeOf(registry) }),
    };
  });
}
