/**
 * Azure Container Registries, their customer-managed keys and their vaults in the catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleAcrCmk as default } from './module';
