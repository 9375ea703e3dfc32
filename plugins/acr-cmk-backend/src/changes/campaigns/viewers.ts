import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { authorityOf, isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { ConcernedEntity } from './CampaignStore';
import type { CampaignParts } from './parts';
import type { CampaignRecord } from './types';

/** The reader of a campaign. */
export interface Viewer {
  credentials: UserCredentials;
  isRequester: boolean;
  mayCreate: boolean;
  mayCommand: boolean;
  /** Lower-cased refs of the entities whose members they may see. Absent where they see all. */
  entityRefs?: readonly string[];
}

type Parts = Pick<CampaignParts, 'store' | 'permissionChecker'>;

/** Entities of members that the caller may read, or for whose members they may give an approval. */
async function concerned(
  campaignIds: readonly string[],
  credentials: UserCredentials,
  { store, permissionChecker }: Parts,
): Promise<ConcernedEntity[]> {
  const entities = await store.concernedEntities(campaignIds);
  const authoritiesOf = ({ entityRef, needs }: ConcernedEntity) => [
    { permission: registryReadPermission, entityRef },
    ...needs.map(authorityOf),
  ];
  const isHeld = await permissionChecker.heldAmong(
    entities.flatMap(authoritiesOf),
    credentials,
  );
  return entities.filter(one => authoritiesOf(one).some(isHeld));
}

/**
 * The caller as the reader of started campaigns, by their ids; without those that they may not see. The requester, and
 * callers with acr-cmk.campaign.create, see all members; others those of entities that they may read, or whose approval
 * they may give.
 */
export async function viewersOf(
  campaigns: readonly CampaignRecord[],
  {
    credentials,
    mayCreate,
  }: { credentials: UserCredentials; mayCreate: boolean },
  parts: Parts,
): Promise<ReadonlyMap<string, Viewer>> {
  const viewers = new Map<string, Viewer>();
  const others: string[] = [];
  const mayCommand = mayCreate;
  for (const { id, requestedBy } of campaigns) {
    const isRequester = isCaller(credentials, requestedBy);
    if (isRequester || mayCommand) {
      viewers.set(id, { credentials, isRequester, mayCreate, mayCommand });
    } else {
      others.push(id);
    }
  }
  if (others.length === 0) return viewers;
  for (const { campaignId, entityRef } of await concerned(
    others,
    credentials,
    parts,
  )) {
    const known = viewers.get(campaignId)?.entityRefs ?? [];
    viewers.set(campaignId, {
      credentials,
      isRequester: false,
      mayCreate,
      mayCommand,
      entityRefs: [...new Set([...known, entityRef])],
    });
  }
  return viewers;
}
