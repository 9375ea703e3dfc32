import { EmptyState } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import {
  registryStateIds,
  type FleetScope,
} from 'backstage-plugin-acr-cmk-common';
import { useRef } from 'react';
import useUpdateEffect from 'react-use/esm/useUpdateEffect';
import { acrCmkApiRef } from '../../api';
import { useMayCreateCampaign } from '../../hooks/useCampaigns';
import {
  EVERYTHING,
  useFleetRegistries,
  useFleetSummary,
} from '../../hooks/useFleet';
import { useCardTexts } from '../../translations/card';
import { useFleetTexts } from '../../translations/fleet';
import { CountFilter } from '../shared/CountFilter';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { stateStyles } from '../shared/statusStyles';
import { ColumnsMenu } from './ColumnsMenu';
import { FleetView } from './FleetView';
import { changed, filterOf, isFiltered, type FleetSearch } from './fleetSearch';
import { FleetTable } from './FleetTable';
import { useFleetSearch, type ShowSearch } from './useFleetSearch';
import { useUnreadable } from './useUnreadable';
import { useSelection } from './useSelection';

const FleetRegistry = lazyOrNotice(() =>
  import('./FleetRegistry').then(m => m.FleetRegistry),
);

/** All registries that the viewer may see; or the one that the URL names. */
export function FleetRegistries() {
  const { search, show } = useFleetSearch();
  const t = useFleetTexts();
  const root = useRef<HTMLDivElement>(null);
  // The link that was followed is gone, and the focus with it.
  useUpdateEffect(() => root.current?.focus(), [search.registry]);
  return (
    <div ref={root} tabIndex={-1} style={{ outline: 'none' }}>
      {search.registry ? (
        <FleetRegistry
          key={search.registry}
          search={search}
          loading={t('loading')}
        />
      ) : (
        <Registries search={search} show={show} />
      )}
    </div>
  );
}

function Registries(props: { search: FleetSearch; show: ShowSearch }) {
  const { search, show } = props;
  const api = useApi(acrCmkApiRef);
  const t = useFleetTexts();
  const tState = useCardTexts();
  const { columns, registry, unused, from, ...query } = search;
  const { state, ...others } = filterOf(search);
  const registries = useFleetRegistries(query);
  // The rows first: with SQLite one waits for the other.
  const everything = useFleetSummary(
    registries.loaded.status === 'loading' && !registries.data
      ? undefined
      : EVERYTHING,
  );
  const isNarrowed = Object.values(others).some(value => value !== undefined);
  const narrowed = useFleetSummary(isNarrowed ? others : undefined);
  const summary = isNarrowed ? narrowed : everything;
  const mayChange = useMayCreateCampaign(registries.data !== undefined);
  const { items: shown = [], total: matching = 0 } = registries.data ?? {};
  const selection = useSelection({
    of: 'registries',
    filter: filterOf(search),
    page: shown.map(({ registryId }) => registryId),
    total: matching,
  });
  const chosen = mayChange ? selection : undefined;
  return (
    <FleetView
      of={registries}
      summary={everything}
      title={
        registries.data && t('table.total', { count: registries.data.total })
      }
      registries={registries.data?.total}
      states={
        summary.loaded.status !== 'denied' && (
          <CountFilter
            label={t('states')}
            counts={summary.data?.counts.state.map(
              each => [each.value, each.count] as const,
            )}
            styles={stateStyles}
            order={registryStateIds}
            textOf={each => tState(`state.${each}`)}
            selected={state ?? []}
            onChange={selected =>
              show(
                changed(search, {
                  state: selected.length > 0 ? selected : undefined,
                }),
              )
            }
          />
        )
      }
      controls={
        <ColumnsMenu
          columns={columns}
          onChange={wanted => show({ ...search, columns: wanted })}
        />
      }
      file={{
        name: 'registry-encryption',
        load: () => api.fleet.csv(filterOf(search)),
      }}
      none={
        <NoRegistry
          filtered={isFiltered(search)}
          scope={everything.data?.scope}
        />
      }
      selection={chosen && { of: 'registries', chosen }}
    >
      {({ items }) => (
        <FleetTable
          items={items}
          search={search}
          show={show}
          selection={chosen}
        />
      )}
    </FleetView>
  );
}

function NoRegistry(props: { filtered: boolean; scope?: FleetScope }) {
  const t = useFleetTexts();
  const isUnread = useUnreadable(props.scope).length > 0;
  if (props.filtered) return <Typography>{t('table.none')}</Typography>;
  if (props.scope && props.scope.known > 0) {
    return (
      <EmptyState
        missing="data"
        title={t('table.hiddenAll')}
        description={t('table.hiddenAllHelp')}
      />
    );
  }
  return (
    <EmptyState
      missing="data"
      title={t('table.empty')}
      description={
        props.scope && t(isUnread ? 'table.emptyUnread' : 'table.emptyRead')
      }
    />
  );
}
