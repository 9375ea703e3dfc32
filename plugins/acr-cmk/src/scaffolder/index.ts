/**
 * Fields for the forms of templates, such as `AcrCmkRegistryPicker`. A feature of its own, so that a
 * portal without the scaffolder need not have it.
 *
 * @packageDocumentation
 */
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { templateFields } from './extensions';

/**
 * The fields of templates, as a module of the scaffolder. The default export of the package brings it.
 *
 * @public
 */
export default createFrontendModule({
  pluginId: 'scaffolder',
  extensions: templateFields,
});
