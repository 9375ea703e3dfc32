import type { AffectedEntities, EntitiesBehind } from '../catalog/CatalogLinks';

const none = (): EntitiesBehind => ({ visible: [], hidden: 0 });

/** Entities behind registries and in tags, and those that depend on them: none. */
export const NOBODY: AffectedEntities & { inTags: typeof none } = {
  behind: none,
  inTags: none,
  dependents: { count: 0, owners: 0, first: [], on: [], hidden: 0 },
};
