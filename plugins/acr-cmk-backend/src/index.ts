/**
 * Plans, runs and proves changes of the customer-managed keys of Azure Container Registries.
 *
 * @packageDocumentation
 */
export { acrCmkPlugin as default } from './plugin';
export { runDoctorCli } from './doctor/cli';
