import { createFrontendFeatureLoader } from '@backstage/frontend-plugin-api';
import { acrCmkPlugin } from './plugin';
import templateFields from './scaffolder';
import translations from './translations/module';

/**
 * Everything that the package brings: the tab, the cards and the page, the fields of templates, and the
 * German texts. Discovery looks at the default export of a package and nowhere else, so what is
 * not here would have to be added to the app by hand.
 *
 * A portal without the scaffolder drops the fields, because there is no plugin that they extend.
 *
 * @public
 */
export default createFrontendFeatureLoader({
  loader: () => [acrCmkPlugin, templateFields, translations],
});
