import {
  apiUnion,
  apiZod,
  type Campaign,
  type CampaignMember,
} from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';
import { campaignChangeOf } from '../../changes/campaigns/request';
import type { ActionDeps } from './deps';

/** Members of one answer: as many as an assistant reads with profit. */
const LIMIT = 50;

const INTENTS = [
  'CampaignAutomaticMode',
  'CampaignNewVersion',
  'CampaignAutomaticRotation',
  'CampaignIdentity',
] as const;

export function registerPreviewCampaign({
  registry,
  services,
  person,
}: ActionDeps): void {
  registry.register({
    name: 'preview-campaign',
    title: 'Preview a campaign',
    description: `One change to many registries or keys: what it would change, what is so already, what is blocked and why, and who would have to agree. Answers at once with the id of a preview; its members are planned in the background. It writes nothing to Azure.

Use it when a person wants the same change for many registries, such as to have all pinned ones follow new versions. Then use get-campaign until "state" is "preview", and show the person its counts. Only a person can start the campaign, on its page in the portal. For one registry, use plan-key-operation. Needs the permission acr-cmk.campaign.create. "selection" has exactly one of "registryIds", "filter" and "keys". A new preview takes the place of one that is still being planned.

Example: {"intent":{"kind":"automatic-mode"},"selection":{"filter":{"mode":"manual"}}} previews the switch of all registries in manual mode to automatic version mode.`,
    attributes: { readOnly: true, destructive: false, idempotent: false },
    examples: [
      {
        title: 'Have all registries in manual mode follow new versions',
        input: {
          intent: { kind: 'automatic-mode' },
          selection: { filter: { mode: 'manual' } },
        },
      },
      {
        title: 'A rotation policy for all keys of a vault',
        input: {
          intent: {
            kind: 'automatic-rotation',
            policy: { timeAfterCreate: 'P90D' },
          },
          selection: { filter: { vault: 'kv-contoso-rbac' } },
        },
      },
    ],
    schema: {
      input: z =>
        z
          .object({
            intent: apiUnion(z, INTENTS),
            selection: apiZod(z, 'CampaignSelection'),
          })
          .strict(),
      output: z => z.object(campaignFields(z)),
    },
    async action({ input, credentials }) {
      const requester = person(credentials);
      const { id } = await services.campaignPreviews.create(
        campaignChangeOf(input, services.plans.cloud),
        { credentials: requester, origin: 'program' },
      );
      return {
        output: toOutput(await services.campaigns.campaign(id, requester)),
      };
    },
  });
}

export function registerGetCampaign({
  registry,
  services,
  person,
}: ActionDeps): void {
  registry.register({
    name: 'get-campaign',
    title: 'Get a campaign',
    description: `A campaign or its preview: its state, counts by outcome, and its members with what changes on each, or why it does not.

Use it to follow a preview of preview-campaign until "state" is "preview", or a campaign that a person has started. It changes nothing. "total" counts all members that match; ask again with "cursor" set to "nextCursor" for more. Do not ask more than once in five seconds.

Example: {"campaignId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10","outcome":["blocked"]} lists what the campaign cannot change.`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    examples: [
      {
        title: 'What a campaign cannot change',
        input: {
          campaignId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
          outcome: ['blocked', 'unlinked'],
        },
      },
    ],
    schema: {
      input: z =>
        z
          .object({
            campaignId: apiZod(z, 'Uuid'),
            outcome: z
              .array(apiZod(z, 'CampaignOutcome'))
              .describe('Members with any of these outcomes of the preview')
              .optional(),
            state: z
              .array(apiZod(z, 'CampaignMemberState'))
              .describe('Members in any of these states')
              .optional(),
            cursor: z
              .string()
              .max(800)
              .describe('nextCursor of the answer before')
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          ...campaignFields(z),
          members: z.array(
            z.object({
              name: z.string(),
              outcome: z.string(),
              state: z.string(),
              stage: z.number().optional(),
              before: z.string().optional(),
              after: z.string().optional(),
              message: z.string().optional(),
              approvals: z
                .array(z.string())
                .describe('Reasons for which somebody else has to agree'),
              operationId: z.string().optional(),
            }),
          ),
          total: z.number(),
          nextCursor: z.string().optional(),
        }),
    },
    async action({ input, credentials }) {
      const { campaignId, outcome, state, cursor } = input;
      const reader = person(credentials);
      const [campaign, members] = await Promise.all([
        services.campaigns.campaign(campaignId, reader),
        services.campaigns.members(
          campaignId,
          { outcomes: outcome, states: state, cursor, limit: LIMIT },
          reader,
        ),
      ]);
      return {
        output: {
          ...toOutput(campaign),
          members: members.items.map(toMember),
          total: members.total,
          nextCursor: members.nextCursor,
        },
      };
    },
  });
}

function campaignFields(z: typeof zod) {
  return {
    campaignId: z.string(),
    state: z
      .string()
      .describe(
        'previewing, preview, interrupted, running, paused, ended or aborted',
      ),
    title: z.string(),
    message: z.string().optional(),
    outcomes: z.record(z.number()).describe('Members by outcome'),
    states: z.record(z.number()).describe('Members by state'),
    writes: z.number().describe('Writes to Azure').optional(),
    estimatedSeconds: z.number().optional(),
    requestedBy: z.string(),
  };
}

function toOutput(campaign: Campaign) {
  return {
    ...campaign,
    campaignId: campaign.id,
    outcomes: Object.fromEntries(
      campaign.outcomes.map(({ outcome, count }) => [outcome, count]),
    ),
    states: Object.fromEntries(
      campaign.states.map(({ state, count }) => [state, count]),
    ),
  };
}

function toMember({ needs = [], ...member }: CampaignMember) {
  return {
    ...member,
    approvals: needs
      .filter(({ by }) => by === undefined)
      .map(({ because }) => because),
  };
}
