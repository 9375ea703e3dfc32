import {
  campaignCreatePermission,
  type CampaignStart,
  CampaignStateConflict,
  InvalidInput,
  parseReason,
} from 'backstage-plugin-acr-cmk-common';
import { canonicalJson } from '../../domain/canonicalJson';
import type { Context } from '../../platform/context';
import { requirePerson } from '../gate/requirePerson';
import { requireRoomForCampaign } from '../gate/requireRoomToWait';
import { totalsOf } from './accepted';
import { type CampaignPreviews, PREVIEW_LIFETIME_MS } from './CampaignPreviews';
import type { CampaignParts } from './parts';
import { stagesOf } from './stages';
import { requireStillAllowed } from './stillAllowed';
import type { Caller } from '../gate/RequestRecorder';
import type { CampaignRecord, MemberRecord } from './types';

interface StartsContext extends Pick<Context, 'audit' | 'clock'> {
  limits: Pick<Context['limits'], 'waitingRequests'>;
}

interface StartsParts extends Pick<
  CampaignParts,
  'store' | 'holdMembers' | 'permissionChecker' | 'recorder' | 'changedByPerson'
> {
  previews: Pick<CampaignPreviews, 'changing'>;
}

/** Starts campaigns: a preview that its requester has seen becomes what the runner carries on. */
export class CampaignStarts {
  readonly #context: StartsContext;
  readonly #parts: StartsParts;

  constructor(context: StartsContext, parts: StartsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Accepts a preview. The same request again returns the same campaign.
   *
   * @throws CampaignUnknown unless the caller has requested it, and LimitReached when the caller has too many
   */
  async start(
    id: string,
    { hash, strategy, reason: text }: CampaignStart,
    { credentials, origin, http }: Caller,
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
        const { campaign, changing } = await this.#parts.previews.changing(
          id,
          credentials,
        );
        requirePerson('start', { origin, where: 'on the page of the fleet' });
        await this.#parts.permissionChecker.require(
          { permission: campaignCreatePermission },
          credentials,
        );
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
        const started = await this.#parts.store.require(id);
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
