import type { KeyObject } from 'node:crypto';
import type {
  AuditorService,
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { documentationUrl } from 'backstage-plugin-acr-cmk-common';
import type { Clock } from '../database/clock';
import { AuditIntegrity } from './AuditIntegrity';
import type { AuditLog } from './AuditLog';
import { CheckpointWriter, keyIdOf } from './checkpoints';
import type { Limits } from '../limits';
import type { TaskScheduler } from '../time/Tasks';

interface Deps {
  clock: Clock;
  audit: AuditLog;
  checkpoints?: { signingKey: KeyObject };
  limits: Pick<Limits, 'checkpointEveryMs'>;
  auditor: AuditorService;
  logger: LoggerService;
  lifecycle: LifecycleService;
  metrics: MetricsService;
  tasks: TaskScheduler;
}

/**
 * Verifies the audit chain in the background once the backend starts and again each day, reports damage, and sends checkpoints where there is
 * a key to sign them with.
 */
export async function watchAudit(deps: Deps): Promise<AuditIntegrity> {
  const { audit, auditor, logger, lifecycle, metrics, tasks } = deps;
  const report = async (
    message: string,
    meta: { seq: number; id: string; why: string; further?: number },
  ) => {
    logger.error(
      `${message} (${meta.id}). See ${documentationUrl(
        'docs/audit.md#when-the-chain-is-broken',
      )}`,
    );
    const event = await auditor.createEvent({
      eventId: 'audit-break',
      severityLevel: 'critical',
      meta,
    });
    await event.fail({ error: new Error(message) });
  };
  const integrity = new AuditIntegrity({
    audit,
    onBreak: ({ seq, id, why }) =>
      report(`The audit record is damaged: record ${seq} ${why}`, {
        seq,
        id,
        why,
      }),
    onFurtherBreaks: ({ count, first: { seq, id, why } }) =>
      report(
        `The audit record has further damage, breaks: ${count}. The first: record ${seq} ${why}`,
        { seq, id, why, further: count },
      ),
  });
  metrics
    .createObservableGauge('acr_cmk.audit.breaks', {
      description: 'Breaks of the audit record',
      unit: '{break}',
    })
    .addCallback(result =>
      result.observe(integrity.breaks.length + integrity.furtherBreaks),
    );
  lifecycle.addStartupHook(() => {
    integrity
      .verify()
      .catch(error =>
        logger.error('The audit record could not be verified', error),
      );
  });
  await tasks.scheduleTask({
    id: 'acr-cmk-audit-again',
    // Each replica reports by its own metric and health.
    scope: 'local',
    frequency: { hours: 24 },
    initialDelay: { hours: 24 },
    timeout: { hours: 1 },
    fn: () => integrity.verifyAgain(),
  });
  lifecycle.addShutdownHook(() => integrity.stop());
  await sendCheckpoints(deps, integrity);
  return integrity;
}

async function sendCheckpoints(
  {
    checkpoints,
    limits,
    audit,
    clock,
    auditor,
    logger,
    lifecycle,
    tasks,
  }: Deps,
  integrity: AuditIntegrity,
): Promise<void> {
  if (!checkpoints) {
    logger.info(
      'Checkpoints of the audit record: off. Set acrCmk.audit.checkpoints to turn them on',
    );
    return;
  }
  const { signingKey } = checkpoints;
  const everyMs = limits.checkpointEveryMs;
  logger.info(
    `Checkpoints of the audit record: every ${
      everyMs / 60_000
    } minutes, signed with the key ${keyIdOf(signingKey)}`,
  );
  const writer = new CheckpointWriter({
    audit,
    integrity,
    clock,
    signingKey,
    publish: async checkpoint => {
      // Medium, because Backstage does not log what is lower.
      const event = await auditor.createEvent({
        eventId: 'audit-checkpoint',
        severityLevel: 'medium',
      });
      await event.success({ meta: { checkpoint: { ...checkpoint } } });
    },
  });
  const write = async () => {
    if (!(await writer.write())) {
      logger.warn(
        'No checkpoint was written, because the audit record is not verified yet',
      );
    }
  };
  lifecycle.addStartupHook(() => {
    write().catch(error =>
      logger.error('The first checkpoint could not be written', error),
    );
  });
  await tasks.scheduleTask({
    id: 'acr-cmk-audit-checkpoint',
    frequency: { milliseconds: everyMs },
    initialDelay: { milliseconds: everyMs },
    timeout: { milliseconds: Math.min(everyMs, 5 * 60_000) },
    fn: write,
  });
}
