import {
  ActionRefused,
  campaignCreatePermission,
  CampaignStateConflict,
  parseReason,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEvent } from '../../platform/audit/AuditLog';
import { isCaller } from '../gate/deciders';
import { requirePerson } from '../gate/requirePerson';
import { withdrawApprovals } from '../../engine/held';
import { ABORTED } from './inWords';
import type { CampaignRetries } from './CampaignRetries';
import { FAILURES, RETRIED, UNBEGUN } from './memberStates';
import { requireState } from './requireState';
import { requireStillAllowed } from './stillAllowed';
import type { Caller } from '../gate/RequestRecorder';
import type { CampaignRecord, MemberRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

type CampaignCommandName = 'pause' | 'resume' | 'abort' | 'retry';

interface ControlsContext extends Pick<Context, 'audit' | 'clock'> {
  limits: Pick<Context['limits'], 'approvalExpiresAfterMs'>;
}

interface ControlsParts extends Pick<
  CampaignParts,
  | 'store'
  | 'record'
  | 'approvals'
  | 'permissionChecker'
  | 'recorder'
  | 'changedByPerson'
> {
  retries: Pick<CampaignRetries, 'begin'>;
}

/** A command while it is carried out, in its transaction. */
interface Running {
  trx: Knex.Transaction;
  /** As it is now; locked. */
  campaign: CampaignRecord;
  now: number;
  actor: string;
}

/** The record of a command in the audit log. */
interface Recorded {
  event: Extract<AuditEvent, `campaign-${string}`>;
  details: Record<string, unknown>;
}

const positionsOf = (members: readonly MemberRecord[]) =>
  members.map(({ position }) => position);

/** Carries out the commands of people about started campaigns. A running operation is never interrupted. */
export class CampaignControls {
  readonly #context: ControlsContext;
  readonly #parts: ControlsParts;

  constructor(context: ControlsContext, parts: ControlsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async command(
    id: string,
    command: CampaignCommandName,
    { reason: text, ...requester }: Caller & { reason?: string },
  ): Promise<CampaignRecord> {
    return this.#commanded({ id, command, ...requester }, async campaign => {
      switch (command) {
        case 'pause': {
          const reason = text === undefined ? undefined : parseReason(text);
          return of => this.#pause(of, reason);
        }
        case 'resume':
          requireRequester(campaign, { command, ...requester });
          await this.#requireStillAllowed(campaign, requester);
          return of => this.#resume(of);
        case 'abort': {
          const reason = parseReason(text);
          return of => this.#abort(of, reason);
        }
        default: {
          requireRequester(campaign, { command, ...requester });
          // The other members go on as well.
          await this.#requireStillAllowed(campaign, requester);
          await this.#parts.retries.begin(campaign, requester);
          return undefined;
        }
      }
    });
  }

  /** Leaves out a member that has not begun. It stays in the list, with the reason. */
  async skip(
    id: string,
    position: number,
    { reason: text, ...requester }: Caller & { reason?: string },
  ): Promise<CampaignRecord> {
    return this.#commanded({ id, command: 'skip', ...requester }, async () => {
      const reason = parseReason(text);
      return of => this.#skip(of, { position, reason });
    });
  }

  /** Checks who commands, prepares what takes time, and carries it out in one transaction with its record. */
  async #commanded(
    {
      id,
      command,
      credentials,
      origin,
      http,
    }: Caller & {
      id: string;
      command: CampaignCommandName | 'skip';
    },
    prepare: (
      campaign: CampaignRecord,
    ) => Promise<((of: Running) => Promise<Recorded>) | undefined>,
  ): Promise<CampaignRecord> {
    const { store, permissionChecker } = this.#parts;
    const { clock, audit } = this.#context;
    const actor = credentials.principal.userEntityRef;
    return this.#parts.recorder.audited(
      {
        id: `campaign-${command}`,
        of: 'campaign',
        meta: { actor, campaignId: id },
        request: http,
      },
      async () => {
        const seen = await this.#parts.record(id, credentials);
        requirePerson(command, { origin, where: 'on its page' });
        await permissionChecker.require(
          { permission: campaignCreatePermission },
          credentials,
        );
        const carryOut = await prepare(seen);
        // A retry is carried out when its members are planned.
        if (!carryOut) return this.#parts.record(id, credentials);
        await store.inTransaction(async trx => {
          const now = await clock.now(trx);
          const campaign = await store.lock(trx, id);
          if (!campaign || campaign.startedAt === undefined) {
            throw new CampaignStateConflict(id, 'it was not started');
          }
          const { event, details } = await carryOut({
            trx,
            campaign,
            now,
            actor,
          });
          await audit.append(trx, {
            event,
            actor,
            details: {
              campaignId: id,
              onBehalfOf: campaign.requestedBy,
              ...details,
            },
          });
        });
        this.#parts.changedByPerson(id);
        return this.#parts.record(id, credentials);
      },
    );
  }

  async #pause(
    { trx, campaign, now, actor }: Running,
    reason: string | undefined,
  ): Promise<Recorded> {
    requireState(campaign, ['running'], 'paused');
    const message = `Paused by ${actor}${reason ? `: ${reason}` : ''}`;
    await this.#parts.store.update(trx, campaign, {
      state: 'paused',
      pause: { by: actor, message, at: now },
      dueAt: now,
    });
    return { event: 'campaign-paused', details: { reason, message } };
  }

  async #resume({ trx, campaign, now }: Running): Promise<Recorded> {
    requireState(campaign, ['paused'], 'resumed');
    const { store } = this.#parts;
    const { stage, pause } = campaign;
    const failed = await store.members(
      campaign.id,
      { stage, states: [...FAILURES] },
      trx,
    );
    // After a pause by a person nobody has been shown those that failed since: the limit pauses it again.
    const failuresAccepted =
      pause?.by === undefined ? failed.length : campaign.failuresAccepted;
    const askedAgain = await this.#askAgain({ trx, campaign, now });
    await store.update(trx, campaign, {
      state: 'running',
      pause: null,
      waitingFor: null,
      failuresAccepted,
      ...(askedAgain.length > 0 && { stageOpenedAt: null, soakUntil: null }),
      dueAt: now,
    });
    return {
      event: 'campaign-resumed',
      details: { stage, failuresAccepted, askedAgain },
    };
  }

  /** Takes back approvals that are too old for a start. @returns positions of their members */
  async #askAgain({
    trx,
    campaign: { id, stage },
    now,
  }: Pick<Running, 'trx' | 'campaign' | 'now'>): Promise<number[]> {
    const { store } = this.#parts;
    const { approvalExpiresAfterMs } = this.#context.limits;
    const ready = await store.members(id, { stage, states: ['ready'] }, trx);
    const old = ready.filter(({ needs }) =>
      needs.some(({ at = now }) => at < now - approvalExpiresAfterMs),
    );
    await withdrawApprovals(
      trx,
      new Map(
        old.map(({ operationId = '', needs }) => [
          operationId,
          JSON.stringify(
            needs.map(({ permission, entityRef, because }) => ({
              permission,
              entityRef,
              because,
            })),
          ),
        ]),
      ),
    );
    return positionsOf(old);
  }

  async #abort(
    { trx, campaign, now, actor }: Running,
    reason: string,
  ): Promise<Recorded> {
    requireState(campaign, ['running', 'paused'], 'aborted');
    const { store } = this.#parts;
    const message = `Aborted by ${actor}: ${reason}`;
    const unbegun = await store.members(
      campaign.id,
      { states: [...UNBEGUN] },
      trx,
    );
    for (const { operationId } of unbegun) {
      if (operationId === undefined) continue;
      await this.#parts.approvals.cancelIn(trx, operationId, {
        actor,
        reason,
        message,
        code: ABORTED,
      });
    }
    await store.abortWithoutOperation(trx, campaign.id);
    await store.update(trx, campaign, {
      state: 'paused',
      pause: { by: actor, message, at: now, aborts: true },
      dueAt: now,
    });
    return {
      event: 'campaign-aborted',
      details: { reason, positions: positionsOf(unbegun) },
    };
  }

  async #skip(
    { trx, campaign, now, actor }: Running,
    { position, reason }: { position: number; reason: string },
  ): Promise<Recorded> {
    requireState(campaign, ['running', 'paused'], 'changed');
    const { store } = this.#parts;
    const { id } = campaign;
    const member = await store.member(id, position, trx);
    if (!member || !UNBEGUN.has(member.state)) {
      throw new CampaignStateConflict(
        id,
        member
          ? `member ${position} cannot be skipped, because it is ${member.state}`
          : `there is no member ${position}`,
      );
    }
    const { operationId } = member;
    if (operationId === undefined) {
      throw new CampaignStateConflict(
        id,
        `member ${position} has no operation. Retry it, or abort the campaign`,
      );
    }
    await this.#parts.approvals.cancelIn(trx, operationId, {
      actor,
      reason,
      message: `Skipped by ${actor}: ${reason}`,
    });
    await store.touch(trx, id, { dueAt: now });
    return { event: 'campaign-member-skipped', details: { position, reason } };
  }

  /** Members that would start without another plan. */
  async #requireStillAllowed(
    { id }: CampaignRecord,
    { credentials }: Caller,
  ): Promise<void> {
    const states = [...UNBEGUN].filter(state => !RETRIED.has(state));
    await requireStillAllowed(
      await this.#parts.store.members(id, { outcomes: ['change'], states }),
      {
        campaignId: id,
        credentials,
        next: 'Skip those, or abort the campaign',
      },
      this.#parts.permissionChecker,
    );
  }
}

/** @throws ActionRefused unless the caller has requested the campaign */
function requireRequester(
  { requestedBy }: CampaignRecord,
  { command, credentials }: { command: string } & Caller,
): void {
  if (isCaller(credentials, requestedBy)) return;
  throw new ActionRefused(
    command,
    `Only its requester can ${command} it, because its operations run on their behalf`,
  );
}
