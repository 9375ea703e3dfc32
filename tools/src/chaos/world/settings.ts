import type { JsonObject } from '@backstage/types';

/** Settings that a backend process of the suite gets at its start. */
export interface BackendSettings {
  port: number;
  /** The block `backend.database` of its configuration. */
  database: JsonObject;
  /** The block `acrCmk` of its configuration. */
  acrCmk: JsonObject;
}

/** Shorter than in production, so that a run sees many take-overs. */
export const LEASE_SECONDS = 30;

export const READY_LINE = 'chaos: the backend is ready';
