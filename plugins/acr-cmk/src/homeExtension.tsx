// The one place that knows the alpha entry point of the home page: when the blueprint moves, only
// this file changes.
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { pageRouteRef } from './routes';

export const homeWidget = HomePageWidgetBlueprint.make({
  name: 'registries',
  params: {
    name: 'AcrCmkRegistries',
    title: 'Registry keys',
    description:
      'The registries that need attention, and the operations that await your approval',
    components: () =>
      import('./components/HomeCard').then(({ HomeCard }) => ({
        Content: function Content() {
          const page = useRouteRef(pageRouteRef);
          return <HomeCard pagePath={page?.()} />;
        },
      })),
    layout: {
      width: { minColumns: 3, defaultColumns: 4 },
      height: { minRows: 3, defaultRows: 5 },
    },
  },
});
