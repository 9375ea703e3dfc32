import type { Fact } from 'backstage-plugin-acr-cmk-common';

/** Is it known not to be there? What could not be read may be there. */
export const isMissing = (fact: Fact<unknown>): boolean =>
  !fact.known && fact.problem.kind === 'not-found';
