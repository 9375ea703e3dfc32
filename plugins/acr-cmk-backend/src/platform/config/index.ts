export { Backends } from './Backends';
export type { ApprovalSettings } from './Backends';
export type {
  CampaignFreeze,
  CampaignsConfig,
  CampaignWindow,
} from './campaigns';
export { approvalSetting, readConfig, settings } from './readConfig';
export type {
  AcrCmkConfig,
  Approvers,
  NotificationsConfig,
} from './readConfig';
export {
  entitiesOfGroup,
  entitiesOfIdentity,
  entitiesOfKey,
  inScope,
  subscriptionsOf,
  vaultNameAllowed,
} from './scope';
export type { Scope } from './scope';
export { describeCredentials } from './describeCredentials';
export { InvalidConfiguration } from './InvalidConfiguration';
export { misplacedBlocks } from './misplacedBlocks';
export { openConfiguration } from './openConfiguration';
export type { MisplacedBlock } from './misplacedBlocks';
