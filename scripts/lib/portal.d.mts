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
  /** More of the emulator's command line. */
  flags?: string[];
}): Promise<{ child: Child; azure: AzureAddress }>;

export function startBackend(options: {
  env: NodeJS.ProcessEnv;
  log: Writable;
  azure: AzureAddress;
  port: number;
  databaseDirectory: string;
  appUrl?: string;
  /** Of app-config, by their path: `{ acrCmk_approvals_revoke: 'required' }`. */
  settings?: Record<string, unknown>;
  /** A file of app-config on top of the usual one, from the root of the repository. */
  config?: string;
}): Promise<{ child: Child; url: string }>;

/** Worlds beside the usual demo. */
export const WORLDS: Record<
  'us-government' | 'managed-hsm',
  { flags?: string[]; world?: string; config: string }
>;

/** Settings for a portal with the fleet of a world `demo-fleet:N`. */
export function fleetSettings(azure: AzureAddress): Record<string, unknown>;

/** Has the catalog take the entities of a fleet, and has them linked to their registries. */
export function fillCatalog(
  url: string,
  options: { azure: AzureAddress; process: Child },
): Promise<void>;

/** Has a scheduled task run now rather than when it is due, and does not wait for its end. */
export function triggerTask(
  url: string,
  of: { plugin: string; task: string },
): Promise<void>;

export function demoToken(url: string, user: string): Promise<string>;
