import type { FleetRegistryView } from 'backstage-plugin-acr-cmk-common';
import { isRefreshing } from '../../hooks/loaded';
import { useFleetRegistry } from '../../hooks/useFleet';
import { useFleetTexts } from '../../translations/fleet';
import { RegistrySection } from '../RegistrySection';
import { RefreshProvider } from '../RegistrySection/RefreshButton';
import { UnreadableSection } from '../RegistrySection/UnreadableSection';
import { Note } from '../shared/Note';
import { RouteLink } from '../shared/RouteLink';
import { severityStyles } from '../shared/statusStyles';
import { Stack } from '../shared/Stack';
import { EntityLink } from './EntityLink';
import { FleetBody, FleetContent } from './FleetFrame';
import { parametersOf, type FleetSearch } from './fleetSearch';

/** A registry as its tab shows it, also when no entity has a tab for it. */
export function FleetRegistry({ search }: { search: FleetSearch }) {
  const t = useFleetTexts();
  const view = useFleetRegistry(search.registry ?? '');
  const { loaded, reload, refresh } = view;
  const refreshing = isRefreshing(loaded);
  return (
    <FleetBody>
      <div>
        <RouteLink to={`?${parametersOf({ ...search, registry: undefined })}`}>
          {t('registry.back')}
        </RouteLink>
      </div>
      <RefreshProvider refreshing={refreshing} refresh={refresh}>
        <FleetContent of={view} label={t('loading')}>
          {data => (
            <Stack gap={2}>
              <EntityLinks view={data} />
              {data.registry.kind === 'registry' ? (
                <RegistrySection
                  entityRef={data.entities[0]?.entityRef ?? ''}
                  registry={data.registry}
                  reload={reload}
                />
              ) : (
                <UnreadableSection registry={data.registry} />
              )}
            </Stack>
          )}
        </FleetContent>
      </RefreshProvider>
    </FleetBody>
  );
}

function EntityLinks({ view }: { view: FleetRegistryView }) {
  const t = useFleetTexts();
  const { entities, hiddenEntities, registry } = view;
  if (entities.length === 0) {
    return (
      <Note statusStyle={severityStyles.info}>
        {hiddenEntities > 0 ? t('registry.hiddenOnly') : t('registry.noEntity')}
      </Note>
    );
  }
  const query =
    registry.kind === 'registry'
      ? `?registry=${encodeURIComponent(registry.name)}`
      : '';
  return (
    <Note statusStyle={severityStyles.info}>
      {t('registry.change')}{' '}
      {entities.map(({ entityRef }, index) => (
        <span key={entityRef}>
          {index > 0 && ', '}
          <EntityLink entityRef={entityRef} path={`/encryption${query}`} />
        </span>
      ))}
      {hiddenEntities > 0 &&
        `, ${t('table.hidden', { count: hiddenEntities })}`}
    </Note>
  );
}
