import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  assertNever,
  type Campaign,
  campaignCreatePermission,
  type CampaignIntent,
  type CampaignMember,
  type CampaignMembers,
  type CampaignMemberState,
  type CampaignOutcome,
  type Campaigns,
  type CampaignStage,
  CampaignUnknown,
  DEFAULT_CAMPAIGN_STRATEGY,
  type Need,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';
import { askedOf } from '../authority/approvers';
import { authorityOf, isCaller } from '../authority/deciders';
import type { UserCredentials } from '../authority/Gate';
import type {
  Authority,
  PermissionChecker,
} from '../authority/PermissionChecker';
import type { Approvers } from '../config';
import { isoTime } from '../database/clock';
import type { FleetReader } from '../fleet/FleetReader';
import { decode, encode } from '../fleet/order';
import type { VisibleEntities } from '../fleet/VisibleEntities';
import { batchesOf } from '../inventory/rows/readings';
import type { ChangeTokenOf } from '../signals/changeTokens';
import type { StoredNeed } from '../operations/engine/types';
import type { CampaignService } from './CampaignService';
import type {
  CampaignStore,
  ConcernedEntity,
  ListedMembers,
} from './CampaignStore';
import { endInWords, NOT_AGAIN, RETRIED, UNBEGUN } from './progress';
import { isOfKeys } from './selection';
import { stagesOf } from './stages';
import type { CampaignRecord, MemberCount, MemberRecord } from './types';

/** Campaigns of a list. */
const LISTED = 100;
/** Registries of a member that are named. */
const NAMED = 100;
/** Authorities in one request to the policy. */
const ASKED_AT_ONCE = 100;

const Cursor = z.tuple([z.int32().positive()]);

/** Filter and page of the members of a campaign. */
export interface MembersRequest {
  outcomes?: readonly CampaignOutcome[];
  states?: readonly CampaignMemberState[];
  stage?: number;
  /** Only those of the current stage that await the caller's approval. */
  mine?: boolean;
  cursor?: string;
  limit: number;
}

/** Members of the current stage that await the approval of one person. */
export interface AwaitedApprovals {
  /** Hash of the list, which the decision names. */
  hash: string;
  positions: readonly number[];
}

/** Names that somebody may see. */
export interface SeenOfMembers {
  /** Lower-cased refs. */
  entities: ReadonlySet<string>;
  /** Keys of registries that change with another one. */
  registries: ReadonlySet<string>;
}

interface CampaignReaderDeps {
  store: CampaignStore;
  service: Pick<CampaignService, 'mayCreate' | 'interruptIfOverdue'>;
  fleet: Pick<FleetReader, 'visibleIds'>;
  visible: Pick<VisibleEntities, 'among'>;
  permissionChecker: PermissionChecker;
  /** `acrCmk.approvers` */
  approvers: Approvers;
  changeTokenOf: ChangeTokenOf;
  /** Members that await the caller's approval. */
  awaited(
    campaign: CampaignRecord,
    credentials: UserCredentials,
  ): Promise<AwaitedApprovals | undefined>;
  /** Cause for which the current stage waits, in a sentence. */
  waitingFor(campaign: CampaignRecord): Promise<string | undefined>;
}

/** The reader of a campaign. */
interface Viewer {
  credentials: UserCredentials;
  isRequester: boolean;
  mayCreate: boolean;
  /** They may create campaigns, or might if campaigns were on. What was started can be stopped then too. */
  mayCommand: boolean;
  /** Lower-cased refs of the entities whose members they may see. Absent where they see all. */
  entityRefs?: readonly string[];
}

const isStarted = ({ startedAt }: CampaignRecord) => startedAt !== undefined;

const times = ({
  startedAt,
  endedAt,
}: Pick<CampaignRecord, 'startedAt' | 'endedAt'>) => ({
  ...(startedAt !== undefined && { startedAt: isoTime(startedAt) }),
  ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
});

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

/** Subject of a campaign in signals. */
export const signalOf = (id: string) => ({ key: `campaign:${id}` });

/**
 * Campaigns as their readers may see them. The requester, and callers with acr-cmk.campaign.create, see all members of a
 * started campaign; others see the members of entities that they may read, or whose approval they may give. A preview is
 * its requester's alone.
 */
export class CampaignReader {
  readonly #deps: CampaignReaderDeps;

  constructor(deps: CampaignReaderDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  async list(credentials: UserCredentials): Promise<Campaigns> {
    const { store, service } = this.#deps;
    const [started, previews, mayCreate] = await Promise.all([
      store.list({
        states: ['running', 'paused', 'ended', 'aborted'],
        limit: LISTED,
      }),
      store.list({
        states: ['previewing', 'preview', 'interrupted'],
        requestedBy: credentials.principal.userEntityRef,
        limit: LISTED,
      }),
      service.mayCreate(credentials),
    ]);
    const viewers = await this.#viewers(started, { credentials, mayCreate });
    const seen = [...started, ...previews]
      .flatMap(campaign => {
        const viewer = isStarted(campaign)
          ? viewers.get(campaign.id)
          : {
              credentials,
              isRequester: true,
              mayCreate,
              mayCommand: mayCreate,
            };
        return viewer ? [{ campaign, viewer }] : [];
      })
      .sort((a, b) => b.campaign.createdAt - a.campaign.createdAt)
      .slice(0, LISTED);
    return {
      mayCreate,
      items: await Promise.all(
        seen.map(async ({ campaign, viewer }) => {
          const counts = await store.counts(campaign.id);
          return this.#inShort(campaign, counts, viewer);
        }),
      ),
    };
  }

  /** @throws CampaignUnknown when there is none that the caller may see */
  async campaign(id: string, credentials: UserCredentials): Promise<Campaign> {
    const { campaign, viewer } = await this.#visible(id, credentials);
    return this.#present(campaign, viewer);
  }

  /**
   * The record of a campaign.
   *
   * @throws CampaignUnknown when there is none that the caller may see
   */
  async record(
    id: string,
    credentials: UserCredentials,
  ): Promise<CampaignRecord> {
    return (await this.#visible(id, credentials)).campaign;
  }

  /** One page, in the order of the campaign. */
  async members(
    id: string,
    { outcomes, states, stage, mine, cursor, limit }: MembersRequest,
    credentials: UserCredentials,
  ): Promise<CampaignMembers> {
    const after = cursor === undefined ? [] : decode(cursor, Cursor);
    const { campaign, viewer } = await this.#visible(id, credentials);
    const awaited = mine
      ? await this.#deps.awaited(campaign, credentials)
      : undefined;
    const filter: ListedMembers = {
      outcomes,
      states,
      stage,
      ...(mine && { positions: awaited?.positions ?? [] }),
      ...(viewer.entityRefs && { entityRefs: viewer.entityRefs }),
    };
    const { store } = this.#deps;
    const [found, total] = await Promise.all([
      store.members(id, { ...filter, after: after[0], limit: limit + 1 }),
      store.total(id, filter),
    ]);
    const page = found.slice(0, limit);
    return {
      items: await this.presentMembers(page, viewer),
      total,
      ...(found.length > limit && {
        nextCursor: encode([page[page.length - 1].position]),
      }),
    };
  }

  /** Entities and registries of members that the caller may see. */
  async seenOf(
    members: readonly MemberRecord[],
    credentials: BackstageCredentials,
  ): Promise<SeenOfMembers> {
    const [entities, registries] = await Promise.all([
      this.#deps.visible.among(
        members.flatMap(({ entityRef, owner, needs }) => [
          ...(entityRef ? [entityRef] : []),
          ...(owner ? [owner] : []),
          ...needs.flatMap(need => need.entityRef ?? []),
        ]),
        credentials,
      ),
      this.#visibleRegistries(members, credentials),
    ]);
    return { entities, registries };
  }

  /** Members as the API shows them to somebody who may see them. */
  async presentMembers(
    members: readonly MemberRecord[],
    viewer: Pick<Viewer, 'credentials' | 'isRequester'>,
  ): Promise<CampaignMember[]> {
    const { credentials, isRequester } = viewer;
    const { entities, registries } = await this.seenOf(members, credentials);
    const seen = (ref: string | undefined) =>
      ref !== undefined && entities.has(ref.toLowerCase()) ? ref : undefined;
    return members.map(member => {
      const { entityRef, state } = member;
      const owner = seen(member.owner);
      const message = messageFor(member, isRequester);
      return {
        position: member.position,
        name: member.name,
        registryId: member.registryId.toString(),
        ...(member.key && { keyIdentifier: member.key.toString() }),
        ...(seen(entityRef) && { entityRef }),
        ...(owner && { owner }),
        registries: member.registries
          .filter(
            ({ key }) => key === member.registryId.key || registries.has(key),
          )
          .slice(0, NAMED)
          .map(({ name }) => name),
        outcome: member.outcome,
        ...(member.stage !== undefined && { stage: member.stage }),
        state,
        ...(member.before !== undefined && { before: member.before }),
        ...(member.after !== undefined && { after: member.after }),
        ...(message !== undefined && { message }),
        ...(member.needs.length > 0 && {
          needs: member.needs.map(need =>
            presentNeed(need, {
              isSeen: seen(need.entityRef) !== undefined,
              owner:
                need.entityRef?.toLowerCase() === entityRef?.toLowerCase()
                  ? owner
                  : undefined,
              approvers: this.#deps.approvers,
            }),
          ),
        }),
        ...(member.operationId && { operationId: member.operationId }),
        ...times(member),
      };
    });
  }

  /** Registries of members with several that the viewer may see. */
  async #visibleRegistries(
    members: readonly MemberRecord[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const ids = members
      .filter(({ registries }) => registries.length > 1)
      .flatMap(({ registries }) => registries.map(({ key }) => key));
    if (ids.length === 0) return new Set();
    try {
      return await this.#deps.fleet.visibleIds(ids, credentials);
    } catch (error) {
      // Somebody who may not see the fleet still sees their own members.
      if (error instanceof NotAllowedError) return new Set();
      throw error;
    }
  }

  async #visible(
    id: string,
    credentials: UserCredentials,
  ): Promise<{ campaign: CampaignRecord; viewer: Viewer }> {
    const { store, service } = this.#deps;
    const found = await store.get(id);
    if (!found) throw new CampaignUnknown(id);
    const campaign = await service.interruptIfOverdue(found);
    const mayCreate = await service.mayCreate(credentials);
    const viewers =
      isStarted(campaign) || isCaller(credentials, campaign.requestedBy)
        ? await this.#viewers([campaign], { credentials, mayCreate })
        : undefined;
    const viewer = viewers?.get(id);
    if (!viewer) throw new CampaignUnknown(id);
    return { campaign, viewer };
  }

  /** The caller as the reader of started campaigns, by their ids; without those that they may not see. */
  async #viewers(
    campaigns: readonly CampaignRecord[],
    {
      credentials,
      mayCreate,
    }: { credentials: UserCredentials; mayCreate: boolean },
  ): Promise<ReadonlyMap<string, Viewer>> {
    const viewers = new Map<string, Viewer>();
    const others: string[] = [];
    // While campaigns are off, those who may create them still see what was started, and may stop it.
    const mayCommand =
      mayCreate ||
      (await this.#deps.permissionChecker.granted(
        { permission: campaignCreatePermission },
        credentials,
      ));
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
    const nameOf = ({ permission, entityRef }: Authority) =>
      `${permission.name} ${entityRef ?? ''}`;
    const authoritiesOf = ({ entityRef, needs }: ConcernedEntity) => [
      { permission: registryReadPermission, entityRef },
      ...needs.map(authorityOf),
    ];
    const asked = new Map<string, Authority>(
      concerned
        .flatMap(authoritiesOf)
        .map(authority => [nameOf(authority), authority]),
    );
    const held = new Set(asked.keys());
    for (const batch of batchesOf([...asked.values()], ASKED_AT_ONCE)) {
      const lacked = await this.#deps.permissionChecker.lackedOf(
        batch,
        credentials,
      );
      lacked.forEach(authority => held.delete(nameOf(authority)));
    }
    return concerned.filter(one =>
      authoritiesOf(one).some(authority => held.has(nameOf(authority))),
    );
  }

  async #present(campaign: CampaignRecord, viewer: Viewer): Promise<Campaign> {
    const { store } = this.#deps;
    const { id, stage, state } = campaign;
    const isOpen = state === 'running' || state === 'paused';
    const [counts, awaited, waitingFor, awaiting] = await Promise.all([
      store.counts(id),
      isOpen ? this.#deps.awaited(campaign, viewer.credentials) : undefined,
      isOpen ? this.#deps.waitingFor(campaign) : undefined,
      isOpen ? store.awaitedNeeds(id, stage) : [],
    ]);
    const shown = this.#inShort(campaign, counts, viewer);
    const approvers = await this.#approversOf(awaiting, viewer);
    return {
      ...shown,
      ...(waitingFor && state === 'running' && { message: waitingFor }),
      ...(viewer.isRequester &&
        campaign.unlinkedCommands?.length && {
          unlinkedCommands: campaign.unlinkedCommands,
        }),
      stages: shown.stages.map(one =>
        one.number === stage && isOpen
          ? {
              ...one,
              ...(approvers.length > 0 && { approvers }),
              ...(waitingFor && { waitingFor }),
            }
          : one,
      ),
      ...(awaited &&
        awaited.positions.length > 0 && {
          request: {
            stage,
            hash: awaited.hash,
            members: awaited.positions.length,
            ...(campaign.approvalExpiresAt !== undefined && {
              expiresAt: isoTime(campaign.approvalExpiresAt),
            }),
          },
        }),
      offers: [
        ...shown.offers,
        ...(awaited && awaited.positions.length > 0
          ? (['decide'] as const)
          : []),
      ],
    };
  }

  /** Groups and users who are asked to approve, as far as the viewer may see them. */
  async #approversOf(
    awaiting: readonly Pick<MemberRecord, 'entityRef' | 'owner' | 'needs'>[],
    { entityRefs, credentials }: Viewer,
  ): Promise<string[]> {
    const seenOf = awaiting.filter(
      ({ entityRef = '' }) => !entityRefs || entityRefs.includes(entityRef),
    );
    const visible = await this.#deps.visible.among(
      seenOf.flatMap(({ owner }) => owner ?? []),
      credentials,
    );
    const approvers = seenOf.flatMap(({ entityRef, owner = '', needs }) =>
      needs
        .filter(({ by }) => by === undefined)
        .flatMap(need =>
          askedOf(this.#deps.approvers, {
            permission: need.permission,
            owner:
              need.entityRef?.toLowerCase() === entityRef && visible.has(owner)
                ? owner
                : undefined,
          }),
        ),
    );
    return [...new Set(approvers)].sort();
  }

  /** A campaign without what takes its members to be read. */
  #inShort(
    campaign: CampaignRecord,
    counts: readonly MemberCount[],
    viewer: Viewer,
  ): Campaign {
    return {
      ...campaignInShort(campaign, counts),
      revision: campaign.revision,
      offers: offersTo(viewer, campaign, counts),
      changeToken: this.#deps.changeTokenOf(signalOf(campaign.id)),
    };
  }
}

/** The part of a campaign that is the same for all who may see it. Pure. */
export function campaignInShort(
  campaign: CampaignRecord,
  counts: readonly MemberCount[],
): Omit<Campaign, 'revision' | 'offers'> {
  const { hash, strategy, reason, totals } = campaign;
  const message = messageOf(campaign, counts);
  return {
    id: campaign.id,
    state: campaign.state,
    title: titleOf(campaign, counts),
    ...(message && { message }),
    intent: campaign.intent,
    ...(strategy && { strategy }),
    ...(hash && { hash }),
    requestedBy: campaign.requestedBy,
    ...(reason && { reason }),
    createdAt: isoTime(campaign.createdAt),
    ...times(campaign),
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

const sumOf = (counts: readonly MemberCount[]) =>
  counts.reduce((sum, { count }) => sum + count, 0);

const numberOf = (count: number, [one, many]: readonly [string, string]) =>
  `${count} ${count === 1 ? one : many}`;

function nounOf(intent: CampaignIntent): readonly [string, string] {
  return isOfKeys(intent) ? ['key', 'keys'] : ['registry', 'registries'];
}

export function titleOf(
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

const OUTCOMES: readonly [CampaignOutcome, string][] = [
  ['change', 'will change'],
  ['already', 'already so'],
  ['blocked', 'blocked'],
  ['unlinked', 'unlinked'],
];

function messageOf(
  { state, problem, pause, stage, strategy }: CampaignRecord,
  counts: readonly MemberCount[],
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
      return `${endInWords(
        staged.flatMap(({ state: end, count }) =>
          Array.from({ length: count }, () => ({ state: end })),
        ),
      )}${state === 'aborted' && pause ? `. ${pause.message}` : ''}`;
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
        campaign.approvalExpiresAt !== undefined && {
          approvalExpiresAt: isoTime(campaign.approvalExpiresAt),
        }),
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
function offersTo(
  { isRequester, mayCreate, mayCommand }: Viewer,
  { state, pause }: CampaignRecord,
  counts: readonly MemberCount[],
): Campaign['offers'] {
  const hasState = (states: ReadonlySet<CampaignMemberState>) =>
    counts.some(({ state: one }) => states.has(one));
  const isOpen = state === 'running' || state === 'paused';
  const aborts = pause?.aborts === true;
  const goesOn = isOpen && mayCommand && !aborts;
  return [
    ...(state === 'preview' &&
    isRequester &&
    mayCreate &&
    counts.some(({ outcome }) => outcome === 'change')
      ? (['start'] as const)
      : []),
    ...(goesOn && state === 'running' ? (['pause'] as const) : []),
    ...(goesOn && state === 'paused' && isRequester
      ? (['resume'] as const)
      : []),
    ...(goesOn ? (['abort'] as const) : []),
    ...((goesOn || (state === 'ended' && mayCreate)) &&
    isRequester &&
    hasState(RETRIED)
      ? (['retry'] as const)
      : []),
    ...(goesOn && hasState(UNBEGUN) ? (['skip'] as const) : []),
    ...(isRequester && (isOpen || state === 'ended' || state === 'aborted')
      ? (['report'] as const)
      : []),
  ];
}

/** A plan that was not made says why to its requester: it may name what others may not see. */
function messageFor(
  { state, message }: MemberRecord,
  isRequester: boolean,
): string | undefined {
  if (isRequester) return message;
  if (state === 'excluded') return undefined;
  return message?.startsWith(NOT_AGAIN) ? NOT_AGAIN : message;
}

function presentNeed(
  { permission, entityRef, because, by, at }: StoredNeed,
  of: { isSeen: boolean; owner?: string; approvers: Approvers },
): Need {
  return {
    permission,
    ...(entityRef && (of.isSeen ? { entityRef } : { hiddenEntity: true })),
    because,
    askedOf: askedOf(of.approvers, { permission, owner: of.owner }),
    ...(by && { by }),
    ...(at !== undefined && { at: isoTime(at) }),
  };
}
