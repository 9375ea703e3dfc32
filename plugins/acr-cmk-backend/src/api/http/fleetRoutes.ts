import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import { filterOf } from '../../registries/fleet/filter';
import type { CalendarRequest } from '../../registries/fleet/FleetCalendar';
import type { KeysRequest } from '../../registries/fleet/FleetKeysReader';
import type { Order } from '../../registries/fleet/order';
import { type Query, routesByCaller } from './callers';
import type { RouteDeps } from './services';
import { streamText } from './streamText';

/** Rows of a page, unless a request says otherwise. */
const LIMIT = 50;
/** Registries of a page of identities, which are small. */
const IDENTITIES_LIMIT = 500;
/** Half a year. */
const WEEKS = 26;

/** Adds the routes of all known registries. */
export function addFleetRoutes(
  router: Router,
  { services, httpAuth, health, logger }: RouteDeps,
): void {
  const { anyone } = routesByCaller(router, httpAuth);

  anyone.get('/v1/fleet/registries', async ({ query, credentials }) => {
    const { sort = 'state', direction = 'asc' } = query;
    return services.fleet.list(
      {
        filter: filterOf(query),
        order: { sort, direction } as Order,
        ...pageOf(query),
      },
      credentials,
    );
  });

  /** Sends a file as it is made. */
  const csv = (
    name: string,
    file: string,
    linesOf: (
      query: Query,
      credentials: BackstageCredentials,
    ) => AsyncGenerator<string>,
  ) =>
    router.get(`/v1/fleet/${name}.csv`, async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const lines = linesOf(req.query as Query, credentials);
      await streamText(lines, {
        first: health.whileItAnswers(() => lines.next()),
        response: res,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8; header=present',
          'Content-Disposition': `attachment; filename="${file}.csv"`,
          'Cache-Control': 'no-store',
        },
        logger,
      });
    });

  csv('registries', 'registries', (query, credentials) =>
    services.fleetExport.csv(filterOf(query), credentials),
  );
  csv('keys', 'keys', (query, credentials) =>
    services.fleetExport.keysCsv(keysOf(query), credentials),
  );
  csv('expiries', 'calendar', (query, credentials) =>
    services.fleetExport.calendarCsv(calendarOf(query), credentials),
  );

  anyone.get(
    '/v1/fleet/registries/:subscription/:resourceGroup/:name',
    async ({ params, query, credentials }) => {
      const { subscription, resourceGroup, name } = params;
      const id = RegistryId.parse(
        `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
      );
      return services.registries.registry(id, credentials, {
        refresh: query.refresh === 'true',
      });
    },
  );

  anyone.get('/v1/fleet/summary', ({ query, credentials }) =>
    services.fleetCounts.summary(filterOf(query), credentials),
  );

  anyone.get('/v1/fleet/keys', ({ query, credentials }) =>
    services.fleetKeys.list(
      { ...keysOf(query), ...pageOf(query) },
      credentials,
    ),
  );

  anyone.get('/v1/fleet/expiries', ({ query, credentials }) =>
    services.fleetCalendar.expiries(calendarOf(query), credentials),
  );

  anyone.get('/v1/fleet/waiting', async ({ credentials }) => {
    const [operations, campaigns, decidedStages] = await Promise.all([
      services.inbox.waiting(credentials),
      services.campaignApprovals.waiting(credentials),
      services.campaignApprovals.decided(credentials),
    ]);
    return { ...operations, campaigns, decidedStages };
  });

  anyone.get('/v1/inventory/registries', async ({ query, credentials }) => {
    const { tags, cursor, limit } = query;
    return services.catalogFeed.list(
      {
        tags: tags?.split(',') ?? [],
        cursor,
        limit: Number(limit ?? IDENTITIES_LIMIT),
      },
      credentials,
    );
  });
}

function pageOf({ cursor, limit }: Query): { cursor?: string; limit: number } {
  return { cursor, limit: Number(limit ?? LIMIT) };
}

function keysOf(query: Query): Pick<KeysRequest, 'filter' | 'unused'> {
  return { filter: filterOf(query), unused: query.unused === 'true' };
}

function calendarOf(query: Query): CalendarRequest {
  return { filter: filterOf(query), weeks: Number(query.weeks ?? WEEKS) };
}
