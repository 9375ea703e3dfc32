// The one place that knows the alpha entry point of the catalog: when the blueprints move, only
// this file changes.
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { acrCmkFilter } from './availability';
import { OverviewCard } from './components/OverviewCard';
import { titleOf } from './translations/titleOf';

export const encryptionContent = EntityContentBlueprint.make({
  name: 'encryption',
  params: {
    path: '/encryption',
    title: titleOf('tab.title'),
    group: 'operation',
    filter: acrCmkFilter,
    loader: () =>
      import('./components/EncryptionTab').then(m => <m.EncryptionTab />),
  },
});

/** Small enough to come with the page, so that it does not pop in after it. */
export const overviewCard = EntityCardBlueprint.make({
  name: 'overview',
  params: {
    type: 'info',
    filter: acrCmkFilter,
    loader: async () => <OverviewCard />,
  },
});
