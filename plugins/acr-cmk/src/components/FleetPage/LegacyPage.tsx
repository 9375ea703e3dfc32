import { Header, Page, TabbedLayout } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { InstallationCheck } from '../InstallationCheck';
import { FleetCalendar } from './FleetCalendar';
import { FleetKeys } from './FleetKeys';
import { FleetRegistries } from './FleetRegistries';
import { FleetWaiting } from './FleetWaiting';

/** The page with its tabs, for the old frontend system, which does not bring a header. */
export function LegacyPage() {
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <TabbedLayout>
        <TabbedLayout.Route path="/registries" title={t('page.registries')}>
          <FleetRegistries />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/keys" title={t('page.keys')}>
          <FleetKeys />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/calendar" title={t('page.calendar')}>
          <FleetCalendar />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/waiting" title={t('page.waiting')}>
          <FleetWaiting />
        </TabbedLayout.Route>
        <TabbedLayout.Route path="/installation" title={t('page.installation')}>
          <InstallationCheck />
        </TabbedLayout.Route>
      </TabbedLayout>
    </Page>
  );
}
