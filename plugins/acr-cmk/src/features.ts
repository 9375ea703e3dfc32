import { createFrontendFeatureLoader } from '@backstage/frontend-plugin-api';
import { acrCmkPlugin } from './plugin';
import templateFields from './scaffolder';

/**
 * Everything that the package brings: the tab, the cards, the page and the fields of templates.
 * Discovery looks only at the default export of a package: an app would have to add by hand what is missing here.
 *
 * A portal without the scaffolder drops the fields, because there is no plugin that they extend.
 *
 * @public
 */
export default createFrontendFeatureLoader({
  loader: () => [acrCmkPlugin, templateFields],
});
