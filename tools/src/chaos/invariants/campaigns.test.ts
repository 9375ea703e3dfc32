import type { LoggedRequest } from 'azure-emulator';
import type { Campaign, CampaignReport } from 'backstage-plugin-acr-cmk-common';
import { History } from '../client/History';
import type {
  AuditRow,
  CampaignRow,
  Evidence,
  OperationRow,
} from '../evidence';
import {
  campaignMembersAreApproved,
  campaignReportsAreTrue,
  campaignsGoOn,
  campaignTargetsAreWrittenOnce,
} from './campaigns';
import type { Invariant } from './invariant';

const INVARIANTS = [
  campaignsGoOn,
  campaignTargetsAreWrittenOnce,
  campaignMembersAreApproved,
  campaignReportsAreTrue,
];

const OLIVIA = 'user:default/olivia';
const PRIYA = 'user:default/priya';
const [ONE, TWO] = ['campaigna1', 'campaigna2'];
const pathOf = (name: string) => `/subscriptions/s/registries/${name}`;
const KEY = 'https://kv.vault.azure.net/keys/';

const operation = (
  id: string,
  registryName: string,
  more: Partial<OperationRow> = {},
): OperationRow => ({
  id,
  kind: 'rotate',
  state: 'succeeded',
  registryKey: registryName,
  registryName,
  requestedBy: OLIVIA,
  origin: 'campaign',
  campaignId: 'c',
  idempotencyKey: `campaign:c:${id}`,
  createdAt: 1000,
  outputs: {},
  steps: [
    {
      position: 0,
      state: 'done',
      attempts: 1,
      spec: { kind: 'point-registry-at-key', registryId: pathOf(registryName) },
    },
  ],
  ...more,
});

const patch = (name: string, more: Partial<LoggedRequest> = {}) => ({
  time: '2026-11-25T10:00:00.000Z',
  method: 'PATCH',
  host: 'management.azure.com',
  path: pathOf(name),
  query: '',
  principal: 'rotator',
  status: 200,
  correlationId: name,
  ...more,
});

const NEED = {
  permission: 'acr-cmk.operation.approve',
  entityRef: 'resource:default/one',
};

const accepted = (operationId: string) => ({
  event: 'operation-accepted',
  actor: OLIVIA,
  operationId,
  details: { campaignId: 'c', needs: [NEED] },
});

/** Records of an operation that was approved before its first write. */
const approvedAndWritten = (operationId: string) => [
  accepted(operationId),
  {
    event: 'operation-approved',
    actor: PRIYA,
    operationId,
    details: { met: [NEED] },
  },
  { event: 'azure-write', actor: OLIVIA, operationId, details: {} },
];

const recordOf = (...rows: Omit<AuditRow, 'seq' | 'at'>[]): AuditRow[] =>
  rows.map((row, index) => ({ seq: index + 1, at: index * 1000, ...row }));

/** A campaign of two members that somebody has approved; the second one was skipped. */
function goodEvidence() {
  const campaign: CampaignRow = {
    id: 'c',
    state: 'ended',
    intent: { kind: 'automatic-mode' },
    requestedBy: OLIVIA,
    stage: 1,
    members: [
      {
        position: 1,
        registryName: ONE,
        outcome: 'change',
        state: 'succeeded',
        stage: 1,
        attempt: 0,
        operationId: '1',
      },
      {
        position: 2,
        registryName: TWO,
        outcome: 'change',
        state: 'skipped',
        stage: 1,
        attempt: 0,
      },
    ],
  };
  const report: CampaignReport = {
    campaign: { id: 'c' } as Campaign,
    records: [],
    members: campaign.members.map(
      ({ position, state, operationId, registryName }) => ({
        member: {
          position,
          name: registryName,
          registryId: pathOf(registryName),
          registries: [registryName],
          outcome: 'change',
          state,
          operationId,
        },
        approvers: [],
        records: [],
      }),
    ),
  };
  const history = new History();
  history.campaigns.push('c');
  history.wrongHashes.push({
    campaignId: 'c',
    answer: { kind: 'refused', status: 400, message: 'another hash' },
  });
  const operations = [operation('1', ONE)];
  return {
    history,
    log: [patch(ONE)],
    azure: {
      before: {
        registries: {},
        keys: {},
        accessPolicies: [],
        roleAssignments: [],
      },
      after: {
        registries: { [ONE]: { keyIdentifier: `${KEY}${ONE}` } },
        keys: {},
        accessPolicies: [],
        roleAssignments: [],
      },
    },
    pulls: { ended: {}, restored: {} },
    restoresRefused: [],
    operations,
    operationsWhenEnded: operations,
    campaigns: [campaign],
    reports: { reports: [report], exitCode: 0, output: 'agrees' },
    approvals: ['retire', 'rotate'],
    locks: [],
    audit: recordOf(...approvedAndWritten('1')),
    chain: { exitCode: 0, output: 'holds', records: 2 },
    endedByThemselves: [],
    drills: [],
    timers: [],
    inventory: [],
  } satisfies Evidence;
}

type Spoiled = ReturnType<typeof goodEvidence>;

describe('the invariants of campaigns', () => {
  it('hold for one that went well', () => {
    const evidence = goodEvidence();
    expect(INVARIANTS.flatMap(one => one.violations(evidence))).toEqual([]);
  });

  it.each<[what: string, Invariant, string, (evidence: Spoiled) => void]>([
    [
      'a start that is lost',
      campaignsGoOn,
      'campaign d was acknowledged, and is not there',
      ({ history }) => history.campaigns.push('d'),
    ],
    [
      'a member that nobody starts',
      campaignsGoOn,
      'member 2 (campaigna2) of campaign c (automatic-mode) is ready, and it is running',
      ({ campaigns: [campaign] }) => {
        campaign.state = 'running';
        campaign.members[1].state = 'ready';
      },
    ],
    [
      'an open member of a campaign that has ended',
      campaignsGoOn,
      'is approval, and it is ended',
      ({ campaigns: [campaign] }) => {
        campaign.members[1].state = 'approval';
      },
    ],
    [
      'a member that is not proven beside one that waits',
      campaignsGoOn,
      'is proving, and it is running',
      ({ campaigns: [campaign] }) => {
        campaign.state = 'running';
        campaign.members[0].state = 'proving';
        campaign.members[1].state = 'approval';
      },
    ],
    [
      'a campaign that does not end',
      campaignsGoOn,
      'campaign c is running, and all its members have ended',
      ({ campaigns: [campaign] }) => {
        campaign.state = 'running';
      },
    ],
    [
      'two operations of one member',
      campaignTargetsAreWrittenOnce,
      'was written by 1 and 2, and repeated 0 times',
      ({ operations }) => operations.push(operation('2', ONE)),
    ],
    [
      'a write that Azure got twice',
      campaignTargetsAreWrittenOnce,
      'was carried out 2 times for rotate of campaigna1 (1)',
      ({ log }) => log.push(patch(ONE)),
    ],
    [
      'a write that nobody approved',
      campaignMembersAreApproved,
      'needs acr-cmk.operation.approve',
      ({ audit }) => {
        audit.splice(1, 1);
      },
    ],
    [
      'an approval that came later',
      campaignMembersAreApproved,
      'needs acr-cmk.operation.approve',
      ({ audit }) => {
        audit[1].seq = 9;
      },
    ],
    [
      'a need that nobody has met',
      campaignMembersAreApproved,
      'needs acr-cmk.operation.approve',
      ({ audit }) => {
        audit[1].details.met = [{ ...NEED, entityRef: 'resource:default/two' }];
      },
    ],
    [
      'an approval by the requester',
      campaignMembersAreApproved,
      'was approved by its requester',
      ({ audit }) => {
        audit[1].actor = OLIVIA;
      },
    ],
    [
      'a second person who was not asked',
      campaignMembersAreApproved,
      'was not approved by a second person',
      ({ audit }) => {
        audit[0].details.needs = [];
      },
    ],
    [
      'a start with another hash',
      campaignMembersAreApproved,
      'campaign c was started with another hash',
      ({ history }) => {
        history.wrongHashes[0].answer = { kind: 'accepted', operationId: 'c' };
      },
    ],
    [
      'a report that the tool finds wrong',
      campaignReportsAreTrue,
      'The report is wrong',
      ({ reports }) => {
        reports.exitCode = 1;
        reports.output = 'The report is wrong';
      },
    ],
    [
      'a missing report',
      campaignReportsAreTrue,
      'not each started campaign has a report',
      ({ reports }) => reports.reports.pop(),
    ],
    [
      'a report of another state than the stored one',
      campaignReportsAreTrue,
      'is skipped, and its report says rejected',
      ({ reports }) => {
        reports.reports[0].members[1].member.state = 'rejected';
      },
    ],
    [
      'a success without its operation',
      campaignReportsAreTrue,
      'succeeded, and its operation is failed',
      ({ operations }) => {
        operations[0].state = 'failed';
      },
    ],
    [
      'a success that Azure has not seen',
      campaignReportsAreTrue,
      'succeeded, and Azure got no write of it',
      ({ log }) => log.pop(),
    ],
    [
      'a success without its effect',
      campaignReportsAreTrue,
      `its registry stays on ${KEY}${ONE}/${'a'.repeat(32)}`,
      ({ azure }) => {
        azure.after.registries[ONE].keyIdentifier += `/${'a'.repeat(32)}`;
      },
    ],
  ])('find %s', (_what, invariant, message, spoil) => {
    const evidence = goodEvidence();
    spoil(evidence);
    expect(invariant.violations(evidence).join('\n')).toContain(message);
  });

  it('allow a second write that a person has asked for, or that met a fault', () => {
    const evidence = goodEvidence();
    evidence.operations.push(operation('2', ONE));
    evidence.log.push(patch(ONE), patch(ONE, { fault: 'f' }));
    evidence.audit.push(
      ...recordOf(
        {
          event: 'campaign-retried',
          actor: OLIVIA,
          details: { campaignId: 'c', positions: [1] },
        },
        ...approvedAndWritten('2'),
      ).map(row => ({ ...row, seq: row.seq + 3 })),
    );
    expect(INVARIANTS.flatMap(one => one.violations(evidence))).toEqual([]);
  });
});
