/**
 * Plans, runs and proves changes of the customer-managed keys of Azure Container Registries.
 *
 * @packageDocumentation
 */
export { acrCmkPlugin as default } from './plugin';
export {
  createRegistryConditionalDecision,
  registryConditions,
} from './registries/fleet/rules';
/**
 * For the demo and tests.
 *
 * @internal
 */
export { limitsServiceRef } from './platform/limits';
/**
 * For `bin/acr-cmk-doctor.js` alone.
 *
 * @internal
 */
export { runDoctorCli } from './doctor/cli';
