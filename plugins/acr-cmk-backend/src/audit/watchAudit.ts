import type {
  AuditorService,
  LifecycleService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../database/clock';
import { AuditIntegrity } from './AuditIntegrity';
import type { AuditLog } from './AuditLog';
import { CheckpointWriter, keyIdOf } from './checkpoints';

/** Interval at which each process checks the chain. */
const CHECK_EVERY = { minutes: 1 };

/**
 * Watches the audit chain from now on: it is checked at once and every minute, new operations are
 * refused while it is broken, and checkpoints are sent where there is a key to sign them with.
 */
export async function watchAudit(options: {
  db: Knex;
  clock: Clock;
  audit: AuditLog;
  checkpoints?: { signingKey: KeyObject; everyMs: number };
  auditor: AuditorService;
  logger: LoggerService;
  lifecycle: LifecycleService;
  scheduler: SchedulerService;
}): Promise<AuditIntegrity> {
  const { db, clock, audit, auditor, logger, scheduler } = options;
  const integrity = new AuditIntegrity({
    db,
    audit,
    clock,
    onBreak: async ({ seq, why }) => {
      const message = `The audit record is damaged: record ${seq} ${why}`;
      logger.error(
        `${message}. Nothing is accepted or approved until it is acknowledged (docs/audit.md)`,
      );
      const event = await auditor.createEvent({
        eventId: 'audit-break',
        severityLevel: 'critical',
        meta: { seq, why },
      });
      await event.fail({ error: new Error(message) });
    },
  });
  audit.guardWith(trx => integrity.assertIntact(trx));
  await integrity.check();
  await scheduler.scheduleTask({
    id: 'acr-cmk-audit-integrity',
    // Each process knows for itself what it has seen.
    scope: 'local',
    frequency: CHECK_EVERY,
    initialDelay: CHECK_EVERY,
    timeout: { minutes: 5 },
    fn: async () => {
      await integrity.check();
    },
  });
  await sendCheckpoints(options, integrity);
  return integrity;
}

async function sendCheckpoints(
  options: Parameters<typeof watchAudit>[0],
  integrity: AuditIntegrity,
): Promise<void> {
  const { checkpoints, auditor, logger } = options;
  if (!checkpoints) {
    logger.info(
      'Checkpoints of the audit record: off. Set acrCmk.audit.checkpoints to turn them on',
    );
    return;
  }
  const { signingKey, everyMs } = checkpoints;
  logger.info(
    `Checkpoints of the audit record: every ${
      everyMs / 60_000
    } minutes, signed with the key ${keyIdOf(signingKey)}`,
  );
  const writer = new CheckpointWriter({
    audit: options.audit,
    integrity,
    clock: options.clock,
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
        'No checkpoint was written, because the audit record is damaged',
      );
    }
  };
  options.lifecycle.addStartupHook(write);
  await options.scheduler.scheduleTask({
    id: 'acr-cmk-audit-checkpoint',
    frequency: { milliseconds: everyMs },
    initialDelay: { milliseconds: everyMs },
    timeout: { minutes: 5 },
    fn: write,
  });
}
