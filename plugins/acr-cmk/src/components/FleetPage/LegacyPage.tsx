import {
  Header,
  Page,
  Progress,
  TabbedLayout,
} from '@backstage/core-components';
import { Suspense } from 'react';
import { useCardTexts } from '../../translations/card';
import { useFleetTexts } from '../../translations/fleet';
import { lazyOrNotice } from '../shared/lazyOrNotice';

/** Tabs of the page, each loaded when it is opened. */
const TABS = {
  registries: lazyOrNotice(() =>
    import('./FleetRegistries').then(m => m.FleetRegistries),
  ),
  keys: lazyOrNotice(() => import('./FleetKeys').then(m => m.FleetKeys)),
  calendar: lazyOrNotice(() =>
    import('./FleetCalendar').then(m => m.FleetCalendar),
  ),
  campaigns: lazyOrNotice(() => import('../Campaigns').then(m => m.Campaigns)),
  waiting: lazyOrNotice(() =>
    import('./FleetWaiting').then(m => m.FleetWaiting),
  ),
  installation: lazyOrNotice(() =>
    import('../InstallationCheck').then(m => m.InstallationCheck),
  ),
};

const PATHS = Object.keys(TABS) as (keyof typeof TABS)[];

/** The page with its tabs, for the old frontend system, which does not bring a header. */
export function LegacyPage() {
  const t = useCardTexts();
  const tFleet = useFleetTexts();
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <TabbedLayout>
        {PATHS.map(path => {
          const Tab = TABS[path];
          return (
            <TabbedLayout.Route
              key={path}
              path={`/${path}`}
              title={t(`page.${path}`)}
            >
              <Suspense fallback={<Progress aria-label={tFleet('loading')} />}>
                <Tab />
              </Suspense>
            </TabbedLayout.Route>
          );
        })}
      </TabbedLayout>
    </Page>
  );
}
