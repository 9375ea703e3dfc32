import type { AssumptionChanges } from './control/assumptionSettings';
import type { StoreCopy } from './state/store';
import type { CloudName } from './types';
import type { WorldName } from './worlds';

/** Options that a reset can change. */
export interface ResetOptions {
  /** `demo`, `demo-hsm`, `empty`, `fleet:N` or `demo-fleet:N`. Default: the one in the directory, else `demo`. */
  world?: WorldName;
  /** Seed of a generated fleet. Default 1. */
  seed?: number;
  /** Seconds that creating or updating a registry takes. Overrides
   *  the assumption `registryOperationSeconds`. */
  operationSeconds?: number;
  /** Seconds until a role assignment is effective. Overrides
   *  the assumptions `roleAssignmentDelaySeconds` and `roleRemovalDelaySeconds`. */
  rolePropagationSeconds?: number;
  /** Refuse requests beyond Azure's limits. Default false. */
  throttle?: boolean;
  /** Assumptions about Azure that differ from the defaults. */
  assumptions?: AssumptionChanges;
  /** The wall clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Receives log lines for people. By default they are dropped. */
  log?: (line: string) => void;
}

export interface EmulatorOptions extends ResetOptions {
  /** Port of the proxy. Default 0: a free one. */
  port?: number;
  /** Address on which the proxy listens. Default 127.0.0.1. */
  host?: string;
  /** Directory for state, authority and secrets. Without it they are lost when the process ends. */
  dataDir?: string;
  /** Cloud whose host names are served: `public`, `usGovernment` or `china`. Default `public`. */
  cloud?: CloudName;
}

export interface EmulatorSnapshot {
  readonly documents: StoreCopy;
  readonly time: number;
  readonly frozen: boolean;
}
