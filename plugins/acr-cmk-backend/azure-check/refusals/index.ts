import { OF_ARM } from './ofArm';
import { OF_REGISTRIES } from './ofRegistries';
import { OF_RIGHTS } from './ofRights';
import { OF_VAULTS } from './ofVaults';
import type { RefusalRequest } from './requests';

/** Requests that change nothing, because they are refused. */
export const REFUSAL_REQUESTS: readonly RefusalRequest[] = [
  ...OF_ARM,
  ...OF_REGISTRIES,
  ...OF_VAULTS,
  ...OF_RIGHTS,
];
