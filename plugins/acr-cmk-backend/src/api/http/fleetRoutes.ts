import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Response, Router } from 'express';
import { filterOf } from '../../registries/fleet/filter';
import type { CalendarRequest } from '../../registries/fleet/FleetCalendar';
import type { KeysRequest } from '../../registries/fleet/FleetKeysReader';
import type { Order } from '../../registries/fleet/order';
import type { RouteDeps } from './services';
import { streamText } from './streamText';

type Query = Record<string, string | undefined>;

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
  router.get('/v1/fleet/registries', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = req.query as Query;
    res.json(
      await services.fleet.list(
        {
          filter: filterOf(query),
          order: {
            sort: query.sort ?? 'state',
            direction: query.direction ?? 'asc',
          } as Order,
          ...pageOf(query),
        },
        credentials,
      ),
    );
  });

  /** Sends a file as it is made. */
  const sendCsv = (
    response: Response,
    { lines, name }: { lines: AsyncGenerator<string>; name: string },
  ) =>
    streamText(lines, {
      first: health.whileItAnswers(() => lines.next()),
      response,
      headers: {
        'Content-Type': 'text/csv; charset=utf-8; header=present',
        'Content-Disposition': `attachment; filename="${name}.csv"`,
        'Cache-Control': 'no-store',
      },
      logger,
    });

  router.get('/v1/fleet/registries.csv', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const filter = filterOf(req.query as Query);
    const lines = services.fleetExport.csv(filter, credentials);
    await sendCsv(res, { lines, name: 'registries' });
  });

  router.get('/v1/fleet/keys.csv', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const request = keysOf(req.query as Query);
    const lines = services.fleetExport.keysCsv(request, credentials);
    await sendCsv(res, { lines, name: 'keys' });
  });

  router.get('/v1/fleet/expiries.csv', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const request = calendarOf(req.query as Query);
    const lines = services.fleetExport.calendarCsv(request, credentials);
    await sendCsv(res, { lines, name: 'calendar' });
  });

  router.get(
    '/v1/fleet/registries/:subscription/:resourceGroup/:name',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const { subscription, resourceGroup, name } = req.params;
      const id = RegistryId.parse(
        `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
      );
      res.json(
        await services.registries.registry(id, credentials, {
          refresh: req.query.refresh === 'true',
        }),
      );
    },
  );

  router.get('/v1/fleet/summary', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const filter = filterOf(req.query as Query);
    res.json(await services.fleetCounts.summary(filter, credentials));
  });

  router.get('/v1/fleet/keys', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = req.query as Query;
    res.json(
      await services.fleetKeys.list(
        { ...keysOf(query), ...pageOf(query) },
        credentials,
      ),
    );
  });

  router.get('/v1/fleet/expiries', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const request = calendarOf(req.query as Query);
    res.json(await services.fleetCalendar.expiries(request, credentials));
  });

  router.get('/v1/fleet/waiting', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const [operations, campaigns, decidedStages] = await Promise.all([
      services.inbox.waiting(credentials),
      services.campaignApprovals.waiting(credentials),
      services.campaignApprovals.decided(credentials),
    ]);
    res.json({ ...operations, campaigns, decidedStages });
  });

  router.get('/v1/inventory/registries', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { tags, cursor, limit } = req.query as Query;
    res.json(
      await services.catalogFeed.list(
        {
          tags: tags?.split(',') ?? [],
          cursor,
          limit: Number(limit ?? IDENTITIES_LIMIT),
        },
        credentials,
      ),
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
