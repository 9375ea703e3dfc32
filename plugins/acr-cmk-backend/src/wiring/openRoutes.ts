import { registerActions } from '../api/actions';
import type { AuditIntegrity } from '../platform/audit/AuditIntegrity';
import { emitAuditorEvent } from '../platform/audit/emitAuditorEvent';
import {
  createDeliveryVerifier,
  entraKeys,
} from '../azure/credentials/deliveryToken';
import { isDatabaseAway, isDiskFull } from '../platform/database/away';
import { DatabaseHealth } from '../platform/database/DatabaseHealth';
import { probeRoom } from '../platform/database/probeRoom';
import { AzureEventService } from '../registries/freshness/AzureEventService';
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
import type { Base } from './PluginServices';

/** The ways in: REST, Azure's events, and the actions for programs. */
export function openRoutes(
  base: Base,
  parts: {
    services: Services;
    knowledge: Knowledge;
    integrity: AuditIntegrity;
  },
): void {
  const { deps, config, db } = base;
  const { services, knowledge, integrity } = parts;
  const health = new DatabaseHealth({
    probe: () => db.raw('select 1'),
    probeRoom: () => probeRoom(db),
    sleep,
    onFull: isFull =>
      isFull
        ? deps.logger.error(
            "The disk of the plugin's database is full: plans, acceptances and decisions are refused, and operations wait. Free space on it",
          )
        : deps.logger.info("The disk of the plugin's database has room again"),
  });
  db.on('query-error', error => health.onError(error));
  deps.httpRouter.use(healthRouter(health, integrity));
  if (config.events) {
    const { events, sync, background } = knowledge;
    deps.httpRouter.addAuthPolicy({
      path: AZURE_EVENTS_PATH,
      allow: 'unauthenticated',
    });
    deps.httpRouter.use(
      azureEventsRouter(
        new AzureEventService({
          verify: createDeliveryVerifier(
            { ...config.events, cloud: config.cloud },
            entraKeys(config.events.tenantId, config.cloud),
            wallClock,
          ),
          take: each => events.take(each),
          onMarked: () =>
            background.add('reading what events name', () => sync.readDirty()),
          logger: deps.logger,
          now: wallClock,
        }),
      ),
    );
  }
  const limit = new RequestLimit({
    ...config.limits,
    now: wallClock,
    wait: ms => sleep(ms, new AbortController().signal),
    onRefused: (actor, error) => {
      emitAuditorEvent(deps.auditor, {
        eventId: 'limit-reached',
        actor,
        meta: { limit: error.limit },
        failure: error.message,
      }).catch(failed =>
        deps.logger.warn('The auditor took no event of a limit', failed),
      );
    },
  });
  deps.httpRouter.use(
    createRouter({
      services,
      limit,
      health,
      httpAuth: deps.httpAuth,
      logger: deps.logger,
      databaseErrors: { isAway: isDatabaseAway, isDiskFull },
    }),
  );
  registerActions({
    registry: deps.actionsRegistry,
    services,
    limit,
    auth: deps.auth,
    revokes: config.actionsRevoke,
  });
}
