import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { azureAs } from '../azure/azureAs';
import type { Context } from '../platform/context';
import type { ReadStep } from '../domain/steps';
import type { Step, StepInput } from '../domain/steps/step';
import type { OperationStores } from './createOperationStores';
import type { FindingIds, Lease, OperationRecord, StepRecord } from './types';

/** Dependencies of the runner. */
export interface RunnerDeps
  extends
    Pick<OperationStores, 'operations' | 'leases' | 'writes'>,
    Pick<Context, 'azure' | 'clock'> {
  logger: Pick<Context['logger'], 'debug'>;
  /** Default: every kind of step of this release. */
  readStep?: ReadStep;
  /**
   * Makes the plan again from fresh facts. Empty when nothing has changed.
   *
   * @throws PreconditionUnavailable when that cannot be found out now
   */
  changesSincePlan(operation: OperationRecord): Promise<FieldChange[]>;
  /** Findings on the registries of an operation before its first write. Only those of campaigns have them. */
  findingsBefore?(operation: OperationRecord): Promise<FindingIds | undefined>;
  /**
   * Findings that are new since `findings` of an operation, in words, by facts that are read now. Undefined without any.
   *
   * @throws when they cannot be read now
   */
  newFindings?(operation: OperationRecord): Promise<string | undefined>;
  /** Time until which an approval of a campaign's operation is waited for, although its own time is over. */
  awaitsApprovalUntil?(now: number): number;
  /** Invalidates the stored facts of the resources that the operation wrote to. */
  invalidate(operation: OperationRecord): Promise<void>;
}

/** An operation as a worker has it in hand. */
export interface Run {
  lease: Lease;
  operation: OperationRecord;
  deps: RunnerDeps;
}

/** A run at one of its steps. */
export interface StepRun extends Run {
  record: StepRecord;
}

/** Whether there is more to do now. `stop`: the operation has ended, waits, or was lost to another worker. */
export type Next = 'continue' | 'stop';

export const ifLanded = (landed: boolean): Next =>
  landed ? 'continue' : 'stop';

/**
 * Whether a revoke counts as having taken something away. What was gone already may be the effect of its own write, from
 * before a failover of the database.
 */
export const hasTaken = ({ steps }: Pick<OperationRecord, 'steps'>): boolean =>
  steps.some(({ attempts, state }) => attempts > 0 || state === 'unchanged');

/** Whether the operation has written, or may have written, to Azure. */
export const hasWritten = ({ steps }: OperationRecord): boolean =>
  steps.some(({ attempts }) => attempts > 0);

/** Logs why an operation waits, and until when. */
export function logWait(
  { operation, deps }: Run,
  { message, dueAt }: { message: string; dueAt: number },
): void {
  const due = new Date(dueAt).toISOString();
  deps.logger.debug(`Operation ${operation.id} waits until ${due}: ${message}`);
}

/** Input of a step at this time. */
export function inputOf(
  { operation, record, deps }: StepRun,
  { step, now }: { step: Step; now: number },
): StepInput {
  return {
    azure: azureAs(deps.azure, step.credential),
    outputs: operation.outputs,
    checkpoint: record.checkpoint,
    attempts: record.attempts,
    now,
    startedAt: record.checkpoint.wroteAt ?? record.startedAt ?? now,
  };
}
