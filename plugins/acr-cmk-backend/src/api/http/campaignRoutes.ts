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
import { originOf } from './originOf';
import type { RouteDeps } from './services';

type Query = Record<string, string | undefined>;

/** Members of a page, unless a request says otherwise. */
const LIMIT = 50;

/** Adds the routes of campaigns. */
export function addCampaignRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  router.post('/v1/campaigns', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const change = campaignChangeOf(
      req.body as CampaignRequest,
      services.plans.cloud,
    );
    const { id } = await services.campaignService.create(change, {
      credentials,
      origin: originOf(credentials, req),
      http: req,
    });
    res.status(201).location(`v1/campaigns/${id}`);
    res.json(await services.campaigns.campaign(id, credentials));
  });

  router.get('/v1/campaigns', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(await services.campaigns.list(credentials));
  });

  router.get('/v1/campaigns/:id', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(await services.campaigns.campaign(req.params.id, credentials));
  });

  router.get('/v1/campaigns/:id/members', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { outcome, state, stage, mine, cursor, limit } = req.query as Query;
    res.json(
      await services.campaigns.members(
        req.params.id,
        {
          outcomes: outcome?.split(',') as CampaignOutcome[] | undefined,
          states: state?.split(',') as CampaignMemberState[] | undefined,
          stage: stage === undefined ? undefined : Number(stage),
          mine: mine === 'true',
          cursor,
          limit: Number(limit ?? LIMIT),
        },
        credentials,
      ),
    );
  });

  router.post('/v1/campaigns/:id/estimate', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(
      await services.campaignService.estimate(
        req.params.id,
        req.body as CampaignStrategy,
        credentials,
      ),
    );
  });

  router.post('/v1/campaigns/:id/start', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id } = await services.campaignService.start(
      req.params.id,
      req.body as CampaignStart,
      { credentials, origin: originOf(credentials, req), http: req },
    );
    res.json(await services.campaigns.campaign(id, credentials));
  });

  for (const command of ['pause', 'resume', 'abort', 'retry'] as const) {
    router.post(`/v1/campaigns/:id/${command}`, async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const { id } = await services.campaignControls.command(
        req.params.id,
        command,
        {
          ...(req.body as CampaignCommand),
          credentials,
          origin: originOf(credentials, req),
          http: req,
        },
      );
      res.json(await services.campaigns.campaign(id, credentials));
    });
  }

  router.post('/v1/campaigns/:id/members/:position/skip', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id } = await services.campaignControls.skip(
      req.params.id,
      Number(req.params.position),
      {
        ...(req.body as CampaignCommand),
        credentials,
        origin: originOf(credentials, req),
        http: req,
      },
    );
    res.json(await services.campaigns.campaign(id, credentials));
  });

  router.post('/v1/campaigns/:id/stages/:stage/decision', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id } = await services.campaignDecisions.decide(
      req.params.id,
      {
        stage: Number(req.params.stage),
        decision: req.body as CampaignDecision,
      },
      { credentials, origin: originOf(credentials, req), http: req },
    );
    res.json(await services.campaigns.campaign(id, credentials));
  });

  router.get('/v1/campaigns/:id/report', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(
      await services.campaignReporter.report(req.params.id, credentials),
    );
  });

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
