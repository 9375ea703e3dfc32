import { randomUUID } from 'node:crypto';
import {
  campaignCreatePermission,
  type CampaignEstimate,
  type CampaignStrategy,
  CampaignUnknown,
  DEFAULT_CAMPAIGN_STRATEGY,
} from 'backstage-plugin-acr-cmk-common';
import type { Context } from '../../platform/context';
import { isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import { hashOf, totalsOf } from './accepted';
import {
  INTERRUPTED_AFTER_MS,
  type MemberWithPlan,
} from './BackgroundPlanning';
import type { CampaignParts } from './parts';
import type { CampaignChange } from './request';
import type { MemberSelector } from './selection';
import { stagesOf } from './stages';
import type { Caller } from '../gate/RequestRecorder';
import type { CampaignRecord, MemberRecord } from './types';

/** Time in which a preview can be started. Our choice. Milliseconds. */
export const PREVIEW_LIFETIME_MS = 24 * 60 * 60_000;
/** Previews of one person that are kept. Our choice. */
const KEPT_PREVIEWS = 10;
/** Previews that one sweep marks. */
const SWEEP = 100;

const UNSTARTED = ['previewing', 'preview', 'interrupted'] as const;
const PROCESS_ENDED =
  'The process that planned its members ended. Create the preview again';

interface PreviewsParts extends Pick<
  CampaignParts,
  'store' | 'planning' | 'permissionChecker' | 'recorder' | 'changed'
> {
  selector: Pick<MemberSelector, 'select'>;
}

type PreviewsContext = Pick<Context, 'clock' | 'logger'>;

/**
 * Makes previews of campaigns. A preview plans its members in this process, after the request was
 * answered; it writes nothing but its own rows.
 */
export class CampaignPreviews {
  readonly #context: PreviewsContext;
  readonly #parts: PreviewsParts;

  constructor(context: PreviewsContext, parts: PreviewsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Freezes the selected members, and begins to plan them. An earlier preview of the same person that is still being
   * planned is interrupted.
   *
   * @throws PermissionMissing, ActionRefused while campaigns are off, and InvalidInput that names the field
   */
  async create(
    change: CampaignChange,
    { credentials, http }: Caller,
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
        await this.#parts.permissionChecker.require(
          { permission: campaignCreatePermission },
          credentials,
        );
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
        return this.#parts.store.require(id);
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
    const { changing } = await this.changing(id, credentials);
    return {
      estimatedSeconds: totalsOf(changing, strategy).seconds,
      stages: stagesOf(changing, strategy).positions.map(
        ({ length }) => length,
      ),
    };
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
    return this.#parts.store.require(id);
  }

  /**
   * A campaign, and its members that change.
   *
   * @throws CampaignUnknown unless the caller has requested it
   */
  async changing(
    id: string,
    credentials: UserCredentials,
  ): Promise<{ campaign: CampaignRecord; changing: MemberRecord[] }> {
    const campaign = await this.#parts.store.require(id);
    if (!isCaller(credentials, campaign.requestedBy)) {
      throw new CampaignUnknown(id);
    }
    const changing = await this.#parts.store.members(id, {
      outcomes: ['change'],
    });
    return { campaign, changing };
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
    const { intent } = await this.#parts.store.require(id);
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
    const campaign = await this.#parts.store.require(id);
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
}
