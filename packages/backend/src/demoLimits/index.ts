import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { limitsServiceRef } from 'backstage-plugin-acr-cmk-backend';

/** Limits and intervals of acr-cmk for the demo and its tests, from `demo.limits`. */
export default createServiceFactory({
  service: limitsServiceRef,
  deps: { config: coreServices.rootConfig },
  factory: ({ config }) =>
    config.getOptional<Record<string, number>>('demo.limits') ?? {},
});
