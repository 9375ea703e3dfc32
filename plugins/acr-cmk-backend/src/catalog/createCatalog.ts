import type { LinkRows } from '../inventory/rows/links';
import type { Context } from '../platform/context';
import { CatalogLinks } from './CatalogLinks';
import { CatalogSweep } from './CatalogSweep';

/** Links between entities and registries, and the regular reading of them. */
export interface Catalog {
  catalog: CatalogLinks;
  catalogSweep: CatalogSweep;
}

export function createCatalog(
  context: Pick<Context, 'catalog' | 'auth' | 'clock'>,
  parts: {
    links: LinkRows;
    background: { add(name: string, work: () => Promise<unknown>): void };
  },
): Catalog {
  const { clock } = context;
  const { links, background } = parts;
  const catalog = new CatalogLinks({
    catalog: context.catalog,
    auth: context.auth,
    links,
  });
  return {
    catalog,
    catalogSweep: new CatalogSweep({
      sweep: () => catalog.refreshLinks(clock),
      last: () => links.lastSweep(),
      clock,
      background,
    }),
  };
}
