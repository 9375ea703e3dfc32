import { createHash, randomUUID } from 'node:crypto';
import {
  FactsUnavailable,
  type FieldChange,
  operationApprovePermission,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { approvalsOf } from '../gate/effectRules';
import { isMissing } from '../../domain/isMissing';
import { changesInWords } from '../../domain/plan/fingerprint';
import { type AcrCmkConfig, approvalSetting } from '../../platform/config';
import type { Clock } from '../../platform/database/clock';
import { type Inventory, KNOWN } from '../../inventory/Inventory';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import type { OperationRecord } from '../../engine/types';
import type { PlanService } from '../plans/PlanService';
import type { StoredPlan } from '../plans/PlanStore';
import type { CampaignStore } from './CampaignStore';
import { knownFindingsOf } from './findings';
import { UNDER_WAY } from './memberStates';
import { hasTooManyFailures } from './progress';
import { UnderWay } from './UnderWay';
import type { CampaignRecord, MemberPlan, MemberRecord } from './types';
import { type CampaignCalendar, openingAt } from './windows';

/** Result of an attempt to start a member. */
export type Start =
  | { kind: 'started'; operation: OperationRecord }
  /** Something else happened first, such as a pause, or another replica has started it. */
  | { kind: 'overtaken' }
  /** The limit of members that change at once is reached. */
  | { kind: 'no-room'; planned: PlannedStart }
  /** Another operation holds what it works on. */
  | { kind: 'busy'; message: string }
  /** The plan no longer fits. Nothing was written. */
  | { kind: 'changed'; message: string };

/** A member whose plan is the one that people agreed to. */
export interface PlannedStart {
  member: MemberRecord;
  plan: MemberPlan;
  prepared: StoredPlan;
  /** Time at which all its facts had been read. */
  readAt: number;
}

/**
 * Age at which the facts of a plan no longer do for a start. Milliseconds. Our choice: a place is free after some ten
 * seconds, the time that Azure takes to update a registry. The operation reads again before it writes.
 */
const PLAN_MS = 15_000;

/** Thrown in the transaction of an acceptance that is not to happen. */
class Overtaken extends Error {}
/** Thrown in the transaction of an acceptance that has to wait for a place. */
class NoRoom extends Error {}

/** Check of every plan that fails while another operation or a requested revoke has its registry or key. */
const BUSY_CHECK = 'check no-other-operation';
const isBusy = ({ field, now }: FieldChange) =>
  field === BUSY_CHECK && now === 'fail';

/** A check that cannot be decided now: a reading may have failed, which is no change. It is tried again for a while. */
const isUndecided = ({ field, now }: FieldChange) =>
  field.startsWith('check ') && now === 'unknown';

const BUSY =
  'Waits, because another operation works on its registry or key, or a revoke was requested and goes first';

interface MemberStarterDeps {
  store: CampaignStore;
  plans: Pick<PlanService, 'prepareAgreed'>;
  acceptances: Pick<AcceptanceStore, 'accept'>;
  inventory: Inventory;
  clock: Clock;
  calendar: CampaignCalendar;
  /** `acrCmk.approvals` */
  approvals: AcrCmkConfig['approvals'];
}

/**
 * Starts the ordinary operation of a member, on behalf of the requester of its campaign: the plan is made again from what
 * is there now, and has to be the one that people agreed to. Two replicas that start one member make one operation.
 */
export class MemberStarter {
  readonly #deps: MemberStarterDeps;

  constructor(deps: MemberStarterDeps) {
    this.#deps = deps;
  }

  /**
   * @param ahead - its plan, if one was made before there was room
   * @throws whatever keeps the plan from being made and compared now
   */
  async start(
    campaign: CampaignRecord,
    member: MemberRecord,
    ahead?: PlannedStart,
  ): Promise<Start> {
    const planned =
      ahead && (await this.#deps.clock.now()) - ahead.readAt <= PLAN_MS
        ? ahead
        : await this.#plan(campaign, member);
    return 'kind' in planned ? planned : this.#accept(campaign, planned);
  }

  async #plan(
    campaign: CampaignRecord,
    member: MemberRecord,
  ): Promise<PlannedStart | Start> {
    const { plan, needs } = member;
    if (!plan) throw new Error(`Member ${member.position} has no plan`);
    const made = await this.#deps.plans
      .prepareAgreed({
        planId: plan.planId,
        change: plan.change,
        fingerprint: plan.fingerprint,
        needs,
        onBehalfOf: campaign.requestedBy,
      })
      .catch(error => this.#requireMissing(member, error));
    if (made === 'missing') {
      return {
        kind: 'changed',
        message: 'Nothing was written, because the registry no longer exists',
      };
    }
    if ('changes' in made) {
      const { changes } = made;
      if (changes.some(isBusy)) {
        return { kind: 'busy', message: BUSY };
      }
      if (changes.some(isUndecided)) {
        throw new Error(
          `Some of what its plan depends on could not be read: ${changesInWords(
            changes,
          )}`,
        );
      }
      return {
        kind: 'changed',
        message: `Nothing was written, because this changed since the preview: ${changesInWords(
          changes,
        )}`,
      };
    }
    const { prepared } = made;
    const unapproved = this.#missingApproval(prepared, member);
    if (unapproved) return { kind: 'changed', message: unapproved };
    // The gate has just read them.
    const findings = await knownFindingsOf(member.registries, this.#deps);
    const readAt = await this.#deps.clock.now();
    return { member, plan: { ...plan, findings }, prepared, readAt };
  }

  /** @throws the error, unless its cause is that the registry is not there */
  async #requireMissing(
    { registryId }: MemberRecord,
    error: unknown,
  ): Promise<'missing'> {
    if (!(error instanceof FactsUnavailable)) throw error;
    const fact = await this.#deps.inventory.registry(registryId, KNOWN);
    if (!isMissing(fact)) throw error;
    return 'missing';
  }

  /** A second person that the configuration has required since the preview. */
  #missingApproval(
    { effects, plan: { intent } }: StoredPlan,
    { needs }: MemberRecord,
  ): string | undefined {
    const settings = [...approvalsOf(effects, intent)]
      .filter(kind => this.#deps.approvals.has(kind))
      .map(approvalSetting);
    const isApproved = needs.some(
      ({ permission }) => permission === operationApprovePermission.name,
    );
    return settings.length === 0 || isApproved
      ? undefined
      : `Nothing was written, because this portal has required a second person since the preview (${settings.join(', ')})`;
  }

  async #accept(
    campaign: CampaignRecord,
    planned: PlannedStart,
  ): Promise<Start> {
    const { member, plan, prepared } = planned;
    const { id: campaignId, reason = '' } = campaign;
    const { position, attempt, needs } = member;
    const id = randomUUID();
    // One for each attempt; no client can send a colon.
    const idempotencyKey = `campaign:${campaignId}:${position}:${attempt}`;
    try {
      const operation = await this.#deps.acceptances.accept({
        ...prepared,
        id,
        origin: 'campaign',
        authorities: [],
        campaignId,
        requestedBy: campaign.requestedBy,
        reason,
        needs,
        idempotencyKey,
        requestHash: createHash('sha256').update(idempotencyKey).digest('hex'),
        also: trx =>
          this.#claim(trx, campaign, { member, operationId: id, plan }),
      });
      return operation.id === id
        ? { kind: 'started', operation }
        : { kind: 'overtaken' };
    } catch (error) {
      if (error instanceof Overtaken) return { kind: 'overtaken' };
      if (error instanceof NoRoom) return { kind: 'no-room', planned };
      if (error instanceof TargetBusy) {
        return { kind: 'busy', message: BUSY };
      }
      throw error;
    }
  }

  /**
   * Makes the member running, in the transaction that accepts its operation.
   *
   * @throws Overtaken when it may not start any more
   * @throws NoRoom when it has to wait for a place
   */
  async #claim(
    trx: Knex.Transaction,
    { id }: CampaignRecord,
    of: { member: MemberRecord; operationId: string; plan: MemberPlan },
  ): Promise<void> {
    const { store, clock, calendar } = this.#deps;
    const { member, operationId, plan } = of;
    const campaign = await store.lock(trx, id);
    // Others may have held it for seconds.
    const now = await clock.now(trx);
    if (
      campaign?.state !== 'running' ||
      campaign.stage !== member.stage ||
      !openingAt(calendar, now, plan.seconds * 1000).open
    ) {
      throw new Overtaken();
    }
    const members = await store.progressMembers(id, trx);
    if (hasTooManyFailures(campaign, members)) throw new Overtaken();
    const underWay = members.filter(({ state }) => UNDER_WAY.has(state));
    if (!new UnderWay(campaign, underWay).hasRoomFor(member)) {
      throw new NoRoom();
    }
    const started = await store.updateMember(trx, member, {
      state: 'running',
      operationId,
      plan,
      message: null,
      startedAt: now,
    });
    if (!started) throw new Overtaken();
    await store.touch(trx, id);
  }
}
