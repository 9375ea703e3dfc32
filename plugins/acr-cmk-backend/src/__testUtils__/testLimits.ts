import { createServiceFactory } from '@backstage/backend-plugin-api';
import { type Limits, limitsServiceRef } from '../platform/limits';

/** Limits of a portal in tests, which make in a second what a person makes in a day, and are refused as often. */
export const testLimits = (own: Partial<Limits> = {}) =>
  createServiceFactory({
    service: limitsServiceRef,
    deps: {},
    factory: () => ({
      pollMs: 100,
      readsPerMinute: 10_000,
      writesPerMinute: 10_000,
      previewsPerMinute: 10_000,
      ...own,
    }),
  });
