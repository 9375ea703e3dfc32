import { createHash, randomUUID } from 'node:crypto';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import { type PlanStore, requireIntact } from '../plans/PlanStore';
import type { CampaignStore } from './CampaignStore';
import type { CampaignRecord } from './types';

/** Makes the operations of a campaign's members that have none. */
export type HoldMembers = (campaign: CampaignRecord) => Promise<void>;

/** Somebody has aborted the campaign, or retried the member, since it was read. */
class MemberChanged extends Error {}

interface HoldParts {
  store: CampaignStore;
  plans: Pick<PlanStore, 'get'>;
  acceptances: Pick<AcceptanceStore, 'accept'>;
}

/**
 * Makes the operations of members that have none: accepted, with the plan that was shown, and held. Each is a transaction with
 * an idempotency key of its own, so that a process that dies in between is continued by any other one.
 */
export async function holdMembers(
  { id: campaignId, requestedBy, reason = '' }: CampaignRecord,
  { store, plans, acceptances }: HoldParts,
): Promise<void> {
  for (const member of await store.withoutOperation(campaignId)) {
    const { position, attempt, stage, retries } = member;
    const plan = await plans.get(member.planId);
    if (!plan) throw new Error(`Plan ${member.planId} is not kept any more`);
    requireIntact(plan);
    // No client can send a colon.
    const idempotencyKey = `campaign:${campaignId}:${position}:${attempt}`;
    const operationId = randomUUID();
    const accepted = acceptances.accept({
      ...plan,
      id: operationId,
      origin: 'campaign',
      authorities: [],
      campaignId,
      held: { stage, retries },
      requestedBy,
      reason,
      needs: plan.plan.approval.needs?.map(
        ({ permission, entityRef, because }) => ({
          permission,
          entityRef,
          because,
        }),
      ),
      idempotencyKey,
      requestHash: createHash('sha256').update(idempotencyKey).digest('hex'),
      also: async trx => {
        // An abort has ended those without an operation.
        const campaign = await store.lock(trx, campaignId);
        const isKept =
          campaign?.pause?.aborts !== true &&
          (await store.updateMember(trx, member, {
            operationId,
            message: null,
          }));
        if (!isKept) throw new MemberChanged();
      },
    });
    await accepted.catch(error => {
      if (!(error instanceof MemberChanged)) throw error;
    });
  }
}
