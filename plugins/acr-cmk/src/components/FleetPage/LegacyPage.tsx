import {
  Header,
  Page,
  Progress,
  TabbedLayout,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Suspense } from 'react';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { late } from '../shared/late';

/** Each is loaded when it is opened. */
const TABS = {
  registries: late(() =>
    import('./FleetRegistries').then(m => m.FleetRegistries),
  ),
  keys: late(() => import('./FleetKeys').then(m => m.FleetKeys)),
  calendar: late(() => import('./FleetCalendar').then(m => m.FleetCalendar)),
  waiting: late(() => import('./FleetWaiting').then(m => m.FleetWaiting)),
  installation: late(() =>
    import('../InstallationCheck').then(m => m.InstallationCheck),
  ),
};

const PATHS = Object.keys(TABS) as (keyof typeof TABS)[];

/** The page with its tabs, for the old frontend system, which does not bring a header. */
export function LegacyPage() {
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
  const { t: tFleet } = useTranslationRef(acrCmkFleetTranslationRef);
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
