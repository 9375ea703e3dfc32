import { Writable } from 'node:stream';
import { Child } from './child.mjs';

export interface Principal {
  clientId: string;
  clientSecret: string;
}

/** The line of JSON that the emulator prints when it is ready. */
export interface AzureAddress {
  proxy: string;
  caFile: string;
  caBundle: string;
  cloud: 'public' | 'usGovernment';
  tenantId: string;
  subscriptionId: string;
  principals: Record<
    'admin' | 'reader' | 'rotator' | 'revoker' | 'provisioner',
    Principal
  >;
}

export function startEmulator(options: {
  env: NodeJS.ProcessEnv;
  log: Writable;
  dataDirectory: string;
  port: number;
  world?: string;
  /** Further arguments of the emulator. */
  flags?: string[];
}): Promise<{ child: Child; azure: AzureAddress }>;

export function startBackend(options: {
  env: NodeJS.ProcessEnv;
  log: Writable;
  azure: AzureAddress;
  port: number;
  databaseDirectory: string;
  appUrl?: string;
  /** Settings of app-config by path: `{ acrCmk_approvals_revoke: 'required' }`. */
  settings?: Record<string, unknown>;
  /** Additional file of app-config, from the root of the repository. */
  config?: string;
}): Promise<{ child: Child; url: string }>;

/** Worlds besides the usual demo. */
export const WORLDS: Record<
  'us-government' | 'managed-hsm',
  { flags?: string[]; world?: string; config: string }
>;

/** Settings for a portal with the fleet of a world `demo-fleet:N`. */
export function fleetSettings(azure: AzureAddress): Record<string, unknown>;

/** Loads the entities of a fleet into the catalog, and links them to their registries. */
export function fillCatalog(
  url: string,
  options: { azure: AzureAddress; process: Child },
): Promise<void>;

/** Starts a scheduled task now. Does not wait for its end. */
export function triggerTask(
  url: string,
  of: { plugin: string; task: string },
): Promise<void>;

export function demoToken(url: string, user: string): Promise<string>;
