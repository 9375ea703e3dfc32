/** Reads what the audit record says of campaigns. */
import type { Knex } from 'knex';

/** A decision of one person about members of a stage. */
export interface StageDecision {
  campaignId: string;
  stage: number;
  /** Positions of members. */
  approved: number[];
  rejected: number[];
  /** Epoch milliseconds. */
  at: number;
}

/** Decisions of a person about stages since a time, newest first. Those of campaigns that ended before are left out. */
export async function decisionsOf(
  db: Knex,
  actor: string,
  since: number,
): Promise<StageDecision[]> {
  const rows = await db('audit')
    .whereIn(
      'campaign_id',
      db('campaigns')
        .whereNull('ended_at')
        .orWhere('ended_at', '>=', since)
        .select('id'),
    )
    .whereIn('event', ['campaign-stage-approved', 'campaign-stage-rejected'])
    .where({ actor })
    .where('at', '>=', since)
    .orderBy('seq', 'desc')
    .select('at', 'details');
  return rows.map(({ at, details }) => {
    const {
      campaignId,
      stage,
      positions = [],
      members = [],
    } = JSON.parse(details);
    return {
      campaignId,
      stage,
      approved: positions,
      rejected: members.map((member: { position: number }) => member.position),
      at: Number(at),
    };
  });
}

/**
 * Sequence numbers of the audit records of a campaign: its own, and those of the operations of its members, by
 * `RegistryId.key` of the registry that a member names. From the record alone, which outlives the operations.
 */
export async function auditRecordsOf(
  db: Knex,
  campaignId: string,
): Promise<{ own: number[]; ofMembers: ReadonlyMap<string, number[]> }> {
  const rows = await db('audit')
    .where({ campaign_id: campaignId })
    .orWhereIn(
      'operation_id',
      db('audit')
        .where({ campaign_id: campaignId, event: 'operation-accepted' })
        .select('operation_id'),
    )
    .orderBy('seq')
    .select('seq', 'operation_id', 'registry_id');
  const own: number[] = [];
  const ofMembers = new Map<string, number[]>();
  for (const { seq, operation_id, registry_id } of rows) {
    if (operation_id === null || registry_id === null) {
      own.push(Number(seq));
      continue;
    }
    const key = registry_id.toLowerCase();
    const known = ofMembers.get(key);
    if (known) known.push(Number(seq));
    else ofMembers.set(key, [Number(seq)]);
  }
  return { own, ofMembers };
}
