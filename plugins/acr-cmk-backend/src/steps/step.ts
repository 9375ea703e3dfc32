import type { AzureError } from '../azure/AzureError';
import type { AzurePorts, AzureReceipt, CredentialName } from '../azure/ports';
import type { StepSpec } from '../cmk/steps';
import type {
  Checkpoint,
  StepOutputs,
  StepStatus,
} from '../operations/engine/types';

/** What a step is given. It reads and acts; remembering is the runner's. */
export interface StepContext<S extends StepSpec = StepSpec> {
  spec: S;
  azure: AzurePorts;
  outputs: Readonly<StepOutputs>;
  checkpoint: Readonly<Checkpoint>;
  /** How often this step has written to Azure, or may have. */
  attempts: number;
  /** The plugin's clock, epoch milliseconds. */
  now: number;
  /** When the step began, by the same clock. */
  startedAt: number;
}

/**
 * A whole kind of step. The runner holds the fence before `act`, records what `observe` saw before
 * and after, and decides about retries: a step cannot forget it.
 */
export interface StepDefinition<S extends StepSpec = StepSpec> {
  kind: S['kind'];
  version: S['version'];
  /** Whose credential `act` uses. */
  credential: CredentialName;
  /** Looks at Azure, never at the answer of `act`. */
  observe(context: StepContext<S>): Promise<StepStatus>;
  /** What must be durable before the write. */
  prepare?(context: StepContext<S>): Promise<Checkpoint>;
  /** One write. Left out by steps that only look. */
  act?(context: StepContext<S>): Promise<AzureReceipt>;
  /** Is this refusal one that passes by itself, such as a grant that has not spread yet? */
  passes?(error: AzureError, spec: S): boolean;
}

/** Keeps the types of one step together. */
export function defineStep<S extends StepSpec>(
  definition: StepDefinition<S>,
): StepDefinition<S> {
  return definition;
}
