/**
 * See, rotate, revoke and restore the customer-managed keys of Azure Container Registries from
 * the entity page. The default export brings everything; `acrCmkPlugin` is the same without the
 * fields of templates, to override parts of it. For portals on the old frontend system there is `./legacy`.
 *
 * @packageDocumentation
 */
export { default } from './features';
export { acrCmkPlugin } from './plugin';
export { acrCmkApiRef } from './api';
export type { AcrCmkApi } from './api';
export { isAcrCmkAvailable } from './availability';
