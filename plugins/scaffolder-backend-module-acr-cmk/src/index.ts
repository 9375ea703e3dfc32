/**
 * Scaffolder actions for the customer-managed keys of Azure Container Registries.
 *
 * @packageDocumentation
 */
export { scaffolderModuleAcrCmk as default } from './module';
