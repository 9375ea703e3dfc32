import type {
  CampaignCommand,
  CampaignDecision,
  CampaignMemberState,
  CampaignOutcome,
  CampaignRequest,
  CampaignStart,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import { campaignChangeOf } from '../../changes/campaigns/request';
import { type PersonsCall, routesByCaller } from './callers';
import type { RouteDeps } from './services';

/** Members of a page, unless a request says otherwise. */
const LIMIT = 50;

/** Adds the routes of campaigns. */
export function addCampaignRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  const { people } = routesByCaller(router, httpAuth);
  const { campaigns, campaignPreviews, campaignControls } = services;

  people.post('/v1/campaigns', async ({ req, res, caller, credentials }) => {
    const change = campaignChangeOf(
      req.body as CampaignRequest,
      services.plans.cloud,
    );
    const { id } = await campaignPreviews.create(change, caller);
    res.status(201).location(`v1/campaigns/${id}`);
    return campaigns.campaign(id, credentials);
  });

  people.get('/v1/campaigns', ({ credentials }) => campaigns.list(credentials));

  people.get('/v1/campaigns/:id', ({ params, credentials }) =>
    campaigns.campaign(params.id, credentials),
  );

  people.get(
    '/v1/campaigns/:id/members',
    async ({ params, query, credentials }) => {
      const { outcome, state, stage, mine, cursor, limit } = query;
      return campaigns.members(
        params.id,
        {
          outcomes: outcome?.split(',') as CampaignOutcome[] | undefined,
          states: state?.split(',') as CampaignMemberState[] | undefined,
          stage: stage === undefined ? undefined : Number(stage),
          mine: mine === 'true',
          cursor,
          limit: Number(limit ?? LIMIT),
        },
        credentials,
      );
    },
  );

  people.post('/v1/campaigns/:id/estimate', ({ req, params, credentials }) =>
    campaignPreviews.estimate(
      params.id,
      req.body as CampaignStrategy,
      credentials,
    ),
  );

  /** Changes of a campaign are answered with the campaign. */
  const change = (
    path: string,
    work: (call: PersonsCall) => Promise<{ id: string }>,
  ) =>
    people.post(`/v1/campaigns/:id/${path}`, async call => {
      const { id } = await work(call);
      return campaigns.campaign(id, call.credentials);
    });

  change('start', ({ req, params, caller }) =>
    services.campaignStarts.start(params.id, req.body as CampaignStart, caller),
  );

  for (const command of ['pause', 'resume', 'abort', 'retry'] as const) {
    change(command, ({ req, params, caller }) =>
      campaignControls.command(params.id, command, {
        ...(req.body as CampaignCommand),
        ...caller,
      }),
    );
  }

  change('members/:position/skip', ({ req, params, caller }) =>
    campaignControls.skip(params.id, Number(params.position), {
      ...(req.body as CampaignCommand),
      ...caller,
    }),
  );

  change('stages/:stage/decision', ({ req, params, caller }) =>
    services.campaignDecisions.decide(
      params.id,
      {
        stage: Number(params.stage),
        decision: req.body as CampaignDecision,
      },
      caller,
    ),
  );

  people.get('/v1/campaigns/:id/report', ({ params, credentials }) =>
    services.campaignReporter.report(params.id, credentials),
  );

  router.get('/v1/campaigns/:id/report.csv', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id } = req.params;
    const csv = await services.campaignReporter.csv(id, credentials);
    res
      .attachment(`campaign-${id}.csv`)
      .set('Content-Type', 'text/csv; charset=utf-8; header=present')
      .send(csv);
  });
}
