import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import {
  CATALOG_SETTINGS,
  type CatalogSettings,
  parseCatalogSettings,
} from 'backstage-plugin-acr-cmk-common';

/** `catalog.providers.acrCmk` of app-config, checked. */
export interface CatalogConfig extends CatalogSettings {
  schedule: SchedulerServiceTaskScheduleDefinition;
}

const EVERY_TEN_MINUTES: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 30 },
};

/**
 * Reads `catalog.providers.acrCmk`.
 *
 * @returns nothing when the block is not there
 * @throws Error that names each key that is not a setting, and each value that is wrong
 */
export function readCatalogConfig(root: Config): CatalogConfig | undefined {
  const input = root.getOptional(CATALOG_SETTINGS);
  if (input === undefined) return undefined;
  const { hasSchedule, ...settings } = parseCatalogSettings(input);
  return {
    ...settings,
    schedule: hasSchedule
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
          root.getConfig(`${CATALOG_SETTINGS}.schedule`),
        )
      : EVERY_TEN_MINUTES,
  };
}
