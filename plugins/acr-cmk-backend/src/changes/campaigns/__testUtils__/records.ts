/** Records of campaigns, as tests store and decide about them. */
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { CampaignRecord, MemberRecord } from '../types';

const SUBSCRIPTION = '10000000-0000-4000-8000-000000000001';

export const CAMPAIGN = '20000000-0000-4000-8000-000000000001';

/** A campaign that runs, in its first stage. */
export const campaignWith = (
  more: Partial<CampaignRecord> = {},
): CampaignRecord => ({
  id: CAMPAIGN,
  revision: 1,
  state: 'running',
  intent: { kind: 'automatic-mode' },
  selection: { filter: {} },
  requestedBy: 'user:default/ada',
  stage: 1,
  createdAt: 1,
  ...more,
});

/** A member of that stage, which changes one registry. */
export function memberAt(
  position: number,
  more: Partial<MemberRecord> = {},
): MemberRecord {
  const name = `registry${position}`;
  const registryId = RegistryId.parse(
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );
  return {
    campaignId: CAMPAIGN,
    position,
    name,
    registryId,
    subscriptionId: SUBSCRIPTION,
    registries: [registryId],
    outcome: 'change',
    state: 'waiting',
    stage: 1,
    needs: [],
    attempt: 0,
    ...more,
  };
}
