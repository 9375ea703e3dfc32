/** Invariants of campaigns. */
import type { CampaignMember } from 'backstage-plugin-acr-cmk-common';
import type {
  AuditRow,
  CampaignMemberRow,
  CampaignRow,
  Evidence,
  OperationRow,
  StepRow,
} from '../evidence';
import { OWN_REGISTRIES } from '../world/people';
import { type Invariant, inWords, isOpenMember } from './invariant';
import { writeOf } from './steps';
import { isRefusedWrite, isWrite, nameOf } from './writesBelongToOperations';

/** Permission of a second person who agrees. */
const APPROVE = 'acr-cmk.operation.approve';

const named = (
  { id, intent }: Pick<CampaignRow, 'id' | 'intent'>,
  { position, registryName }: CampaignMemberRow,
) => `member ${position} (${registryName}) of campaign ${id} (${intent.kind})`;

const hasWritten = ({ steps }: OperationRow) =>
  steps.some(({ attempts }) => attempts > 0);

/** Each member of each campaign with all operations that were started for it. */
function membersOf({ campaigns, operations }: Evidence) {
  return campaigns.flatMap(campaign =>
    campaign.members.map(member => ({
      campaign,
      member,
      operations: operations.filter(
        ({ campaignId, registryName }) =>
          campaignId === campaign.id && registryName === member.registryName,
      ),
    })),
  );
}

const isOfCampaign = ({ details }: AuditRow, { id }: CampaignRow) =>
  details.campaignId === id;

/** Steps that have written to registries which nothing but campaigns, or one drill, changes. */
function ownWrites({ operations }: Evidence) {
  const own: readonly string[] = OWN_REGISTRIES;
  return operations
    .filter(
      ({ campaignId, registryName }) =>
        campaignId !== undefined && own.includes(registryName),
    )
    .flatMap(operation =>
      operation.steps
        .filter(({ attempts }) => attempts > 0)
        .map(step => ({ operation, request: writeOf(step) })),
    );
}

export const campaignsGoOn: Invariant = {
  name: 'no member of a campaign is left that has neither ended nor waits for a person',
  violations: ({ campaigns, history }) => [
    ...history.campaigns
      .filter(id => !campaigns.some(one => one.id === id))
      .map(
        id => `the start of campaign ${id} was acknowledged, and is not there`,
      ),
    ...campaigns.flatMap(campaign => {
      const { state, stage, members } = campaign;
      const open = members.filter(isOpenMember);
      const hasEnded = state === 'ended' || state === 'aborted';
      // One of an earlier stage holds up those of later ones.
      const awaits =
        state === 'paused' ||
        members.some(
          one =>
            one.stage === stage &&
            (one.state === 'approval' || one.state === 'changed'),
        );
      const left = open.filter(
        one =>
          hasEnded ||
          !awaits ||
          one.state === 'running' ||
          one.state === 'proving',
      );
      return [
        ...left.map(
          one => `${named(campaign, one)} is ${one.state}, and it is ${state}`,
        ),
        ...(open.length === 0 && !hasEnded
          ? [
              `campaign ${campaign.id} is ${state}, and all its members have ended`,
            ]
          : []),
      ];
    }),
  ],
};

export const campaignTargetsAreWrittenOnce: Invariant = {
  name: 'each target of a campaign is written once, and once more where a person has it repeated',
  violations(evidence) {
    const { log, audit } = evidence;
    const twice = membersOf(evidence).flatMap(
      ({ campaign, member, operations }) => {
        const retries = audit.filter(
          row =>
            row.event === 'campaign-retried' &&
            isOfCampaign(row, campaign) &&
            row.details.positions.includes(member.position),
        ).length;
        const written = operations.filter(hasWritten);
        return written.length <= 1 + retries
          ? []
          : [
              `${named(campaign, member)} was written by ${written
                .map(({ id }) => id)
                .join(' and ')}, and repeated ${retries} times`,
            ];
      },
    );
    const writes = ownWrites(evidence);
    const requests = new Set(writes.map(({ request }) => request));
    const inLog = [...requests].flatMap(request => {
      const of = writes.filter(one => one.request === request);
      // What met a fault may have had no effect.
      const done = log.filter(
        entry =>
          isWrite(entry) &&
          !isRefusedWrite(entry) &&
          entry.fault === undefined &&
          nameOf(entry) === request,
      ).length;
      const late = audit.filter(
        ({ event, operationId }) =>
          event === 'late-write' &&
          of.some(({ operation }) => operation.id === operationId),
      ).length;
      return done <= of.length + late
        ? []
        : [
            `${request} was carried out ${done} times for ${of
              .map(({ operation }) => inWords(operation))
              .join(' and ')}`,
          ];
    });
    return [...twice, ...inLog];
  },
};

/** A need as it stands in the record. */
interface Need {
  permission: string;
  entityRef?: string;
}

const isSameNeed = (one: Need, other: Need) =>
  one.permission === other.permission && one.entityRef === other.entityRef;

/** Settings of `acrCmk.approvals` by the intents of campaigns. */
const APPROVAL = {
  'automatic-mode': 'rotate',
  'new-version': 'rotate',
  identity: 'rotate',
  'automatic-rotation': 'automaticRotation',
} as const satisfies Record<CampaignRow['intent']['kind'], string>;

export const campaignMembersAreApproved: Invariant = {
  name: 'no member of a campaign is written without the approvals that it needs',
  violations(evidence) {
    const { audit, approvals, history } = evidence;
    const unapproved = membersOf(evidence).flatMap(
      ({ campaign, member, operations }) =>
        operations.filter(hasWritten).flatMap(({ id }) => {
          const accepted = audit.find(
            ({ event, operationId }) =>
              event === 'operation-accepted' && operationId === id,
          );
          const needs: Need[] = accepted?.details.needs ?? [];
          const ofOperation = audit.filter(row => row.operationId === id);
          const firstWrite = ofOperation.find(
            ({ event }) => event === 'azure-write',
          );
          const approvalsOf = (need: Need) =>
            ofOperation.filter(
              ({ event, seq, details }) =>
                event === 'operation-approved' &&
                seq < (firstWrite?.seq ?? 0) &&
                details.met.some((met: Need) => isSameNeed(met, need)),
            );
          const who = `operation ${id} of ${named(campaign, member)}`;
          const missing = needs.flatMap(need => {
            const given = approvalsOf(need);
            if (given.length === 0) return [`${who} needs ${need.permission}`];
            return given.some(({ actor }) => actor === campaign.requestedBy)
              ? [`${who} was approved by its requester`]
              : [];
          });
          const isRequired = approvals.includes(APPROVAL[campaign.intent.kind]);
          return isRequired &&
            !needs.some(({ permission }) => permission === APPROVE)
            ? [...missing, `${who} was not approved by a second person`]
            : missing;
        }),
    );
    return [
      ...unapproved,
      ...history.wrongHashes
        .filter(({ answer }) => answer.kind === 'accepted')
        .map(
          ({ campaignId }) =>
            `campaign ${campaignId} was started with another hash than that of its preview`,
        ),
    ];
  },
};

/** Whether a line of the tool is about something that is wrong. */
const isContradiction = (line: string) =>
  line.trim() !== '' && !line.includes(' agrees with the records');

const UNCHANGED: readonly CampaignMember['state'][] = [
  'excluded',
  'rejected',
  'expired',
  'not-started',
];

export const campaignReportsAreTrue: Invariant = {
  name: 'the report of each campaign agrees with the log of Azure, and with the audit record by the tool',
  violations(evidence) {
    const { reports, log, azure } = evidence;
    const members = new Map(
      membersOf(evidence).map(one => [
        `${one.campaign.id} ${one.member.position}`,
        one,
      ]),
    );
    const own: readonly string[] = OWN_REGISTRIES;
    const arrived = new Set(
      log.filter(entry => isWrite(entry) && !isRefusedWrite(entry)).map(nameOf),
    );
    const isMissing = (step: StepRow) => {
      const request = writeOf(step);
      return (
        step.attempts > 0 && request !== undefined && !arrived.has(request)
      );
    };
    const wrong = reports.reports.flatMap(report =>
      report.members.flatMap(({ member: { position, state, operationId } }) => {
        const stored = members.get(`${report.campaign.id} ${position}`);
        if (!stored)
          return [`campaign ${report.campaign.id} has no ${position}`];
        const { campaign, member, operations } = stored;
        const who = named(campaign, member);
        const operation = operations.find(({ id }) => id === operationId);
        const found: string[] = [];
        if (state !== member.state) {
          found.push(`${who} is ${member.state}, and its report says ${state}`);
        }
        if (UNCHANGED.includes(state) && operation && hasWritten(operation)) {
          found.push(`${who} is ${state}, after ${inWords(operation)} wrote`);
        }
        if (state !== 'succeeded') return found;
        if (operation?.state !== 'succeeded') {
          return [
            ...found,
            `${who} succeeded, and its operation is ${operation?.state}`,
          ];
        }
        if (operation.steps.some(isMissing)) {
          found.push(`${who} succeeded, and Azure got no write of it`);
        }
        const key = azure.after.registries[member.registryName]?.keyIdentifier;
        if (
          campaign.intent.kind === 'automatic-mode' &&
          own.includes(member.registryName) &&
          /\/[0-9a-f]{32}$/.test(key ?? '')
        ) {
          found.push(`${who} succeeded, and its registry stays on ${key}`);
        }
        return found;
      }),
    );
    return [
      ...(reports.exitCode === 0
        ? []
        : reports.output.split('\n').filter(isContradiction)),
      ...(reports.reports.length === evidence.campaigns.length
        ? []
        : ['not each started campaign has a report']),
      ...wrong,
    ];
  },
};
