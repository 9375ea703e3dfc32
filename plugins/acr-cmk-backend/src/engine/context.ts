import type { Context } from '../platform/context';
import type { Limits } from '../platform/limits';

/** Services and settings of the stores of operations. */
export interface StoresContext extends Pick<Context, 'db' | 'clock' | 'audit'> {
  /** A claim without a heartbeat lasts for `leaseSeconds`: longer than any single call to Azure. */
  limits: Pick<Limits, 'leaseSeconds'>;
  /** A write of a worker may still arrive at Azure for `callLimitMs` after the end of its lease. */
  azure: Pick<Context['azure'], 'callLimitMs' | 'monotonic'>;
}
