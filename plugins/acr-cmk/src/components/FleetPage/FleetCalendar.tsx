import { useTranslationRef } from '@backstage/frontend-plugin-api';
import TableCell from '@material-ui/core/TableCell';
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
import { ScopeNotice } from './ScopeNotice';
import { ScrollableTable, useCellStyles } from './ScrollableTable';
import { SearchIncomplete } from './SearchIncomplete';
import { useFleetSearch } from './useFleetSearch';
import { WeeksChart } from './WeeksChart';

const EVERYTHING = {};

/** Expiries and rotations of the next weeks, as a chart and as a table. */
export function FleetCalendar() {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { search, show } = useFleetSearch();
  const { expiresBefore, ...filter } = filterOf(search);
  const expiries = useFleetExpiries(filter);
  const everything = useFleetSummary(EVERYTHING);
  return (
    <FleetBody>
      <ScopeNotice of={everything} beside={expiries} />
      <FleetFilters
        search={search}
        counts={everything.data?.counts}
        show={show}
        without={['expiresBefore']}
      />
      <FleetContent of={expiries} label={t('loading')}>
        {data => (
          <>
            {data.searchIncomplete && <SearchIncomplete />}
            <div role="status">
              {data.items.length === 0 && (
                <Typography>{t('calendar.none')}</Typography>
              )}
            </div>
            {data.items.length > 0 && (
              <>
                <WeeksChart weeks={data.weeks} />
                {!data.complete && (
                  <Note statusStyle={severityStyles.info} role="status">
                    {t('calendar.incomplete')}
                  </Note>
                )}
                <Expiries items={data.items} />
              </>
            )}
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
}

const COLUMNS = [
  ['when', '16%'],
  ['what', '16%'],
  ['key', '36%'],
  ['registries', '32%'],
] as const;

function Expiries({ items }: { items: FleetExpiries['items'] }) {
  const classes = useCellStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <ScrollableTable
      label={t('calendar.title')}
      columns={COLUMNS.map(([column, width]) => ({
        title: t(`calendar.${column}`),
        width,
      }))}
    >
      {items.map(item => (
        <TableRow
          key={`${item.kind} ${item.vaultName} ${item.keyName} ${item.version} ${item.at}`}
        >
          <TableCell className={classes.cell}>
            <Day at={item.at} inUtc />
          </TableCell>
          <TableCell className={classes.cell}>
            <EntryKind of={item} />
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
    </ScrollableTable>
  );
}

function EntryKind({
  of: { kind, at },
}: {
  of: FleetExpiries['items'][number];
}) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  if (kind === 'rotation') {
    return (
      <Status statusStyle={severityStyles.info}>
        {t('calendar.rotation')}
      </Status>
    );
  }
  return Date.parse(at) <= Date.now() ? (
    <Status statusStyle={severityStyles.error}>{t('calendar.expired')}</Status>
  ) : (
    <Status statusStyle={severityStyles.warning}>{t('calendar.expiry')}</Status>
  );
}
