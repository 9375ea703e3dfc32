import type { AffectedEntities } from '../catalog/CatalogLinks';

/** Entities behind registries, and those that depend on them: none. */
export const NOBODY: AffectedEntities = {
  behind: () => ({ visible: [], hidden: 0 }),
  dependents: { count: 0, owners: 0, first: [], on: [], hidden: 0 },
};
