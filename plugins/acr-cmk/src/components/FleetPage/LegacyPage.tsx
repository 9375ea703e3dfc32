import { Header, Page, TabbedLayout } from '@backstage/core-components';
import { pageViews, type PagePath } from '../../pageViews';
import { useCardTexts } from '../../translations/card';
import { useFleetTexts } from '../../translations/fleet';
import { lazyOrNotice } from '../shared/lazyOrNotice';

const TABS = (Object.keys(pageViews) as PagePath[]).map(path => ({
  path,
  Tab: lazyOrNotice<{}>(pageViews[path]),
}));

/** The page with its tabs, for the old frontend system, which does not bring a header. */
export function LegacyPage() {
  const t = useCardTexts();
  const tFleet = useFleetTexts();
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <TabbedLayout>
        {TABS.map(({ path, Tab }) => (
          <TabbedLayout.Route
            key={path}
            path={`/${path}`}
            title={t(`page.${path}`)}
          >
            <Tab loading={tFleet('loading')} />
          </TabbedLayout.Route>
        ))}
      </TabbedLayout>
    </Page>
  );
}
