import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import {
  CATALOG_SETTINGS,
  parseCatalogSettings,
} from 'backstage-plugin-acr-cmk-common';
import { createAzurePorts } from '../azure/azurePorts';
import { createClients } from '../azure/client';
import { createCredentials } from '../azure/credentials/credentials';
import { createDiagnosis } from '../azure/diagnosis';
import type { ManagedScopes } from '../inventory/ManagedScopes';
import { misplacedBlocks, readConfig } from '../platform/config';
import type { DoctorPorts, ReadConfiguration } from './check';
import { createProbes } from './probes';
import type { RunningBackend } from './runningBackend';

/** Settings of the catalog module, with the reason why it cannot use them, in its own words. */
export function catalogModuleOf(root: Config): DoctorPorts['catalogModule'] {
  try {
    const input = root.getOptional(CATALOG_SETTINGS);
    if (input === undefined) return undefined;
    if (parseCatalogSettings(input).hasSchedule) {
      readSchedulerServiceTaskScheduleDefinitionFromConfig(
        root.getConfig(`${CATALOG_SETTINGS}.schedule`),
      );
    }
    return {};
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

export function permissionOf(root: Config): DoctorPorts['permission'] {
  try {
    return { enabled: root.getOptionalBoolean('permission.enabled') ?? false };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

/** Members of the management groups of `acrCmk.scopes`, as far as they are known. */
export type KnownGroups = Readonly<
  Pick<ManagedScopes, 'scopes' | 'groupsNotKnown' | 'groupsInPart'>
>;

/** Ports of the checks, from app-config alone or with a running backend. */
export function portsOf(
  root: Config,
  options: {
    now(): number;
    backend?: RunningBackend;
    /** Members of the management groups. Default: none are known, only the scopes that app-config names beside them. */
    managed?: KnownGroups;
  },
): DoctorPorts {
  const common = {
    permission: permissionOf(root),
    misplaced: misplacedBlocks(root),
    catalogModule: catalogModuleOf(root),
    now: options.now,
    backend: options.backend,
  };
  try {
    const read = readConfig(root);
    const config = {
      ...read,
      scopes: [...(options.managed?.scopes ?? read.scopes)],
    };
    const { cloud } = config;
    const azure = {
      credentials: createCredentials(config.credentials, process.env, cloud),
      cloud,
    };
    return {
      ...common,
      config: {
        understood: true,
        value: config,
        groupsNotKnown: [
          ...(options.managed?.groupsNotKnown ?? read.managementGroups),
        ],
        groupsInPart: [...(options.managed?.groupsInPart ?? [])],
      },
      azure: createProbes(config, {
        ports: createAzurePorts(azure),
        diagnosis: createDiagnosis(createClients(azure)),
      }),
    };
  } catch (error) {
    const config: ReadConfiguration = {
      understood: false,
      message: (error as Error).message,
    };
    return { ...common, config };
  }
}
