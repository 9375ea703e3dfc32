import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import type {
  FleetExpiries,
  FleetFilter,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../../api';
import {
  EVERYTHING,
  useFleetExpiries,
  useFleetSummary,
} from '../../hooks/useFleet';
import { useFleetTexts } from '../../translations/fleet';
import { DataTable } from '../shared/DataTable';
import { joined } from '../shared/joined';
import { Note } from '../shared/Note';
import { RouteLink } from '../shared/RouteLink';
import { shortVersion } from '../shared/shortVersion';
import { severityStyles, Status } from '../shared/statusStyles';
import { Day } from '../shared/Time';
import { Owners } from './EntityLink';
import { FilterToggle } from '../shared/FilterToggle';
import { FleetView } from './FleetView';
import { changed, filterOf, listOf } from './fleetSearch';
import { keyInWords } from './keyInWords';
import { useFleetSearch } from './useFleetSearch';
import { WeeksChart } from './WeeksChart';

type Entry = FleetExpiries['items'][number];

const keyAndVersion = (entry: Entry) =>
  joined([keyInWords(entry), entry.version && shortVersion(entry.version)]);

/** The first day after a day's quarter, in UTC. */
export function endOfQuarter(day: Date): string {
  const month = Math.floor(day.getUTCMonth() / 3) * 3 + 3;
  return new Date(Date.UTC(day.getUTCFullYear(), month))
    .toISOString()
    .slice(0, 10);
}

/** Expiries and rotations of the next weeks, as a chart and as a table. */
export function FleetCalendar() {
  const t = useFleetTexts();
  const api = useApi(acrCmkApiRef);
  const { search, show } = useFleetSearch();
  const filter = filterOf(search);
  const expiries = useFleetExpiries(filter);
  const quarter = endOfQuarter(new Date());
  const isQuarter = search.expiresBefore === quarter;
  return (
    <FleetView
      of={expiries}
      summary={useFleetSummary(EVERYTHING)}
      controls={
        <FilterToggle
          on={isQuarter}
          onToggle={() =>
            show(
              changed(search, {
                expiresBefore: isQuarter ? undefined : quarter,
              }),
            )
          }
        >
          {t('calendar.quarter')}
        </FilterToggle>
      }
      file={{
        name: 'registry-calendar',
        load: () => api.fleet.expiriesCsv(filter),
      }}
      none={<Typography>{t('calendar.none')}</Typography>}
    >
      {({ items, weeks, complete }) => (
        <>
          <WeeksChart weeks={weeks} />
          {!complete && (
            <Note statusStyle={severityStyles.info} role="status">
              {t('calendar.incomplete')}
            </Note>
          )}
          <Expiries items={items} filter={filter} />
        </>
      )}
    </FleetView>
  );
}

function Expiries(props: {
  items: FleetExpiries['items'];
  /** Filter of the page. */
  filter: FleetFilter;
}) {
  const { items } = props;
  // The links lead to what an entry counts. Only the calendar limits rotations by this day.
  const filter = { ...props.filter, expiresBefore: undefined };
  const t = useFleetTexts();
  return (
    <DataTable
      label={t('calendar.title')}
      items={items}
      keyOf={({ kind, vaultName, keyName, version, at }) =>
        `${kind} ${vaultName} ${keyName} ${version} ${at}`
      }
      columns={[
        {
          title: t('calendar.when'),
          width: 8,
          cell: ({ at }) => <Day at={at} inUtc />,
        },
        {
          title: t('calendar.what'),
          width: 8,
          cell: item => <EntryKind of={item} />,
        },
        {
          title: t('calendar.key'),
          width: 20,
          cell: item => (
            <RouteLink
              to={`../keys?${new URLSearchParams({
                vault: item.vaultName,
                key: item.keyName,
              })}`}
            >
              {keyAndVersion(item)}
            </RouteLink>
          ),
        },
        {
          title: t('calendar.registries'),
          width: 18,
          titleOf: ({ holders }) => holders.map(({ name }) => name).join('\n'),
          cell: item => <Holders of={item} filter={filter} />,
        },
        {
          title: t('keys.owners'),
          width: 14,
          titleOf: ({ owners }) => owners.join('\n'),
          cell: item => <Owners of={item} />,
        },
      ]}
    />
  );
}

/** The registries of an entry: the only one, or the list of all. */
function Holders({ of, filter }: { of: Entry; filter: FleetFilter }) {
  const t = useFleetTexts();
  const { registries, pinned = 0, holders } = of;
  const [only] = holders;
  return (
    <>
      {registries + pinned === 1 && only ? (
        <RouteLink
          to={`../registries?${new URLSearchParams({
            registry: only.registryId,
          })}`}
        >
          {only.name}
        </RouteLink>
      ) : (
        <RouteLink to={listOf(of, filter)}>
          {t('keys.registries', { count: registries + pinned })}
        </RouteLink>
      )}
      {pinned > 0 && (
        <>
          {' · '}
          <RouteLink to={listOf(of, { ...filter, mode: 'manual' })}>
            {t('calendar.pinned', { count: pinned })}
          </RouteLink>
        </>
      )}
    </>
  );
}

function EntryKind({
  of: { kind, at },
}: {
  of: FleetExpiries['items'][number];
}) {
  const t = useFleetTexts();
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
