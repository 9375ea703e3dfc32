import type { RootConfigService } from '@backstage/backend-plugin-api';
import {
  createCredentials,
  type Credentials,
} from '../../azure/credentials/credentials';
import { InvalidConfiguration } from './InvalidConfiguration';
import { type AcrCmkConfig, readConfig } from './readConfig';

/**
 * Reads `acrCmk`, and makes the credentials that it names.
 *
 * @throws InvalidConfiguration that names what is wrong
 */
export function openConfiguration(root: RootConfigService): {
  config: AcrCmkConfig;
  credentials: Credentials;
} {
  const config = readConfig(root);
  try {
    return {
      config,
      credentials: createCredentials(
        config.credentials,
        process.env,
        config.cloud,
      ),
    };
  } catch (error) {
    // Such as a workload identity without the variables of its pod.
    throw new InvalidConfiguration((error as Error).message);
  }
}
