import type { JsonObject } from '@backstage/types';

/** What a backend process of the suite gets at its start, and what it says when it is ready. */
export interface BackendSettings {
  port: number;
  database: { host: string; port: number; user: string };
  /** Of the names of the plugins' databases. */
  databasePrefix: string;
  /** The block `acrCmk` of its configuration. */
  acrCmk: JsonObject;
}

export const READY_LINE = 'chaos: the backend is ready';
