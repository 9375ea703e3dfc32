/**
 * See, rotate, revoke and restore the customer-managed keys of Azure Container Registries from
 * the entity page. For portals on the old frontend system there is `./legacy`.
 *
 * @packageDocumentation
 */
export { default } from './plugin';
export { acrCmkApiRef } from './api';
export type { AcrCmkApi } from './api';
export { isAcrCmkAvailable } from './availability';
