import {
  Header,
  Page,
  Progress,
  TabbedLayout,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { lazy, Suspense } from 'react';
import { acrCmkCardTranslationRef } from '../../translations/card';

/** Each is loaded when it is opened. */
const TABS = {
  registries: lazy(() =>
    import('./FleetRegistries').then(m => ({ default: m.FleetRegistries })),
  ),
  keys: lazy(() => import('./FleetKeys').then(m => ({ default: m.FleetKeys }))),
  calendar: lazy(() =>
    import('./FleetCalendar').then(m => ({ default: m.FleetCalendar })),
  ),
  waiting: lazy(() =>
    import('./FleetWaiting').then(m => ({ default: m.FleetWaiting })),
  ),
  installation: lazy(() =>
    import('../InstallationCheck').then(m => ({
      default: m.InstallationCheck,
    })),
  ),
};

const PATHS = Object.keys(TABS) as (keyof typeof TABS)[];

/** The page with its tabs, for the old frontend system, which does not bring a header. */
export function LegacyPage() {
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
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
              <Suspense fallback={<Progress />}>
                <Tab />
              </Suspense>
            </TabbedLayout.Route>
          );
        })}
      </TabbedLayout>
    </Page>
  );
}
