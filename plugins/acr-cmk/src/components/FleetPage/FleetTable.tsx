import type { FleetRegistry } from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { DataTable } from '../shared/DataTable';
import { FLEET_COLUMNS } from './fleetColumns';
import { changed, parametersOf, type FleetSearch } from './fleetSearch';
import type { Selection } from './useSelection';

/**
 * One page of registries. The backend filters, sorts and pages. It is not drawn again when something else
 * on the page has been loaded.
 */
export const FleetTable = memo(function PageOfRegistries(props: {
  items: readonly FleetRegistry[];
  search: FleetSearch;
  show(next: FleetSearch): void;
  /** Absent where the viewer may not change many at once. */
  selection?: Selection;
}) {
  const { items, search, show, selection } = props;
  const t = useFleetTexts();
  const { sort = 'state', direction = 'asc' } = search;
  return (
    <DataTable
      label={t('table.title')}
      items={items}
      keyOf={({ registryId }) => registryId}
      nameOf={({ name }) => name}
      selection={selection}
      columns={FLEET_COLUMNS.filter(({ id }) =>
        search.columns.includes(id),
      ).map(({ Cell, ...column }) => ({
        ...column,
        title: t(`column.${column.id}`),
        cell: (registry: FleetRegistry) => (
          <Cell
            registry={registry}
            ownView={`?${parametersOf({
              ...search,
              registry: registry.registryId,
            })}`}
          />
        ),
      }))}
      order={{
        sort,
        direction,
        onSort: by =>
          show(
            changed(search, {
              sort: by,
              direction:
                by === sort && direction === 'asc' ? 'desc' : undefined,
            }),
          ),
      }}
    />
  );
});
