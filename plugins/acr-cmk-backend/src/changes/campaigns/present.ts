/** Campaigns and needs as the API shows them. Pure. */
import {
  assertNever,
  type Campaign,
  type CampaignIntent,
  type CampaignMember,
  type CampaignMemberState,
  type CampaignOutcome,
  type CampaignStage,
  DEFAULT_CAMPAIGN_STRATEGY,
  type Need,
} from 'backstage-plugin-acr-cmk-common';
import { isoTime } from '../../platform/database/clock';
import type { StoredNeed } from '../../engine/types';
import type { Viewer } from './viewers';
import {
  endInWords,
  NOT_AGAIN,
  NOT_PROVEN,
  standstillInWords,
  WORSE,
} from './inWords';
import { RETRIED, UNBEGUN } from './memberStates';
import { isOfKeys } from './selection';
import { stagesOf } from './stages';
import type {
  CampaignRecord,
  CampaignRetry,
  MemberCount,
  MemberRecord,
} from './types';

const timesOf = ({
  startedAt,
  endedAt,
}: Pick<CampaignRecord, 'startedAt' | 'endedAt'>) => ({
  ...(startedAt !== undefined && { startedAt: isoTime(startedAt) }),
  ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
});

/** A stored need as the API names it, whoever reads it. */
export const toNeed = ({
  permission,
  entityRef,
  because,
  by,
  at,
}: StoredNeed): Need => ({
  permission,
  ...(entityRef && { entityRef }),
  because,
  ...(by && { by }),
  ...(at !== undefined && { at: isoTime(at) }),
});

/** Names that somebody may see. */
export interface SeenOfMembers {
  /** Lower-cased refs. */
  entities: ReadonlySet<string>;
  /** Keys of registries that change with another one. */
  registries: ReadonlySet<string>;
}

/** As it is in JSON. */
const withoutUndefined = <T extends object>(value: T): T =>
  JSON.parse(JSON.stringify(value));

/** The member as observed at its end. What failed may have written something. */
const observedOf = ({ state, after }: MemberRecord): string | undefined => {
  if (state === 'succeeded') return after;
  return state === 'failed' || state === 'unverified'
    ? 'Not confirmed'
    : undefined;
};

/** A member with all that is known of it. */
export const presentMember = (member: MemberRecord): CampaignMember =>
  withoutUndefined({
    position: member.position,
    name: member.name,
    registryId: member.registryId.toString(),
    keyIdentifier: member.key?.toString(),
    entityRef: member.entityRef,
    owner: member.owner,
    registries: member.registries.map(({ name }) => name),
    outcome: member.outcome,
    stage: member.stage,
    state: member.state,
    before: member.before,
    after: member.after,
    observed: observedOf(member),
    message: member.message,
    needs: member.needs.length > 0 ? member.needs.map(toNeed) : undefined,
    operationId: member.operationId,
    ...timesOf(member),
  });

/** A member without the names that its reader may not see. */
export function withoutHidden(
  shown: CampaignMember,
  { registryId, registries }: Pick<MemberRecord, 'registryId' | 'registries'>,
  seen: SeenOfMembers,
): CampaignMember {
  const visible = (ref: string | undefined) =>
    ref !== undefined && seen.entities.has(ref.toLowerCase()) ? ref : undefined;
  return withoutUndefined({
    ...shown,
    entityRef: visible(shown.entityRef),
    owner: visible(shown.owner),
    registries: registries
      .filter(({ key }) => key === registryId.key || seen.registries.has(key))
      .map(({ name }) => name),
    needs: shown.needs?.map(need =>
      need.entityRef === visible(need.entityRef)
        ? need
        : { ...need, entityRef: undefined, hiddenEntity: true },
    ),
  });
}

/** Whether a campaign was aborted, and waits for the operations under way. */
const isAborting = ({ state, pause }: CampaignRecord) =>
  state === 'paused' && pause?.aborts === true;

/** Message of a campaign that its limit has paused, without the numbers of others' members. */
const TOO_MANY_FAILED =
  'More members failed than its strategy allows. Nothing new starts';

/** Sums of counts by a value, in the order in which values come first. */
function summed<T extends string>(
  counts: readonly MemberCount[],
  valueOf: (count: MemberCount) => T,
): [value: T, count: number][] {
  const sums = new Map<T, number>();
  for (const one of counts) {
    const value = valueOf(one);
    sums.set(value, (sums.get(value) ?? 0) + one.count);
  }
  return [...sums];
}

const statesOf = (counts: readonly MemberCount[]) =>
  summed(counts, ({ state }) => state).map(([state, count]) => ({
    state,
    count,
  }));

/** The part of a campaign that is the same for all who may see it. Pure. */
export function campaignInShort(
  campaign: CampaignRecord,
  counts: readonly MemberCount[],
  of: { areAll?: boolean } = {},
): Omit<Campaign, 'revision' | 'offers'> {
  const { hash, strategy, reason, totals } = campaign;
  const message = messageOf(campaign, counts, of);
  return {
    id: campaign.id,
    state: campaign.state,
    ...(isAborting(campaign) && { aborting: true }),
    title: titleOf(campaign, counts),
    ...(message && { message }),
    intent: campaign.intent,
    ...(strategy && { strategy }),
    ...(hash && { hash }),
    requestedBy: campaign.requestedBy,
    ...(reason && { reason }),
    createdAt: isoTime(campaign.createdAt),
    ...timesOf(campaign),
    outcomes: summed(counts, ({ outcome }) => outcome).map(
      ([outcome, count]) => ({ outcome, count }),
    ),
    states: statesOf(counts),
    ...(totals && {
      registries: totals.registries,
      writes: totals.writes,
      estimatedSeconds: totals.seconds,
    }),
    stages: stagesIn(campaign, counts),
  };
}

/** The part of a campaign for somebody who sees some of its members. Counts are of these; how many others there are is not shown. */
export function campaignToOwner(
  campaign: CampaignRecord,
  counts: readonly MemberCount[],
): Omit<Campaign, 'revision' | 'offers'> {
  const { pause } = campaign;
  const { strategy, registries, writes, estimatedSeconds, stages, ...shown } =
    campaignInShort(
      {
        ...campaign,
        ...(pause &&
          pause.by === undefined && {
            pause: { ...pause, message: TOO_MANY_FAILED },
          }),
      },
      counts,
      { areAll: false },
    );
  return { ...shown, stages: stages.filter(({ members }) => members > 0) };
}

/** Reason why nothing could be retried, for the requester alone: it may name what others may not see. */
export function retryOf(
  retry: CampaignRetry,
  { isRequester }: Pick<Viewer, 'isRequester'>,
): Campaign['retry'] {
  if (retry.until === undefined) {
    return isRequester ? { problem: retry.problem } : undefined;
  }
  return { planned: retry.planned, total: retry.total };
}

/** Cause in a sentence for which the current stage of an open campaign waits. */
export function waitingOf(
  { state, stage, waitingFor }: CampaignRecord,
  { stages, message }: Pick<Campaign, 'stages' | 'message'>,
): string | undefined {
  switch (state) {
    case 'paused':
      return message;
    case 'running':
      return (
        waitingFor ??
        standstillInWords(
          stages.find(({ number }) => number === stage)?.states ?? [],
        )
      );
    default:
      return undefined;
  }
}

export const sumOf = (counts: readonly MemberCount[]) =>
  counts.reduce((sum, { count }) => sum + count, 0);

const numberOf = (count: number, [one, many]: readonly [string, string]) =>
  `${count} ${count === 1 ? one : many}`;

function nounOf(intent: CampaignIntent): readonly [string, string] {
  return isOfKeys(intent) ? ['key', 'keys'] : ['registry', 'registries'];
}

function titleOf(
  { intent, state }: CampaignRecord,
  counts: readonly MemberCount[],
): string {
  const all =
    state === 'previewing' || state === 'interrupted'
      ? counts
      : counts.filter(({ outcome }) => outcome === 'change');
  const members = numberOf(sumOf(all), nounOf(intent));
  switch (intent.kind) {
    case 'automatic-mode':
      return `Switch ${members} to automatic version mode`;
    case 'new-version':
      return `Make a new version of ${members}`;
    case 'automatic-rotation':
      return `Set up automatic rotation of ${members}`;
    case 'identity':
      return `Change the identity of ${members}`;
    default:
      return assertNever(intent);
  }
}

/** Title for somebody who is to know of so many of its members alone. */
export const titleOfSome = (campaign: CampaignRecord, count: number) =>
  titleOf(campaign, [{ state: 'waiting', outcome: 'change', count }]);

const OUTCOMES: readonly [CampaignOutcome, string][] = [
  ['change', 'will change'],
  ['already', 'already so'],
  ['blocked', 'blocked'],
  ['unlinked', 'unlinked'],
];

function messageOf(
  { state, problem, pause, stage, strategy }: CampaignRecord,
  counts: readonly MemberCount[],
  of: { areAll?: boolean },
): string | undefined {
  const countOf = (wanted: CampaignOutcome) =>
    sumOf(counts.filter(({ outcome }) => outcome === wanted));
  const staged = counts.filter(one => one.stage !== undefined);
  switch (state) {
    case 'previewing': {
      const all = sumOf(counts);
      return `${all - countOf('pending')} of ${all} members are planned`;
    }
    case 'preview':
      return OUTCOMES.filter(([outcome]) => countOf(outcome) > 0)
        .map(([outcome, words]) => `${countOf(outcome)} ${words}`)
        .join(', ');
    case 'interrupted':
      return problem;
    case 'running':
      return `Stage ${stage} of ${strategy?.stages.length ?? stage}`;
    case 'paused':
      return pause?.message;
    case 'ended':
    case 'aborted':
      return `${endInWords(staged, of)}${state === 'aborted' && pause ? `. ${pause.message}` : ''}`;
    default:
      return assertNever(state);
  }
}

/** Stages of a started campaign, or of a preview with the default strategy. */
function stagesIn(
  campaign: CampaignRecord,
  counts: readonly MemberCount[],
): CampaignStage[] {
  const { strategy, state } = campaign;
  if (!strategy) {
    return state === 'preview' ? stagesOfPreview(counts) : [];
  }
  return strategy.stages.map((_, index) => {
    const number = index + 1;
    const ofStage = counts.filter(({ stage }) => stage === number);
    const isCurrent = number === campaign.stage;
    return {
      number,
      state: stateOfStage(campaign, number),
      members: sumOf(ofStage),
      states: statesOf(ofStage),
      ...(isCurrent &&
        campaign.soakUntil !== undefined && {
          soakUntil: isoTime(campaign.soakUntil),
        }),
    };
  });
}

function stagesOfPreview(counts: readonly MemberCount[]): CampaignStage[] {
  const length = sumOf(counts.filter(({ outcome }) => outcome === 'change'));
  const members = Array.from({ length }, (_, index) => ({
    position: index + 1,
    subscriptionId: '',
  }));
  return stagesOf(members, DEFAULT_CAMPAIGN_STRATEGY).positions.map(
    (positions, index) => ({
      number: index + 1,
      state: 'waiting',
      members: positions.length,
      states: [{ state: 'waiting', count: positions.length }],
    }),
  );
}

function stateOfStage(
  { state, stage, stageOpenedAt, soakUntil }: CampaignRecord,
  number: number,
): CampaignStage['state'] {
  if (state === 'ended' || state === 'aborted' || number < stage) {
    return 'ended';
  }
  if (number > stage || stageOpenedAt === undefined) return 'waiting';
  return soakUntil === undefined ? 'open' : 'soaking';
}

/** Commands that the caller may give now, but decisions about approvals. */
export function offersTo(
  { isRequester, mayCreate, mayCommand }: Viewer,
  campaign: CampaignRecord,
  counts: readonly MemberCount[],
): Campaign['offers'] {
  const { state } = campaign;
  const hasState = (states: ReadonlySet<CampaignMemberState>) =>
    counts.some(({ state: one }) => states.has(one));
  const isOpen = state === 'running' || state === 'paused';
  const goesOn = isOpen && mayCommand && !isAborting(campaign);
  const mayStart = isRequester && mayCreate;
  const offers: readonly [Campaign['offers'][number], boolean][] = [
    [
      'start',
      state === 'preview' &&
        mayStart &&
        counts.some(({ outcome }) => outcome === 'change'),
    ],
    ['pause', goesOn && state === 'running'],
    ['resume', goesOn && state === 'paused' && isRequester],
    ['abort', goesOn],
    [
      'retry',
      ((goesOn && isRequester) || (state === 'ended' && mayStart)) &&
        hasState(RETRIED),
    ],
    ['skip', goesOn && hasState(UNBEGUN)],
    [
      'report',
      isRequester && (isOpen || state === 'ended' || state === 'aborted'),
    ],
  ];
  return offers.flatMap(([offer, isMade]) => (isMade ? [offer] : []));
}

/** Words after which a message is for the requester alone: it may name what others may not see. */
const FOR_REQUESTER = new RegExp(
  `(${NOT_AGAIN}|${WORSE}|${NOT_PROVEN}).*`,
  's',
);

/** Message of a member, as far as its reader may know it. */
export function messageFor(
  { state, message }: MemberRecord,
  isRequester: boolean,
): string | undefined {
  if (isRequester) return message;
  if (state === 'excluded') return undefined;
  return message?.replace(FOR_REQUESTER, '$1');
}
