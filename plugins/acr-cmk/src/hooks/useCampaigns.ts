import type {
  Campaign,
  CampaignEstimate,
  CampaignMemberQuery,
  CampaignMembers,
  Campaigns,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import useUpdateEffect from 'react-use/esm/useUpdateEffect';
import { dataOf, type Loaded } from './loaded';
import { useChanges } from './useChanges';
import {
  useResource,
  useStaleWhileLoading,
  type StaleWhileLoading,
} from './useResource';

/** Interval at which the list of campaigns is loaded again. */
const LIST_PAUSE_MS = 30_000;
/** Interval while members are planned: their number is the progress that a person waits for. */
const PREVIEWING_PAUSE_MS = 1_000;
/** Interval while a campaign runs, beside the signals. */
export const RUNNING_PAUSE_MS = 10_000;
/** Shortest interval between requests after signals: every end of an operation sends one. */
const CHANGES_PAUSE_MS = 2_000;

/** Interval until a campaign is read again; nothing once it cannot change. */
function pauseOf({ state, retry }: Campaign): number | undefined {
  switch (state) {
    case 'previewing':
      return PREVIEWING_PAUSE_MS;
    case 'running':
    case 'paused':
      return RUNNING_PAUSE_MS;
    default:
      // Members of an ended campaign that are planned again may start it again.
      return retry?.total === undefined ? undefined : RUNNING_PAUSE_MS;
  }
}

/** The campaigns that the caller may see, newest first. */
export function useCampaigns(): StaleWhileLoading<Campaigns> {
  const { loaded, reload } = useResource<Campaigns>('campaigns', {
    load: (api, options) => api.campaigns.list(options),
    pauseAfter: () => LIST_PAUSE_MS,
  });
  useChanges('any', { reload, pauseMs: LIST_PAUSE_MS / 3 });
  return { ...useStaleWhileLoading(loaded), reload };
}

/**
 * Whether the caller may create a campaign. False until it is known.
 *
 * @param wanted - false: no request yet
 */
export function useMayCreateCampaign(wanted: boolean): boolean {
  const { loaded } = useResource<Campaigns>(
    wanted ? 'may create campaign' : undefined,
    {
      load: (api, options) => api.campaigns.list(options),
    },
  );
  return dataOf(loaded)?.mayCreate ?? false;
}

/** One campaign, live until it has ended. */
export function useCampaign(
  id: string | undefined,
): Loaded<Campaign> & { reload(): void } {
  const { loaded, reload } = useResource<Campaign>(id && `campaign ${id}`, {
    load: (api, options) => api.campaigns.get(id!, options),
    pauseAfter: pauseOf,
  });
  const token = dataOf(loaded)?.changeToken;
  useChanges(token ? [token] : [], { reload, pauseMs: CHANGES_PAUSE_MS });
  return { ...loaded, reload };
}

/** Effect of a strategy on a preview; undefined while it is not known, and where the strategy is refused. */
export function useCampaignEstimate(
  id: string,
  strategy: CampaignStrategy | undefined,
): CampaignEstimate | undefined {
  const { loaded } = useResource<CampaignEstimate>(
    strategy && JSON.stringify([id, strategy]),
    {
      load: (api, options) => api.campaigns.estimate(id, strategy!, options),
    },
  );
  return dataOf(loaded);
}

/**
 * One page of the members of a campaign.
 *
 * @param of.changed - revision of the campaign; with another one the page is read again
 * @param of.list - hash of the list that is shown; with another one the page is stale until it is read again
 */
export function useCampaignMembers(
  of: { id: string; changed: number; list?: string },
  query: CampaignMemberQuery,
): StaleWhileLoading<CampaignMembers> {
  const key = JSON.stringify([of.id, of.list, query]);
  const { loaded, reload } = useResource<CampaignMembers>(key, {
    load: (api, options) => api.campaigns.members(of.id, query, options),
  });
  useUpdateEffect(reload, [of.changed]);
  return { ...useStaleWhileLoading(loaded), reload };
}
