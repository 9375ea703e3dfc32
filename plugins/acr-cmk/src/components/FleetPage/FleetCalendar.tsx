import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type { FleetExpiries } from 'backstage-plugin-acr-cmk-common';
import { useFleetExpiries, useFleetSummary } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Note } from '../shared/Note';
import { shortVersion } from '../shared/shortVersion';
import { severityStyles, Status } from '../shared/statusStyles';
import { Day } from '../shared/Time';
import { FleetFilters } from './FleetFilters';
import { FleetBody, FleetContent } from './FleetFrame';
import { filterOf } from './fleetSearch';
import { useFleetSearch } from './useFleetSearch';
import { WeeksChart } from './WeeksChart';

const EVERYTHING = {};

const useStyles = makeStyles(
  theme => ({
    cell: { verticalAlign: 'top', padding: theme.spacing(1) },
    table: { marginTop: theme.spacing(2) },
  }),
  { name: 'AcrCmkFleetCalendar' },
);

/** What expires and what vaults rotate in the next weeks, as a chart and as a table. */
export function FleetCalendar() {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { search, show } = useFleetSearch();
  const { expiresBefore, ...filter } = filterOf(search);
  const expiries = useFleetExpiries(filter);
  const everything = useFleetSummary(EVERYTHING);
  return (
    <FleetBody>
      <FleetFilters
        search={search}
        counts={everything.data?.counts}
        show={show}
      />
      <FleetContent of={expiries} label={t('loading')}>
        {data =>
          data.items.length === 0 ? (
            <Typography>{t('calendar.none')}</Typography>
          ) : (
            <>
              <WeeksChart weeks={data.weeks} />
              {!data.complete && (
                <Note statusStyle={severityStyles.info} role="status">
                  {t('calendar.incomplete')}
                </Note>
              )}
              <Expiries items={data.items} />
            </>
          )
        }
      </FleetContent>
    </FleetBody>
  );
}

function Expiries({ items }: { items: FleetExpiries['items'] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <TableContainer className={classes.table}>
      <Table size="small" aria-label={t('calendar.title')}>
        <TableHead>
          <TableRow>
            {(['when', 'what', 'key', 'registries'] as const).map(column => (
              <TableCell key={column} scope="col" className={classes.cell}>
                {t(`calendar.${column}`)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(item => (
            <TableRow
              key={`${item.kind} ${item.vaultName} ${item.keyName} ${item.version} ${item.at}`}
            >
              <TableCell className={classes.cell}>
                <Day at={item.at} />
              </TableCell>
              <TableCell className={classes.cell}>
                <Status
                  statusStyle={
                    severityStyles[item.kind === 'expiry' ? 'warning' : 'info']
                  }
                >
                  {t(`calendar.${item.kind}`)}
                </Status>
              </TableCell>
              <TableCell className={classes.cell}>
                {item.vaultName} / {item.keyName}
                {item.version && (
                  <div>
                    {t('calendar.version', {
                      version: shortVersion(item.version),
                    })}
                  </div>
                )}
              </TableCell>
              <TableCell className={classes.cell}>
                {item.holders.map(({ name }) => name).join(', ')}
                {item.registries > item.holders.length && (
                  <>
                    {' '}
                    {t('keys.more', {
                      count: item.registries - item.holders.length,
                    })}
                  </>
                )}
                {item.pinned ? (
                  <div>{t('calendar.pinned', { count: item.pinned })}</div>
                ) : null}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
