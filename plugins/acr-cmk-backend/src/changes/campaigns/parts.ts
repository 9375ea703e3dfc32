import type { UserCredentials } from '../gate/Gate';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { RequestRecorder } from '../gate/RequestRecorder';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { ApprovalStore } from '../../engine/ApprovalStore';
import type { BackgroundPlanning } from './BackgroundPlanning';
import type { CampaignStore } from './CampaignStore';
import type { HoldMembers } from './holdMembers';
import type { CampaignRecord } from './types';

/** Parts that the services of campaigns share. Each service picks the ones that it uses. */
export interface CampaignParts {
  store: CampaignStore;
  holdMembers: HoldMembers;
  planning: BackgroundPlanning;
  /** Decisions about operations. */
  approvals: ApprovalStore;
  catalog: CatalogLinks;
  permissionChecker: PermissionChecker;
  recorder: RequestRecorder;
  /** @throws CampaignUnknown when the caller may not see it */
  record(id: string, credentials: UserCredentials): Promise<CampaignRecord>;
  /** A campaign has changed: open pages may look, and people may be notified. */
  changed(id: string): void;
  /** A person has changed a campaign: the runner may look as well. */
  changedByPerson(id: string): void;
}
