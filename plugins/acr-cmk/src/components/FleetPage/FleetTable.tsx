import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import type { FleetRegistry } from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { ForScreenReaders } from '../shared/ForScreenReaders';
import { FLEET_COLUMNS } from './fleetColumns';
import { changed, parametersOf, type FleetSearch } from './fleetSearch';
import { useCellStyles } from './ScrollableTable';

const useStyles = makeStyles(
  { table: { minWidth: '76em' } },
  { name: 'AcrCmkFleetTable' },
);

/**
 * One page of registries. The backend filters, sorts and pages. It is not drawn again when something else
 * on the page has been loaded.
 */
export const FleetTable = memo(function PageOfRegistries(props: {
  items: readonly FleetRegistry[];
  search: FleetSearch;
  show(next: FleetSearch): void;
}) {
  const { items, search, show } = props;
  const classes = { ...useStyles(), ...useCellStyles() };
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { sort = 'state', direction = 'asc' } = search;
  const columns = FLEET_COLUMNS.filter(({ id }) => search.columns.includes(id));
  return (
    <TableContainer tabIndex={0} role="group" aria-label={t('table.title')}>
      <Table size="small" className={classes.table}>
        <caption>
          <ForScreenReaders>{t('table.title')}</ForScreenReaders>
        </caption>
        <TableHead>
          <TableRow>
            {columns.map(({ id, sort: by }) => (
              <TableCell
                key={id}
                scope="col"
                className={classes.cell}
                sortDirection={by && by === sort ? direction : false}
              >
                {by ? (
                  <TableSortLabel
                    active={by === sort}
                    direction={by === sort ? direction : 'asc'}
                    onClick={() =>
                      show(
                        changed(search, {
                          sort: by,
                          direction:
                            by === sort && direction === 'asc'
                              ? 'desc'
                              : undefined,
                        }),
                      )
                    }
                  >
                    {t(`column.${id}`)}
                  </TableSortLabel>
                ) : (
                  t(`column.${id}`)
                )}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(registry => (
            <TableRow key={registry.registryId} hover>
              {columns.map(({ id, Cell }) => (
                <TableCell
                  key={id}
                  className={classes.cell}
                  {...(id === 'registry' && {
                    component: 'th',
                    scope: 'row',
                    role: 'rowheader',
                  })}
                >
                  <Cell
                    registry={registry}
                    ownView={`?${parametersOf({
                      ...search,
                      registry: registry.registryId,
                    })}`}
                  />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
});
