import type { Operation } from 'backstage-plugin-acr-cmk-common';

/** Whether the operation is in its waiting period: it has not begun, and can be cancelled. */
export const isUnbegun = ({
  state,
  beginsAt,
  startedAt,
}: Pick<Operation, 'state' | 'beginsAt' | 'startedAt'>): boolean =>
  state === 'waiting' && beginsAt !== undefined && startedAt === undefined;
