import type { Fact } from 'backstage-plugin-acr-cmk-common';

/** Whether the fact is known not to exist. A fact that could not be read may exist. */
export const isMissing = (fact: Fact<unknown>): boolean =>
  !fact.known && fact.problem.kind === 'not-found';
