import {
  CampaignStateConflict,
  LimitReached,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { UserCredentials } from '../gate/Gate';
import { requireRoomForCampaign } from '../gate/requireRoomToWait';
import {
  INTERRUPTED_AFTER_MS,
  type MemberWithPlan,
} from './BackgroundPlanning';
import { NOT_AGAIN } from './inWords';
import type { PlannedMember } from './MemberPlanner';
import { FAILURES, RETRIED } from './memberStates';
import { requireState } from './requireState';
import type { CampaignRecord, MemberChanges, MemberRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

/** Time for which the request waits for the plans; most are made in it. Our choice. Milliseconds. */
const ANSWERED_AFTER_MS = 3_000;
/** Retries of a member that needs approvals, each of which asks its approvers again. Our choice. */
const MOST_WITH_APPROVAL = 5;
const ALREADY =
  'The registries are in the wanted state already, so it was not tried again';
const BROKE_OFF =
  'The members could not be planned again, because of an error that is in the log of the backend. Retry them again';

const requireRetriable = (campaign: CampaignRecord) =>
  requireState(campaign, ['running', 'paused', 'ended'], 'retried');

interface RetriesContext extends Pick<
  Context,
  'audit' | 'clock' | 'sleep' | 'logger'
> {
  limits: Pick<Context['limits'], 'waitingRequests'>;
}

type RetriesParts = Pick<
  CampaignParts,
  'store' | 'holdMembers' | 'approvals' | 'planning' | 'changedByPerson'
>;

/**
 * Plans members again that a campaign did not change, as their requester may change them now. In the background, as a
 * preview does; the members change when all are planned, in one transaction.
 */
export class CampaignRetries {
  readonly #context: RetriesContext;
  readonly #parts: RetriesParts;

  constructor(context: RetriesContext, parts: RetriesParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Begins to plan the members, and waits a little for the end.
   *
   * @throws CampaignStateConflict when there is nothing to retry, or it is found in that time that nothing can be;
   * ActionRefused and LimitReached where its requester could not start a campaign that has ended
   */
  async begin(
    campaign: CampaignRecord,
    { credentials }: { credentials: UserCredentials },
  ): Promise<void> {
    const { store, planning, changedByPerson } = this.#parts;
    const { sleep } = this.#context;
    const { id } = campaign;
    requireRetriable(campaign);
    const members = await store.members(id, {
      outcomes: ['change'],
      states: [...RETRIED],
    });
    if (members.length === 0) {
      throw new CampaignStateConflict(id, 'it has no member to retry');
    }
    await this.#claim(id, members.length);
    changedByPerson(id);
    let isAnswered = false;
    const { work, settled } = planning.begin(
      () => this.#work(campaign, members, credentials),
      {
        failed: error => this.#failed(id, error, isAnswered),
        settled: () => changedByPerson(id),
      },
    );
    const done = new AbortController();
    const ended = settled.then(() => done.abort());
    await Promise.race([ended, sleep(ANSWERED_AFTER_MS, done.signal)]);
    isAnswered = true;
    // Its error is that of the request.
    if (done.signal.aborted) await work;
  }

  /** @throws CampaignStateConflict while another retry of the campaign is planned */
  async #claim(id: string, total: number): Promise<void> {
    const { store } = this.#parts;
    const { clock } = this.#context;
    await store.inTransaction(async trx => {
      const now = await clock.now(trx);
      const campaign = await store.lock(trx, id);
      if (!campaign) return;
      requireRetriable(campaign);
      const { until = 0 } = campaign.retry ?? {};
      if (until > now) {
        throw new CampaignStateConflict(
          id,
          'its members are being planned again already',
        );
      }
      await store.update(trx, campaign, {
        retry: { planned: 0, total, until: now + INTERRUPTED_AFTER_MS },
      });
    });
  }

  async #work(
    { id, intent }: CampaignRecord,
    members: readonly MemberRecord[],
    credentials: UserCredentials,
  ): Promise<void> {
    const { store, planning, changedByPerson } = this.#parts;
    const { clock } = this.#context;
    const all: MemberWithPlan[] = [];
    const isPlanned = await planning.plan(members, {
      intent,
      credentials,
      store: async some => {
        all.push(...some.map(limitApprovalRequests));
        const until = (await clock.now()) + INTERRUPTED_AFTER_MS;
        await store.inTransaction(trx =>
          store.touch(trx, id, {
            retry: { planned: all.length, total: members.length, until },
          }),
        );
        changedByPerson(id);
        return true;
      },
    });
    if (!isPlanned || planning.isStopped) return;
    const actor = credentials.principal.userEntityRef;
    await store.inTransaction(trx => this.#retry(trx, { id, actor, all }));
    const campaign = await store.get(id);
    // The runner goes on where this process may end.
    if (campaign) await this.#parts.holdMembers(campaign);
  }

  /** Ends the operation of a member that had changed, in favour of the next one. */
  async #replaced(
    trx: Knex.Transaction,
    { state, operationId }: MemberRecord,
    actor: string,
  ): Promise<void> {
    if (state !== 'changed' || operationId === undefined) return;
    await this.#parts.approvals.cancelIn(trx, operationId, {
      actor,
      reason: 'Its member is tried again',
    });
  }

  async #failed(
    id: string,
    error: unknown,
    isAnswered: boolean,
  ): Promise<void> {
    const { store } = this.#parts;
    const { logger } = this.#context;
    const isRefusal =
      error instanceof CampaignStateConflict || error instanceof LimitReached;
    if (!isRefusal) {
      logger.error(`Campaign ${id} could not be retried`, error as Error);
    }
    const problem = isRefusal ? error.message : BROKE_OFF;
    await store.inTransaction(trx =>
      store.touch(trx, id, { retry: isAnswered ? { problem } : null }),
    );
  }

  async #retry(
    trx: Knex.Transaction,
    {
      id,
      actor,
      all,
    }: { id: string; actor: string; all: readonly MemberWithPlan[] },
  ): Promise<void> {
    const { store } = this.#parts;
    const { audit, clock } = this.#context;
    const now = await clock.now(trx);
    const campaign = await store.lock(trx, id);
    if (!campaign) return;
    requireRetriable(campaign);
    const { stage, state, pause } = campaign;
    const again: MemberRecord[] = [];
    for (const { member, planned: plan } of all) {
      if (plan.outcome !== 'change') {
        await store.updateMember(trx, member, { message: whyNot(plan) });
      } else if (
        await store.updateMember(trx, member, retried(member, { plan, stage }))
      ) {
        await this.#replaced(trx, member, actor);
        again.push(member);
      }
    }
    if (again.length === 0 && state === 'ended') {
      // The record of its end has the hash of the report: nothing of it changes.
      throw new CampaignStateConflict(id, nothingToRetry(all));
    }
    await store.update(trx, campaign, {
      retry: null,
      // Requests approvals again, as when the stage first opened.
      ...(again.some(({ stage: own = stage }) => own <= stage) && {
        stageOpenedAt: null,
        soakUntil: null,
      }),
      ...(again.length > 0 && {
        // Those that fail again count, and those that could not be retried do not stop the others.
        failuresAccepted: all.filter(
          ({ member }) =>
            member.stage === stage &&
            FAILURES.has(member.state) &&
            !again.includes(member),
        ).length,
        // A person's pause stays.
        ...(state === 'ended' || pause?.by === undefined
          ? { state: 'running', pause: null, endedAt: null }
          : {}),
      }),
      dueAt: now,
    });
    if (state === 'ended') {
      await requireRoomForCampaign(trx, {
        requestedBy: campaign.requestedBy,
        now,
        waitingRequests: this.#context.limits.waitingRequests,
      });
    }
    await audit.append(trx, {
      event: 'campaign-retried',
      actor,
      details: {
        campaignId: id,
        onBehalfOf: campaign.requestedBy,
        stage,
        positions: again.map(({ position }) => position),
      },
    });
  }
}

/** The plan, unless the approvers whom it needs were asked too often. */
function limitApprovalRequests({
  member,
  planned,
}: MemberWithPlan): MemberWithPlan {
  if (planned.needs.length === 0 || member.attempt < MOST_WITH_APPROVAL) {
    return { member, planned };
  }
  return {
    member,
    planned: {
      outcome: 'blocked',
      needs: [],
      message: `A member that needs an approval is retried at most ${MOST_WITH_APPROVAL} times. Start another campaign`,
    },
  };
}

/** A member as a new one of the current stage, or of its own if that is later. */
function retried(
  { attempt, operationId, stage: own = 0 }: MemberRecord,
  { plan, stage }: { plan: PlannedMember; stage: number },
): MemberChanges {
  return {
    ...plan,
    state: null,
    stage: Math.max(own, stage),
    attempt: attempt + 1,
    operationId: null,
    retries: operationId ?? null,
  };
}

function whyNot({ outcome, message }: PlannedMember): string {
  return outcome === 'already'
    ? ALREADY
    : `${NOT_AGAIN}: ${message ?? outcome}`;
}

/** Reason why no member of a campaign that has ended can be retried. */
function nothingToRetry(planned: readonly MemberWithPlan[]): string {
  const [{ member, planned: first }] = planned;
  const others = planned.length > 1 ? ` (and ${planned.length - 1} more)` : '';
  return `no member of it can be retried. ${member.name}${others}: ${whyNot(first)}`;
}
