import { registerActions } from '../api/actions';
import type { AuditIntegrity } from '../platform/audit/AuditIntegrity';
import { emitAuditorEvent } from '../platform/audit/emitAuditorEvent';
import { isDatabaseAway, isDiskFull } from '../platform/database/away';
import { DatabaseHealth } from '../platform/database/DatabaseHealth';
import { probeRoom } from '../platform/database/probeRoom';
import { createAzureEventService } from '../registries/freshness/AzureEventService';
import {
  AZURE_EVENTS_PATH,
  azureEventsRouter,
} from '../api/http/azureEventsRouter';
import { healthRouter } from '../api/http/healthRouter';
import { RequestLimit } from '../api/http/RequestLimit';
import { createRouter } from '../api/http/router';
import type { Services } from '../api/http/services';
import { sleep, wallClock } from '../platform/time/realClock';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/** The ways in: REST, Azure's events, and the actions for programs. */
export function openRoutes(
  context: Context,
  parts: {
    services: Services;
    knowledge: Knowledge;
    integrity: AuditIntegrity;
  },
): void {
  const { config, db, httpAuth, httpRouter, logger } = context;
  const { services, knowledge, integrity } = parts;
  const health = new DatabaseHealth({
    probe: () => db.raw('select 1'),
    probeRoom: () => probeRoom(db),
    sleep,
    onFull: isFull =>
      isFull
        ? logger.error(
            "The disk of the plugin's database is full: plans, acceptances and decisions are refused, and operations wait. Free space on it",
          )
        : logger.info("The disk of the plugin's database has room again"),
  });
  db.on('query-error', error => health.onError(error));
  httpRouter.use(healthRouter(health, integrity));
  const azureEvents = createAzureEventService(context, knowledge);
  if (azureEvents) {
    httpRouter.addAuthPolicy({
      path: AZURE_EVENTS_PATH,
      allow: 'unauthenticated',
    });
    httpRouter.use(azureEventsRouter(azureEvents));
  }
  const limit = new RequestLimit({
    ...context.limits,
    now: wallClock,
    wait: ms => sleep(ms, new AbortController().signal),
    onRefused: (actor, error) => {
      emitAuditorEvent(context.auditor, {
        eventId: 'limit-reached',
        actor,
        meta: { limit: error.limit },
        failure: error.message,
      }).catch(failed =>
        logger.warn('The auditor took no event of a limit', failed),
      );
    },
  });
  httpRouter.use(
    createRouter({
      services,
      limit,
      health,
      httpAuth,
      logger,
      databaseErrors: { isAway: isDatabaseAway, isDiskFull },
    }),
  );
  registerActions({
    registry: context.actionsRegistry,
    services,
    limit,
    auth: context.auth,
    revokes: config.actionsRevoke,
  });
}
