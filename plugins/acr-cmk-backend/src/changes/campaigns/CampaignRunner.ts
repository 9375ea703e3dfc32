import {
  operationApprovePermission,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  awaitApprovals,
  release as releaseOperation,
  setAside,
} from '../../engine/held';
import {
  type OperationRecord,
  PLUGIN_ACTOR,
  type StoredNeed,
} from '../../engine/types';
import type { AuditEntry } from '../../platform/audit/AuditLog';
import { approvalSetting } from '../../platform/config';
import { DueLoop } from '../../platform/time/DueLoop';
import type { Sleep } from '../../platform/time/realClock';
import { approvalsOf } from '../gate/effectRules';
import { ABORTED } from './inWords';
import {
  type Progress,
  type ProgressMember,
  type ProgressNote,
  progressOf,
} from './progress';
import { contentHash, contentOf } from './report';
import type { CampaignRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

/** Campaigns of one look. */
const AT_ONCE = 20;
/** Campaigns that are looked at when the runner begins. No portal has as many that have not ended. */
const MOST = 1000;
/** Changes of others that one turn gives way to. Each of them wakes it again. */
const MOST_STALE = 5;

const ACTIVE = ['running', 'paused'] as const;

const BUSY =
  'Waits, because another operation works on its registry or key, or a revoke was requested and goes first';

interface RunnerContext extends Pick<Context, 'audit' | 'clock'> {
  config: Pick<Context['config'], 'campaigns'>;
  backends: Pick<Context['backends'], 'strictestApprovals'>;
  limits: Pick<Context['limits'], 'approvalExpiresAfterMs'>;
  logger: Pick<Context['logger'], 'error'>;
}

interface RunnerParts extends Pick<
  CampaignParts,
  'store' | 'holdMembers' | 'approvals' | 'changed'
> {
  /** Operations were released: a worker may look. */
  released(): void;
}

/** Somebody else has changed what was read. */
class Stale extends Error {}

/**
 * Carries campaigns on, by `progressOf`: makes their operations, asks for approvals, and releases them. Every replica runs it,
 * and may run it at the same moment: changes are stored only if nothing has changed since they were decided. So it may die
 * anywhere.
 */
export class CampaignRunner {
  readonly #context: RunnerContext;
  readonly #parts: RunnerParts;
  readonly #woken = new Set<string>();
  readonly #loop: DueLoop;
  #knowsAll = false;

  constructor(context: RunnerContext, parts: RunnerParts) {
    this.#context = context;
    this.#parts = parts;
    this.#loop = new DueLoop(
      {
        name: 'Campaigns',
        sweep: async stopped => {
          if (!this.#knowsAll) await this.#wakeAll();
          this.#knowsAll = true;
          return this.sweep(stopped);
        },
        msUntilDue: () => this.#msUntilDue(),
      },
      context.logger,
    );
  }

  /** Looks at a campaign now: a person has changed it. */
  wake(campaignId: string): void {
    this.#woken.add(campaignId);
    this.#loop.wake();
  }

  /** A worker has let an operation go: it has ended, is proven, or went back to its campaign. */
  operationChanged({ campaignId }: Pick<OperationRecord, 'campaignId'>): void {
    if (campaignId === undefined) return;
    this.#parts.changed(campaignId);
    this.wake(campaignId);
  }

  /** Carries on whatever is due, until the signal is given. */
  async run(sleep: Sleep, stopped: AbortSignal): Promise<void> {
    await this.#loop.run(sleep, stopped);
  }

  /** They may be due at an end of a freeze that the configuration has no more. */
  async #wakeAll(): Promise<void> {
    const open = await this.#parts.store.list({ states: ACTIVE, limit: MOST });
    open.forEach(({ id }) => this.#woken.add(id));
  }

  /**
   * Carries on the campaigns that are due, or were woken.
   *
   * @returns false when one could not continue: it stays due
   */
  async sweep(stopped?: AbortSignal): Promise<boolean> {
    let isWhole = true;
    const { store } = this.#parts;
    const { clock, logger } = this.#context;
    const woken = [...this.#woken];
    this.#woken.clear();
    const due = await store.due(ACTIVE, await clock.now(), AT_ONCE);
    for (const id of new Set([...woken, ...due])) {
      if (stopped?.aborted) break;
      try {
        await this.turn(id);
      } catch (error) {
        isWhole = false;
        logger.error(
          `Campaign ${id} could not continue; the next turn tries again`,
          error as Error,
        );
      }
    }
    return isWhole;
  }

  async #msUntilDue(): Promise<number | undefined> {
    const { store } = this.#parts;
    const { clock } = this.#context;
    const [next, now] = await Promise.all([store.nextDue(ACTIVE), clock.now()]);
    return next === undefined ? undefined : next - now;
  }

  /** Stores what has to change now, and releases the operations that may start. */
  async turn(id: string): Promise<void> {
    const { store } = this.#parts;
    for (let stale = 0; stale < MOST_STALE;) {
      const campaign = await store.get(id);
      if (!campaign || !ACTIVE.some(state => state === campaign.state)) return;
      await this.#parts.holdMembers(campaign);
      const next = await this.#progressOf(campaign);
      if (next.campaign) {
        if (!(await this.#apply(campaign, next))) stale += 1;
      } else {
        if (next.release) await this.#release(id);
        await store.setDue(campaign, next);
        return;
      }
    }
  }

  async #progressOf(
    campaign: CampaignRecord,
    trx?: Knex.Transaction,
  ): Promise<Progress> {
    const { clock, config, limits } = this.#context;
    return progressOf({
      campaign,
      members: await this.#parts.store.progressMembers(campaign.id, trx),
      calendar: config.campaigns,
      now: await clock.now(trx),
      approvalExpiresAfterMs: limits.approvalExpiresAfterMs,
    });
  }

  /** @returns false when somebody has changed the campaign since it was read */
  async #apply(
    campaign: CampaignRecord,
    { approvals, abort = [], campaign: changes = {}, notes }: Progress,
  ): Promise<boolean> {
    const { store } = this.#parts;
    const { audit } = this.#context;
    const { id } = campaign;
    try {
      await store.inTransaction(async trx => {
        if (!(await store.update(trx, campaign, changes))) throw new Stale();
        if (approvals) {
          const { operationIds, expiresAt } = approvals;
          await awaitApprovals(trx, operationIds, expiresAt);
        }
        const { message = 'Its campaign was aborted' } = campaign.pause ?? {};
        for (const operationId of abort) {
          await this.#parts.approvals.cancelIn(trx, operationId, {
            actor: PLUGIN_ACTOR,
            reason: message,
            message,
            code: ABORTED,
          });
        }
        for (const note of notes) {
          await audit.append(trx, await this.#entryOf(campaign, note, trx));
        }
      });
    } catch (error) {
      if (error instanceof Stale) return false;
      throw error;
    }
    this.#parts.changed(id);
    return true;
  }

  /** The entry of a note. That of the end has the hash of the report. */
  async #entryOf(
    campaign: CampaignRecord,
    { event, details }: ProgressNote,
    trx: Knex.Transaction,
  ): Promise<AuditEntry> {
    if (event !== 'campaign-ended') return noteOf(campaign, { event, details });
    const { store } = this.#parts;
    const { id } = campaign;
    const ended = (await store.get(id, trx)) ?? campaign;
    const content = contentOf(
      ended,
      await store.members(id, {}, trx),
      await store.counts(id, {}, trx),
    );
    return noteOf(campaign, {
      event,
      details: { ...details, reportHash: contentHash(content) },
    });
  }

  /** Releases the operations for which there is room, by what is there once others have to wait. */
  async #release(id: string): Promise<void> {
    const { store } = this.#parts;
    const { clock } = this.#context;
    const isChanged = await store.inTransaction(async trx => {
      const campaign = await store.lock(trx, id);
      const { release } = campaign
        ? await this.#progressOf(campaign, trx)
        : { release: undefined };
      if (!release) return false;
      const now = await clock.now(trx);
      for (const member of release.members) {
        if (!release.room.hasRoomFor(member)) continue;
        const isReleased = await this.#releaseOne(trx, member, now);
        if (isReleased) release.room.add({ ...member, state: 'running' });
      }
      return true;
    });
    if (!isChanged) return;
    this.#parts.released();
    this.#parts.changed(id);
  }

  async #releaseOne(
    trx: Knex.Transaction,
    { operationId: id = '' }: ProgressMember,
    now: number,
  ): Promise<boolean> {
    const { audit } = this.#context;
    const message = await this.#missingApproval(trx, id);
    if (message) {
      await setAside(trx, id, { message, code: 'APPROVAL_REQUIRED', audit });
      return false;
    }
    try {
      return await releaseOperation(trx, id, { now, audit });
    } catch (error) {
      if (!(error instanceof TargetBusy)) throw error;
      await trx('operations')
        .where({ id })
        .where(other =>
          other.whereNull('waiting_for').orWhereNot({ waiting_for: BUSY }),
        )
        .update({ waiting_for: BUSY, revision: trx.raw('revision + 1') });
      return false;
    }
  }

  /** A second person that the configuration has required since the preview. */
  async #missingApproval(
    trx: Knex.Transaction,
    id: string,
  ): Promise<string | undefined> {
    const { approvals } = await this.#context.backends.strictestApprovals(trx);
    if (approvals.size === 0) return undefined;
    const row = await trx('operations')
      .where({ id })
      .first('effects', 'plan', 'needs');
    if (!row) return undefined;
    const settings = [
      ...approvalsOf(
        JSON.parse(row.effects ?? '[]'),
        JSON.parse(row.plan).intent,
      ),
    ]
      .filter(kind => approvals.has(kind))
      .map(approvalSetting);
    const needs: StoredNeed[] = JSON.parse(row.needs ?? '[]');
    const isApproved = needs.some(
      ({ permission }) => permission === operationApprovePermission.name,
    );
    return settings.length === 0 || isApproved
      ? undefined
      : `Nothing was written, because this portal has required a second person since the preview (${settings.join(', ')})`;
  }
}

/** An entry of the audit record about what a campaign does by itself. */
function noteOf(
  { id, requestedBy }: CampaignRecord,
  { event, details }: ProgressNote,
): AuditEntry {
  return {
    event,
    actor: PLUGIN_ACTOR,
    details: { campaignId: id, onBehalfOf: requestedBy, ...details },
  };
}
