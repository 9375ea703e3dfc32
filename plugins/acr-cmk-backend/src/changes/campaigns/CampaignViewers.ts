import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { authorityOf, isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { CampaignStore, ConcernedEntity } from './CampaignStore';
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

interface CampaignViewersDeps {
  store: Pick<CampaignStore, 'concernedEntities'>;
  permissionChecker: PermissionChecker;
}

/**
 * Decides what a person may see of started campaigns. The requester, and callers with acr-cmk.campaign.create, see all
 * members; others those of entities that they may read, or whose approval they may give.
 */
export class CampaignViewers {
  readonly #deps: CampaignViewersDeps;

  constructor(deps: CampaignViewersDeps) {
    this.#deps = deps;
  }

  /** The caller as the reader of started campaigns, by their ids; without those that they may not see. */
  async of(
    campaigns: readonly CampaignRecord[],
    {
      credentials,
      mayCreate,
    }: { credentials: UserCredentials; mayCreate: boolean },
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
    const concerned = await this.#deps.store.concernedEntities(others);
    const readable = await this.#readable(concerned, credentials);
    for (const { campaignId, entityRef } of readable) {
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

  /** Entities that the caller may read, or for whose members they may give an approval. */
  async #readable(
    concerned: readonly ConcernedEntity[],
    credentials: UserCredentials,
  ): Promise<ConcernedEntity[]> {
    const authoritiesOf = ({ entityRef, needs }: ConcernedEntity) => [
      { permission: registryReadPermission, entityRef },
      ...needs.map(authorityOf),
    ];
    const isHeld = await this.#deps.permissionChecker.heldAmong(
      concerned.flatMap(authoritiesOf),
      credentials,
    );
    return concerned.filter(one => authoritiesOf(one).some(isHeld));
  }
}
