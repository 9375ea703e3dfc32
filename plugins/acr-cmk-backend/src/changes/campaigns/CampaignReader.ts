import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  type Campaign,
  campaignCreatePermission,
  type CampaignMember,
  type CampaignMembers,
  type CampaignMemberState,
  type CampaignOutcome,
  type Campaigns,
  CampaignUnknown,
  type EntityCampaign,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';
import { askedOf } from '../gate/approvers';
import { isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { MayRead } from '../mayRead';
import { presentNeed } from '../plans/toPlan';
import { ownerOf } from '../../catalog/CatalogLinks';
import { isoTime } from '../../platform/database/clock';
import type { FleetReader } from '../../registries/fleet/FleetReader';
import { decode, encode } from '../../platform/cursor';
import { lower } from '../../platform/text';
import type { VisibleEntities } from '../../registries/fleet/VisibleEntities';
import type { ChangeTokenOf } from '../../platform/signals/changeTokens';
import { type CampaignApprovals, expiryOf } from './CampaignApprovals';
import type { CampaignPreviews } from './CampaignPreviews';
import type { ListedMembers } from './CampaignStore';
import { type Viewer, viewersOf } from './viewers';
import {
  campaignInShort,
  campaignToOwner,
  messageFor,
  offersTo,
  presentMember,
  retryOf,
  type SeenOfMembers,
  sumOf,
  titleOfSome,
  toNeed,
  waitingOf,
  withoutHidden,
} from './present';
import type { CampaignRecord, MemberCount, MemberRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

/** Campaigns of a list. */
const LISTED = 100;
/** Registries of a member that are named. */
const NAMED = 100;

const Cursor = z.tuple([z.int32().positive()]);

/** Filter and page of the members of a campaign. */
interface MembersRequest {
  outcomes?: readonly CampaignOutcome[];
  states?: readonly CampaignMemberState[];
  stage?: number;
  /** Only those of the current stage that await the caller's approval. */
  mine?: boolean;
  cursor?: string;
  limit: number;
}

interface ReaderContext {
  config: Pick<Context['config'], 'approvers'>;
}

interface ReaderParts extends Pick<
  CampaignParts,
  'store' | 'catalog' | 'permissionChecker'
> {
  previews: Pick<CampaignPreviews, 'interruptIfOverdue'>;
  stages: Pick<CampaignApprovals, 'awaited'>;
  fleet: Pick<FleetReader, 'visibleIds'>;
  visible: Pick<VisibleEntities, 'among'>;
  mayRead: Pick<MayRead, 'among'>;
  changeTokenOf: ChangeTokenOf;
}

const isStarted = ({ startedAt }: CampaignRecord) => startedAt !== undefined;

/** Subject of a campaign in signals. */
export const signalOf = (id: string) => ({ key: `campaign:${id}` });

/** Campaigns as their readers may see them, by `viewersOf`. A preview is its requester's alone. */
export class CampaignReader {
  readonly #context: ReaderContext;
  readonly #parts: ReaderParts;

  constructor(context: ReaderContext, parts: ReaderParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Newest first. */
  async list(credentials: UserCredentials): Promise<Campaigns> {
    const { store } = this.#parts;
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
      this.#mayCreate(credentials),
    ]);
    const viewers = await viewersOf(
      started,
      { credentials, mayCreate },
      this.#parts,
    );
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
          const counts = await store.counts(campaign.id, viewer);
          return this.#inShort(campaign, counts, viewer);
        }),
      ),
    };
  }

  /** Campaigns that have not ended, with the members of an entity that they still are to change; for its readers. */
  async openOf(entityRef: string): Promise<EntityCampaign[]> {
    const { store } = this.#parts;
    const members = await store.openMembersOf(entityRef.toLowerCase());
    const byCampaign = Map.groupBy(members, ({ campaignId }) => campaignId);
    const campaigns = await Promise.all(
      [...byCampaign].map(async ([id, of]): Promise<EntityCampaign[]> => {
        const campaign = await store.get(id);
        if (!campaign) return [];
        return [
          {
            id,
            title: titleOfSome(campaign, of.length),
            state: campaign.state,
            members: of.map(({ name, stage = 1, state }) => ({
              name,
              stage,
              state,
            })),
          },
        ];
      }),
    );
    return campaigns.flat();
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
      ? await this.#parts.stages.awaited(campaign, credentials)
      : undefined;
    const filter: ListedMembers = {
      outcomes,
      states,
      stage,
      ...(mine && { positions: awaited?.positions ?? [] }),
      ...(viewer.entityRefs && { entityRefs: viewer.entityRefs }),
    };
    const { store } = this.#parts;
    const [found, counts] = await Promise.all([
      store.members(id, { ...filter, after: after[0], limit: limit + 1 }),
      store.counts(id, filter),
    ]);
    const page = found.slice(0, limit);
    return {
      items: await this.presentMembers(page, viewer),
      total: sumOf(counts),
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
      this.#parts.visible.among(
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
    const [seen, owners, operations] = await Promise.all([
      this.seenOf(members, credentials),
      this.#ownersOf(members, credentials),
      this.#readableOperations(members, credentials),
    ]);
    const asked = {
      seen: seen.entities,
      owners: new Map([...owners].filter(([ref]) => seen.entities.has(ref))),
      approvers: this.#context.config.approvers,
    };
    return members.map(member => {
      const { operationId = '', needs } = member;
      const shown = presentMember({
        ...member,
        message: messageFor(member, isRequester),
        operationId: operations.has(operationId) ? operationId : undefined,
      });
      const { registries, ...rest } = withoutHidden(shown, member, seen);
      return {
        ...rest,
        registries: registries.slice(0, NAMED),
        ...(needs.length > 0 && {
          needs: needs.map(need => presentNeed(toNeed(need), asked)),
        }),
      };
    });
  }

  /** Ids of the newest operations of members that the caller may see: their pages answer. */
  async #readableOperations(
    members: readonly MemberRecord[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const { store, mayRead } = this.#parts;
    const operations = await store.operationsOf(members);
    const readable = await mayRead.among(operations, { credentials });
    return new Set(readable.map(({ id }) => id));
  }

  /** Owners that the caller may see, by the entity of a member or of a need. Lower-cased refs. */
  async #ownersOf(
    members: readonly Pick<MemberRecord, 'entityRef' | 'owner' | 'needs'>[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlyMap<string, string>> {
    const { catalog, visible } = this.#parts;
    const owners = new Map(
      members.flatMap(({ entityRef, owner }) =>
        entityRef && owner ? [[lower(entityRef), lower(owner)] as const] : [],
      ),
    );
    const others = members
      .flatMap(({ needs }) => needs.flatMap(need => need.entityRef ?? []))
      .map(lower)
      .filter(ref => !owners.has(ref));
    const entities = catalog.entitiesSeenBy(credentials, new Map());
    for (const [ref, entity] of await entities.read(others)) {
      const owner = ownerOf(entity);
      if (owner) owners.set(ref, lower(owner));
    }
    const seen = await visible.among(owners.values(), credentials);
    return new Map([...owners].filter(([, owner]) => seen.has(owner)));
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
      return await this.#parts.fleet.visibleIds(ids, credentials);
    } catch (error) {
      // Somebody who may not see the fleet still sees their own members.
      if (error instanceof NotAllowedError) return new Set();
      throw error;
    }
  }

  /** Whether the caller may create campaigns here. */
  async #mayCreate(credentials: UserCredentials): Promise<boolean> {
    return this.#parts.permissionChecker.granted(
      { permission: campaignCreatePermission },
      credentials,
    );
  }

  async #visible(
    id: string,
    credentials: UserCredentials,
  ): Promise<{ campaign: CampaignRecord; viewer: Viewer }> {
    const { store, previews } = this.#parts;
    const found = await store.require(id);
    const campaign = await previews.interruptIfOverdue(found);
    const mayCreate = await this.#mayCreate(credentials);
    const viewers =
      isStarted(campaign) || isCaller(credentials, campaign.requestedBy)
        ? await viewersOf([campaign], { credentials, mayCreate }, this.#parts)
        : undefined;
    const viewer = viewers?.get(id);
    if (!viewer) throw new CampaignUnknown(id);
    return { campaign, viewer };
  }

  async #present(campaign: CampaignRecord, viewer: Viewer): Promise<Campaign> {
    const { store } = this.#parts;
    const { id, stage, state } = campaign;
    const isOpen = state === 'running' || state === 'paused';
    const [counts, awaited, awaiting] = await Promise.all([
      store.counts(id, viewer),
      isOpen
        ? this.#parts.stages.awaited(campaign, viewer.credentials)
        : undefined,
      isOpen ? store.members(id, { stage, states: ['approval'] }) : [],
    ]);
    const expiresAt = expiryOf(awaiting);
    const shown = {
      ...this.#inShort(campaign, counts, viewer),
      revision: await store.revision(campaign),
    };
    const waitingFor = waitingOf(campaign, shown);
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
              ...(expiresAt !== undefined && {
                approvalExpiresAt: isoTime(expiresAt),
              }),
              ...(waitingFor && { waitingFor }),
            }
          : one,
      ),
      ...(awaited && {
        request: {
          stage,
          hash: awaited.hash,
          members: awaited.positions.length,
          ...(awaited.expiresAt !== undefined && {
            expiresAt: isoTime(awaited.expiresAt),
          }),
        },
      }),
      offers: [...shown.offers, ...(awaited ? (['decide'] as const) : [])],
    };
  }

  /** Groups and users who are asked to approve, as far as the viewer may see them. */
  async #approversOf(
    awaiting: readonly MemberRecord[],
    { entityRefs, credentials }: Viewer,
  ): Promise<string[]> {
    const seenOf = awaiting.filter(
      ({ entityRef = '' }) => !entityRefs || entityRefs.includes(entityRef),
    );
    const owners = await this.#ownersOf(seenOf, credentials);
    const approvers = seenOf
      .flatMap(({ needs }) => needs)
      .filter(({ by }) => by === undefined)
      .flatMap(({ permission, entityRef }) =>
        askedOf(this.#context.config.approvers, {
          permission,
          owner: owners.get(lower(entityRef ?? '')),
        }),
      );
    return [...new Set(approvers)].sort();
  }

  /** A campaign without what takes its members to be read. */
  #inShort(
    campaign: CampaignRecord,
    counts: readonly MemberCount[],
    viewer: Viewer,
  ): Campaign {
    const retry = campaign.retry && retryOf(campaign.retry, viewer);
    return {
      ...(viewer.entityRefs
        ? campaignToOwner(campaign, counts)
        : { ...campaignInShort(campaign, counts), ...(retry && { retry }) }),
      revision: campaign.revision,
      offers: offersTo(viewer, campaign, counts),
      changeToken: this.#parts.changeTokenOf(signalOf(campaign.id)),
    };
  }
}
