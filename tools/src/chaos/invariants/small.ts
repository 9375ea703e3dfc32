import type { Invariant } from './invariant';

export const noLockIsLeft: Invariant = {
  name: 'no lock is left',
  violations: ({ locks }) =>
    locks.map(
      ({ target, operationId }) =>
        `operation ${operationId} still holds the lock of ${target}`,
    ),
};

export const auditChainIsWhole: Invariant = {
  name: 'the audit chain is whole, by the tool that shares no code with the plugin',
  violations: ({ chain, audit }) => [
    ...(chain.exitCode === 0 ? [] : [chain.output.trim()]),
    ...(chain.records === audit.length
      ? []
      : [
          `${chain.records} records were exported, and ${audit.length} are there`,
        ]),
  ],
};

export const backendsGoOn: Invariant = {
  name: 'no backend ends by itself',
  violations: ({ endedByThemselves }) =>
    endedByThemselves.map(
      name => `${name} ended though nobody had asked it to; its log says why`,
    ),
};
