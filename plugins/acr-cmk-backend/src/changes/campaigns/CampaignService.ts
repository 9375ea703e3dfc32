import { createHash, randomUUID } from 'node:crypto';
import {
  campaignCreatePermission,
  type CampaignEstimate,
  type CampaignStart,
  CampaignStateConflict,
  type CampaignStrategy,
  CampaignUnknown,
  DEFAULT_CAMPAIGN_STRATEGY,
  InvalidInput,
  parseReason,
} from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { HttpRequest } from '../gate/RequestRecorder';
import { requirePerson } from '../gate/requirePerson';
import { requireRoomForCampaign } from '../gate/requireRoomToWait';
import { canonicalJson } from '../../domain/canonicalJson';
import type { Origin } from '../../engine/types';
import {
  INTERRUPTED_AFTER_MS,
  type MemberWithPlan,
} from './BackgroundPlanning';
import type { CampaignChange } from './request';
import type { MemberSelector } from './selection';
import { estimatedSeconds, stagesOf } from './stages';
import { requireStillAllowed } from './stillAllowed';
import type { CampaignRecord, CampaignTotals, MemberRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

/** Time in which a preview can be started. Our choice. Milliseconds. */
const PREVIEW_LIFETIME_MS = 24 * 60 * 60_000;
/** Previews of one person that are kept. Our choice. */
const KEPT_PREVIEWS = 10;
/** Previews that one sweep marks. */
const SWEEP = 100;

const UNSTARTED = ['previewing', 'preview', 'interrupted'] as const;
const PROCESS_ENDED =
  'The process that planned its members ended. Create the preview again';

interface ServiceContext extends Pick<Context, 'audit' | 'clock' | 'logger'> {
  limits: Pick<Context['limits'], 'waitingRequests'>;
}

interface ServiceParts extends Pick<
  CampaignParts,
  | 'store'
  | 'holdMembers'
  | 'planning'
  | 'permissionChecker'
  | 'recorder'
  | 'changed'
  | 'changedByPerson'
> {
  selector: Pick<MemberSelector, 'select'>;
}

/** A person or program, in the name of whom a campaign is requested. */
export interface CampaignRequester {
  credentials: UserCredentials;
  origin: Origin;
  http?: HttpRequest;
}

/**
 * Makes previews of campaigns and starts them. A preview plans its members in this process, after the request was
 * answered; it writes nothing but its own rows.
 */
export class CampaignService {
  readonly #context: ServiceContext;
  readonly #parts: ServiceParts;

  constructor(context: ServiceContext, parts: ServiceParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Whether the caller may create campaigns here. */
  async mayCreate(credentials: UserCredentials): Promise<boolean> {
    return this.#parts.permissionChecker.granted(
      { permission: campaignCreatePermission },
      credentials,
    );
  }

  /**
   * Freezes the selected members, and begins to plan them. An earlier preview of the same person that is still being
   * planned is interrupted.
   *
   * @throws PermissionMissing, ActionRefused while campaigns are off, and InvalidInput that names the field
   */
  async create(
    change: CampaignChange,
    { credentials, http }: CampaignRequester,
  ): Promise<CampaignRecord> {
    const requestedBy = credentials.principal.userEntityRef;
    return this.#parts.recorder.audited(
      {
        id: 'campaign-create',
        of: 'campaign',
        meta: { actor: requestedBy, intent: change.intent.kind },
        request: http,
      },
      async () => {
        await this.#requireMayCreate(credentials);
        const { members, unlinkedCommands } = await this.#parts.selector.select(
          change,
          credentials,
        );
        await this.#interruptEarlier(requestedBy);
        const { store } = this.#parts;
        const { clock } = this.#context;
        const id = randomUUID();
        const now = await clock.now();
        await store.inTransaction(async trx => {
          await store.deleteAllButNewest(trx, {
            requestedBy,
            states: UNSTARTED,
            kept: KEPT_PREVIEWS - 1,
          });
          await store.create(
            trx,
            {
              id,
              state: 'previewing',
              intent: change.intent,
              selection: change.selection,
              unlinkedCommands,
              requestedBy,
              stage: 0,
              createdAt: now,
              dueAt: now + INTERRUPTED_AFTER_MS,
            },
            members,
          );
        });
        this.#begin(id, credentials);
        return this.#require(id);
      },
    );
  }

  /**
   * Stages and duration of a preview by a strategy.
   *
   * @throws CampaignUnknown unless the caller has requested it, and InvalidInput that names the field of the strategy
   */
  async estimate(
    id: string,
    strategy: CampaignStrategy,
    credentials: UserCredentials,
  ): Promise<CampaignEstimate> {
    const { changing } = await this.#changing(id, credentials);
    return {
      estimatedSeconds: totalsOf(changing, strategy).seconds,
      stages: stagesOf(changing, strategy).positions.map(
        ({ length }) => length,
      ),
    };
  }

  /**
   * Accepts a preview. The same request again returns the same campaign.
   *
   * @throws CampaignUnknown unless the caller has requested it, and LimitReached when the caller has too many
   */
  async start(
    id: string,
    { hash, strategy, reason: text }: CampaignStart,
    { credentials, origin, http }: CampaignRequester,
  ): Promise<CampaignRecord> {
    const actor = credentials.principal.userEntityRef;
    return this.#parts.recorder.audited(
      {
        id: 'campaign-start',
        of: 'campaign',
        meta: { actor, campaignId: id },
        request: http,
      },
      async () => {
        const { campaign, changing } = await this.#changing(id, credentials);
        requirePerson('start', { origin, where: 'on the page of the fleet' });
        await this.#requireMayCreate(credentials);
        const reason = parseReason(text);
        const staged = stagesOf(changing, strategy);
        const accepted = { hash, strategy: staged.strategy, reason };
        if (campaign.startedAt !== undefined) {
          requireSameStart(campaign, accepted);
          return campaign;
        }
        await this.#requireStartable(campaign, { hash, changing });
        await requireStillAllowed(
          changing,
          {
            campaignId: id,
            credentials,
            next: 'Create the preview again',
          },
          this.#parts.permissionChecker,
        );
        const isStarted = await this.#store(campaign, {
          ...accepted,
          changing,
          positions: staged.positions,
          actor,
        });
        const started = await this.#require(id);
        if (!isStarted) {
          // The same request may have been faster.
          requireSameStart(started, accepted);
          return started;
        }
        // The runner goes on where this process may end.
        await this.#parts.holdMembers(started);
        this.#parts.changedByPerson(id);
        return started;
      },
    );
  }

  /** Marks previews whose process has ended, and deletes those that nobody has started in time. */
  async sweep(): Promise<void> {
    const { store, changed } = this.#parts;
    const { clock } = this.#context;
    const now = await clock.now();
    for (const id of await store.due(['previewing'], now, SWEEP)) {
      await this.#interrupt(id);
      changed(id);
    }
    await store.deleteCreatedBefore(now - PREVIEW_LIFETIME_MS, UNSTARTED);
  }

  /** Interrupts a preview that has made no progress in time, and forgets such a retry. */
  async interruptIfOverdue(campaign: CampaignRecord): Promise<CampaignRecord> {
    const { state, dueAt, id, retry } = campaign;
    if (retry?.until !== undefined) {
      const isOverdue = retry.until <= (await this.#context.clock.now());
      return isOverdue ? { ...campaign, retry: undefined } : campaign;
    }
    if (state !== 'previewing' || dueAt === undefined) return campaign;
    if (dueAt > (await this.#context.clock.now())) return campaign;
    await this.#interrupt(id);
    return this.#require(id);
  }

  async #requireMayCreate(credentials: UserCredentials): Promise<void> {
    await this.#parts.permissionChecker.require(
      { permission: campaignCreatePermission },
      credentials,
    );
  }

  /**
   * A campaign, and its members that change.
   *
   * @throws CampaignUnknown unless the caller has requested it
   */
  async #changing(
    id: string,
    credentials: UserCredentials,
  ): Promise<{ campaign: CampaignRecord; changing: MemberRecord[] }> {
    const campaign = await this.#require(id);
    if (!isCaller(credentials, campaign.requestedBy)) {
      throw new CampaignUnknown(id);
    }
    const changing = await this.#parts.store.members(id, {
      outcomes: ['change'],
    });
    return { campaign, changing };
  }

  async #require(id: string): Promise<CampaignRecord> {
    const campaign = await this.#parts.store.get(id);
    if (!campaign) throw new CampaignUnknown(id);
    return campaign;
  }

  #begin(id: string, credentials: UserCredentials): void {
    const { planning, changed } = this.#parts;
    const { logger } = this.#context;
    planning.begin(() => this.#plan(id, credentials), {
      failed: error => {
        logger.error(
          `The preview ${id} of a campaign could not be planned`,
          error as Error,
        );
        return this.#interrupt(
          id,
          'Its members could not be planned, because of an error that is in the log of the backend. Create the preview again',
        );
      },
      settled: () => changed(id),
    });
  }

  /** Plans the members. Ends early when the preview was interrupted. */
  async #plan(id: string, credentials: UserCredentials): Promise<void> {
    const { store, planning, changed } = this.#parts;
    const { intent } = await this.#require(id);
    const isPlanned = await planning.plan(
      await store.members(id, { outcomes: ['pending'] }),
      {
        intent,
        credentials,
        store: async planned => {
          const isStored = await this.#storePlans(id, planned);
          if (isStored) changed(id);
          return isStored;
        },
      },
    );
    if (isPlanned) await this.#complete(id);
    else if (planning.isStopped) await this.#interrupt(id);
  }

  /** @returns false when the preview was interrupted */
  async #storePlans(
    id: string,
    all: readonly MemberWithPlan[],
  ): Promise<boolean> {
    const { store } = this.#parts;
    const { clock } = this.#context;
    return store.inTransaction(async trx => {
      const campaign = await store.get(id, trx);
      if (campaign?.state !== 'previewing') return false;
      for (const { member, planned } of all) {
        await store.updateMember(trx, member, planned);
      }
      const dueAt = (await clock.now(trx)) + INTERRUPTED_AFTER_MS;
      return store.update(trx, campaign, { dueAt });
    });
  }

  async #complete(id: string): Promise<void> {
    const { store } = this.#parts;
    const campaign = await this.#require(id);
    if (campaign.state !== 'previewing') return;
    const members = await store.members(id);
    await store.inTransaction(trx =>
      store.update(trx, campaign, {
        state: 'preview',
        hash: hashOf(campaign, members),
        totals: totalsOf(
          members.filter(({ outcome }) => outcome === 'change'),
          DEFAULT_CAMPAIGN_STRATEGY,
        ),
        dueAt: null,
      }),
    );
  }

  async #interruptEarlier(requestedBy: string): Promise<void> {
    const earlier = await this.#parts.store.list({
      states: ['previewing'],
      requestedBy,
      limit: SWEEP,
    });
    for (const { id } of earlier) {
      await this.#interrupt(
        id,
        'A later preview of the same person took its place',
      );
    }
  }

  async #interrupt(id: string, problem = PROCESS_ENDED): Promise<void> {
    const { store } = this.#parts;
    await store.inTransaction(async trx => {
      const campaign = await store.get(id, trx);
      if (campaign?.state !== 'previewing') return;
      await store.update(trx, campaign, {
        state: 'interrupted',
        problem,
        dueAt: null,
      });
    });
  }

  /** @throws what keeps a preview from being started */
  async #requireStartable(
    { id, state, createdAt, hash: own }: CampaignRecord,
    { hash, changing }: { hash: string; changing: readonly MemberRecord[] },
  ): Promise<void> {
    if (state !== 'preview') {
      throw new CampaignStateConflict(
        id,
        state === 'previewing'
          ? 'its members are still being planned. Wait for the state preview'
          : 'its preview is not complete. Create it again',
      );
    }
    if (hash !== own) {
      throw new InvalidInput(
        'hash',
        'is not the hash of this preview; read the campaign again and use its hash',
      );
    }
    if (createdAt + PREVIEW_LIFETIME_MS < (await this.#context.clock.now())) {
      throw new CampaignStateConflict(
        id,
        'its preview is older than a day. Create it again',
      );
    }
    if (changing.length === 0) {
      throw new CampaignStateConflict(id, 'none of its members would change');
    }
  }

  /** @returns whether it was as it was read */
  async #store(
    campaign: CampaignRecord,
    {
      hash,
      strategy,
      reason,
      changing,
      positions,
      actor,
    }: Required<Pick<CampaignRecord, 'hash' | 'strategy' | 'reason'>> & {
      changing: readonly MemberRecord[];
      positions: readonly number[][];
      actor: string;
    },
  ): Promise<boolean> {
    const { store } = this.#parts;
    const { audit, clock } = this.#context;
    const { id, intent } = campaign;
    const stageOf = new Map(
      positions.flatMap((of, index) => of.map(each => [each, index + 1])),
    );
    return store.inTransaction(async trx => {
      const now = await clock.now(trx);
      const isAsRead = await store.update(trx, campaign, {
        state: 'running',
        reason,
        strategy,
        totals: totalsOf(changing, strategy),
        startedAt: now,
        dueAt: now,
      });
      if (!isAsRead) return false;
      await requireRoomForCampaign(trx, {
        requestedBy: campaign.requestedBy,
        now,
        waitingRequests: this.#context.limits.waitingRequests,
      });
      for (const [index, of] of positions.entries()) {
        await store.assignStage(trx, id, { stage: index + 1, positions: of });
      }
      await audit.append(trx, {
        event: 'campaign-started',
        actor,
        details: {
          campaignId: id,
          intent,
          hash,
          strategy,
          reason,
          members: changing.map(({ position, registryId }) => ({
            position,
            stage: stageOf.get(position),
            registryId: registryId.toString(),
          })),
        },
      });
      return true;
    });
  }
}

/** @throws CampaignStateConflict when the campaign was started by another request */
function requireSameStart(
  { id, hash, strategy, reason }: CampaignRecord,
  accepted: Pick<CampaignRecord, 'hash' | 'strategy' | 'reason'>,
): void {
  const isSame =
    canonicalJson({ hash, strategy, reason }) === canonicalJson(accepted);
  if (!isSame) {
    throw new CampaignStateConflict(
      id,
      'it was started already, with another hash, strategy or reason',
    );
  }
}

/** Hash over what its requester accepts: the intent, all members with their outcomes, plans and needs. */
export function hashOf(
  { intent }: Pick<CampaignRecord, 'intent'>,
  members: readonly MemberRecord[],
): string {
  return createHash('sha256')
    .update(
      canonicalJson({
        intent,
        members: members.map(
          ({ position, registryId, registries, key, ...member }) => ({
            position,
            registryId: registryId.key,
            registries: registries.map(one => one.key),
            key: key?.toString(),
            entityRef: member.entityRef,
            outcome: member.outcome,
            planHash: member.plan?.hash,
            needs: member.needs,
          }),
        ),
      }),
    )
    .digest('hex');
}

function totalsOf(
  changing: readonly MemberRecord[],
  strategy: CampaignRecord['strategy'] & object,
): CampaignTotals {
  const ids = changing.flatMap(({ registries }) =>
    registries.map(({ key }) => key),
  );
  const staged = stagesOf(changing, strategy);
  const byPosition = new Map(changing.map(one => [one.position, one]));
  return {
    registries: new Set(ids).size,
    writes: changing.reduce((sum, { plan }) => sum + (plan?.writes ?? 0), 0),
    seconds: estimatedSeconds(
      staged.positions.flatMap((positions, index) =>
        positions.flatMap(position => {
          const member = byPosition.get(position);
          return member?.plan
            ? [{ ...member, seconds: member.plan.seconds, stage: index + 1 }]
            : [];
        }),
      ),
      staged.strategy,
    ),
  };
}
