import {
  ActionRefused,
  type CampaignDecision,
  CampaignStateConflict,
  InvalidInput,
  parseReason,
} from 'backstage-plugin-acr-cmk-common';
import { isCaller, nameOfNeed, standingsOf } from '../gate/deciders';
import { requirePerson } from '../gate/requirePerson';
import type { StoredNeed } from '../../engine/types';
import {
  type Awaited,
  awaitedAmong,
  awaitingAt,
  type CampaignApprovals,
  canBeApproved,
  listHash,
} from './CampaignApprovals';
import type { Caller } from '../gate/RequestRecorder';
import type { CampaignRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

interface DecisionsContext extends Pick<Context, 'audit' | 'clock'> {
  config: Pick<Context['config'], 'approvers'>;
}

interface DecisionsParts extends Pick<
  CampaignParts,
  'store' | 'record' | 'approvals' | 'catalog' | 'recorder' | 'changedByPerson'
> {
  stages: Pick<CampaignApprovals, 'list'>;
}

/**
 * Takes decisions of people over the members of a stage: one decision over all members whose needs they may meet. Members
 * whose last need is met may start; needs that the person may not meet stay.
 */
export class CampaignDecisions {
  readonly #context: DecisionsContext;
  readonly #parts: DecisionsParts;

  constructor(context: DecisionsContext, parts: DecisionsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Approves the members that await the caller, and rejects some or all of them.
   *
   * @throws InvalidInput when the list is not the one that the caller has seen
   */
  async decide(
    id: string,
    { stage, decision }: { stage: number; decision: CampaignDecision },
    { credentials, origin, http }: Caller,
  ): Promise<CampaignRecord> {
    const actor = credentials.principal.userEntityRef;
    return this.#parts.recorder.audited(
      {
        id: 'campaign-decide',
        of: 'campaign',
        meta: { actor, campaignId: id, stage: String(stage) },
        request: http,
      },
      async () => {
        const campaign = await this.#parts.record(id, credentials);
        requirePerson('decide about', { origin, where: 'on its page' });
        if (isCaller(credentials, campaign.requestedBy)) {
          throw new ActionRefused(
            'approve',
            'You requested it; another person has to decide about it',
          );
        }
        const list = await this.#parts.stages.list(campaign, credentials);
        if (stage !== campaign.stage || list.length === 0) {
          throw new CampaignStateConflict(
            id,
            `no member of stage ${stage} awaits your approval. Read the campaign again`,
          );
        }
        requireSeen(decision, listHash(campaign, list));
        const reasons = reasonsOf(decision, list);
        const standings = await standingsOf(
          actor,
          list.flatMap(({ needs }) => needs),
          {
            catalog: this.#parts.catalog,
            approvers: this.#context.config.approvers,
          },
        );
        await this.#store(campaign, { actor, decision, reasons, standings });
        this.#parts.changedByPerson(id);
        return this.#parts.record(id, credentials);
      },
    );
  }

  async #store(
    { id, stage }: CampaignRecord,
    {
      actor,
      decision,
      reasons,
      standings,
    }: {
      actor: string;
      decision: CampaignDecision;
      reasons: ReadonlyMap<number, string>;
      standings: ReadonlyMap<string, readonly string[]>;
    },
  ): Promise<void> {
    const { store, approvals } = this.#parts;
    const { clock, audit } = this.#context;
    await store.inTransaction(async trx => {
      const now = await clock.now(trx);
      const campaign = await store.lock(trx, id);
      if (!campaign || !canBeApproved(campaign) || campaign.stage !== stage) {
        throw new CampaignStateConflict(
          id,
          `stage ${stage} awaits no approvals any more`,
        );
      }
      // As they are now: others may have decided about them meanwhile.
      const list = awaitedAmong(
        awaitingAt(
          await store.members(id, { stage, states: ['approval'] }, trx),
          now,
        ),
        need => standings.has(nameOfNeed(need)),
      );
      requireSeen(decision, listHash(campaign, list));
      for (const { member, needs } of list) {
        const { operationId = '', position } = member;
        const reason = reasons.get(position);
        if (reason === undefined) {
          const own = new Set(needs.map(nameOfNeed));
          await approvals.approveIn(trx, operationId, {
            actor,
            meets: need =>
              own.has(nameOfNeed(need))
                ? standings.get(nameOfNeed(need))
                : undefined,
          });
        } else {
          await approvals.rejectIn(trx, operationId, {
            actor,
            reason,
            message: `Rejected by ${actor}: ${reason}. Nothing was written`,
          });
        }
      }
      await store.touch(trx, id, { dueAt: now });
      const of = { campaignId: id, stage, hash: decision.hash };
      const positions = list
        .map(({ member }) => member.position)
        .filter(position => !reasons.has(position));
      if (positions.length > 0) {
        await audit.append(trx, {
          event: 'campaign-stage-approved',
          actor,
          details: { ...of, positions, met: metBy(list, reasons) },
        });
      }
      if (reasons.size > 0) {
        await audit.append(trx, {
          event: 'campaign-stage-rejected',
          actor,
          details: {
            ...of,
            members: [...reasons].map(([position, reason]) => ({
              position,
              reason,
            })),
          },
        });
      }
    });
  }
}

/** @throws InvalidInput when the list is not the one that the person has seen */
function requireSeen({ hash }: CampaignDecision, own: string): void {
  if (hash === own) return;
  throw new InvalidInput(
    'hash',
    'is not the hash of the list that awaits you now; read the campaign again and decide about that list',
  );
}

/** Reasons of the rejected members, by position. */
function reasonsOf(
  { rejected, reason }: CampaignDecision,
  list: readonly Awaited[],
): ReadonlyMap<number, string> {
  const positions = new Set(list.map(({ member }) => member.position));
  if (reason !== undefined) {
    const all = parseReason(reason);
    return new Map([...positions].map(position => [position, all]));
  }
  return new Map(
    rejected.map(({ position, reason: own }, index) => {
      if (!positions.has(position)) {
        throw new InvalidInput(
          `rejected[${index}].position`,
          `${position} is no member that awaits your approval`,
        );
      }
      return [position, parseReason(own)];
    }),
  );
}

/** The needs that an approval has met, each once. */
function metBy(
  list: readonly Awaited[],
  reasons: ReadonlyMap<number, string>,
): Pick<StoredNeed, 'permission' | 'entityRef'>[] {
  const met = list
    .filter(({ member }) => !reasons.has(member.position))
    .flatMap(({ needs }) => needs);
  return [...new Map(met.map(need => [nameOfNeed(need), need])).values()].map(
    ({ permission, entityRef }) => ({ permission, entityRef }),
  );
}
