/** Hash and totals that the requester of a campaign accepts with its start. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonicalJson';
import { estimatedSeconds, stagesOf } from './stages';
import type { CampaignRecord, CampaignTotals, MemberRecord } from './types';

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

/** Sums over the members that change, by a strategy. */
export function totalsOf(
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
