import type { Check } from '../check';
import { clocks } from './clocks';
import { configuration } from './configuration';
import { credentials } from './credentials';
import { database } from './database';
import { entities } from './entities';
import { keyConsumers } from './keyConsumers';
import { optionalPlugins } from './optionalPlugins';
import { policy } from './policy';
import { providers } from './providers';
import { resourceGraph } from './resourceGraph';
import { rights } from './rights';
import { scopes } from './scopes';
import { sync } from './sync';
import { vaultNetwork } from './vaultNetwork';

/** Every check, in the order in which one depends on what the ones before found. */
export const checks: readonly Check[] = [
  configuration,
  credentials,
  scopes,
  providers,
  rights,
  vaultNetwork,
  resourceGraph,
  keyConsumers,
  clocks,
  database,
  sync,
  policy,
  entities,
  optionalPlugins,
];
