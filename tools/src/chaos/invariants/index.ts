import { azureIsAsOperationsSay } from './azureIsAsOperationsSay';
import {
  campaignMembersAreApproved,
  campaignReportsAreTrue,
  campaignsGoOn,
  campaignTargetsAreWrittenOnce,
} from './campaigns';
import {
  drillsTakePlace,
  grantsAreAsBefore,
  inventoryIsAsAzure,
  timersRestoreInTime,
} from './drills';
import { endsSettle } from './endsSettle';
import { endsWithoutWritesHaveNone } from './endsWithoutWritesHaveNone';
import { everyOperationEndsOnce } from './everyOperationEndsOnce';
import type { Invariant } from './invariant';
import { nothingAcknowledgedIsLost } from './nothingAcknowledgedIsLost';
import { oneWriterAtATime } from './oneWriterAtATime';
import { proofsAreSeen } from './proofsAreSeen';
import { pullsWorkUnlessRevoked, revokedCanBeRestored } from './pulls';
import { refusalsAreTrue } from './refusalsAreTrue';
import { restoresAreExact } from './restoresAreExact';
import { auditChainIsWhole, backendsGoOn, noLockIsLeft } from './small';
import { versionsMadeAreClaimed } from './versionsMadeAreClaimed';
import { writesBelongToOperations } from './writesBelongToOperations';

export const invariants: readonly Invariant[] = [
  everyOperationEndsOnce,
  nothingAcknowledgedIsLost,
  refusalsAreTrue,
  endsWithoutWritesHaveNone,
  versionsMadeAreClaimed,
  writesBelongToOperations,
  oneWriterAtATime,
  azureIsAsOperationsSay,
  restoresAreExact,
  pullsWorkUnlessRevoked,
  revokedCanBeRestored,
  campaignsGoOn,
  campaignTargetsAreWrittenOnce,
  campaignMembersAreApproved,
  campaignReportsAreTrue,
  drillsTakePlace,
  timersRestoreInTime,
  grantsAreAsBefore,
  proofsAreSeen,
  endsSettle,
  inventoryIsAsAzure,
  noLockIsLeft,
  auditChainIsWhole,
  backendsGoOn,
];
