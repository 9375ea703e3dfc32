import {
  createServiceFactory,
  createServiceRef,
  type LoggerService,
} from '@backstage/backend-plugin-api';

/**
 * Limits and intervals of the plugin. No setting changes them.
 *
 * @internal
 */
export interface Limits {
  /** Reads of a caller in a minute in each replica. */
  readsPerMinute: number;
  /**
   * Plans and other writes of a caller in a minute in each replica, as many acceptances and approvals, and as many
   * requests of a revoke.
   */
  writesPerMinute: number;
  /** Previews of campaigns that a caller may request in a minute in each replica: each looks at the whole selection. */
  previewsPerMinute: number;
  /** Event streams that a caller may have open in each replica. */
  openStreams: number;
  /**
   * Operations of a person that may wait for approval, over all replicas. Revokes are counted apart. An operation that
   * its requester cancels counts for an hour, since it has notified approvers. A person may have as many campaigns
   * besides that have not ended, or began within the hour.
   */
  waitingRequests: number;
  /** Registries or keys that one campaign may change. */
  campaignMembers: number;
  /** Time for a second person to decide. Milliseconds. */
  approvalExpiresAfterMs: number;
  /** Time after which another worker takes an operation over whose worker gives no sign of life. */
  leaseSeconds: number;
  /** Interval at which an idle worker looks for work. Milliseconds. */
  pollMs: number;
  /** Interval of the digests of registries. Milliseconds. */
  digestEveryMs: number;
  /** Interval of the checkpoints of the audit record. Milliseconds. */
  checkpointEveryMs: number;
}

const HOUR_MS = 60 * 60_000;

export const LIMITS: Limits = {
  readsPerMinute: 300,
  writesPerMinute: 60,
  previewsPerMinute: 10,
  openStreams: 20,
  waitingRequests: 20,
  campaignMembers: 1000,
  approvalExpiresAfterMs: 24 * HOUR_MS,
  leaseSeconds: 60,
  pollMs: 2_000,
  digestEveryMs: HOUR_MS,
  checkpointEveryMs: HOUR_MS,
};

/**
 * Limits that differ from `LIMITS`: none, except in tests and in the demo.
 *
 * @internal
 */
export const limitsServiceRef = createServiceRef<Partial<Limits>>({
  id: 'acr-cmk.limits',
  scope: 'plugin',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => ({}) }),
});

/** `LIMITS` with those that differ. The log names each of them; what is not a positive number changes nothing. */
export function limitsWith(
  own: Partial<Limits>,
  logger: Pick<LoggerService, 'warn'>,
): Limits {
  const limits = { ...LIMITS };
  for (const name of Object.keys(LIMITS) as (keyof Limits)[]) {
    const [value, builtIn] = [own[name], LIMITS[name]];
    if (value === undefined || value === builtIn) continue;
    const change = `The service acr-cmk.limits sets ${name} to ${value} instead of ${builtIn}`;
    if (Number.isFinite(value) && value > 0) {
      limits[name] = value;
      logger.warn(change);
    } else {
      logger.warn(`${change}, which is ignored: it is not a positive number`);
    }
  }
  return limits;
}
