import type {
  AzureCloudName,
  CampaignMemberState,
  CampaignOutcome,
  CampaignState,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { inTransaction } from '../../platform/database/inTransaction';
import { isSqlite } from '../../platform/database/sqlite';
import type { StoredNeed } from '../../engine/types';
import {
  campaignColumns,
  memberColumns,
  PROGRESS_COLUMNS,
  toCampaign,
  toMember,
  toProgressMember,
} from './rows';
import type { Changes } from './types';
import { UNBEGUN, UNDER_WAY } from './memberStates';
import type { ProgressMember } from './progress';
import type { CampaignRecord, MemberCount, MemberRecord } from './types';
import { batchesOf } from '../../platform/database/batches';

/** Rows of one statement that inserts: SQLite takes 32,766 values in one. */
const INSERTED_AT_ONCE = 100;

/** Filter of a campaign's members. */
export interface ListedMembers {
  outcomes?: readonly CampaignOutcome[];
  states?: readonly CampaignMemberState[];
  stage?: number;
  positions?: readonly number[];
  /** Members of these entities. Lower-cased refs. */
  entityRefs?: readonly string[];
  /** Members behind this position. */
  after?: number;
  limit?: number;
}

/** Entity of a member, and the approvals that the member needs. */
export interface ConcernedEntity {
  campaignId: string;
  /** Lower case. */
  entityRef: string;
  needs: StoredNeed[];
}

interface CampaignStoreDeps {
  db: Knex;
  /** Cloud of the keys. Default: the public cloud. */
  cloud?: AzureCloudName;
}

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

/** Reads and writes campaigns and their members. Writes take the caller's transaction. */
export class CampaignStore {
  readonly #deps: CampaignStoreDeps;

  constructor(deps: CampaignStoreDeps) {
    this.#deps = deps;
  }

  /** Runs writes in one transaction. */
  inTransaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.#deps.db, work);
  }

  /** Runs reads that have to agree with each other: what is stored between two of them is not seen. */
  atOneMoment<T>(read: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.inTransaction(async trx => {
      // SQLite's transactions are so.
      if (!isSqlite(trx)) {
        await trx.raw('set transaction isolation level repeatable read');
      }
      return read(trx);
    });
  }

  /** Stores a new campaign, of revision 1, with its members. */
  async create(
    trx: Knex.Transaction,
    campaign: Omit<CampaignRecord, 'revision'>,
    members: readonly Omit<MemberRecord, 'campaignId'>[],
  ): Promise<void> {
    await trx('campaigns').insert({
      ...campaignColumns(campaign),
      revision: 1,
    });
    const rows = members.map(member =>
      memberColumns({ ...member, campaignId: campaign.id }),
    );
    for (const batch of batchesOf(rows, INSERTED_AT_ONCE)) {
      await trx('campaign_members').insert(batch);
    }
  }

  async get(
    id: string,
    db: Knex = this.#deps.db,
  ): Promise<CampaignRecord | undefined> {
    const row = await db('campaigns').where({ id }).first();
    return row && toCampaign(row);
  }

  /** Newest first. */
  async list(of: {
    states?: readonly CampaignState[];
    requestedBy?: string;
    limit: number;
  }): Promise<CampaignRecord[]> {
    const query = this.#deps
      .db('campaigns')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(of.limit);
    if (of.states) query.whereIn('state', of.states);
    if (of.requestedBy) query.where({ requested_by: of.requestedBy });
    return (await query).map(toCampaign);
  }

  /** Ids of campaigns in one of these states that were due by then, most overdue first. */
  async due(
    states: readonly CampaignState[],
    now: number,
    limit: number,
  ): Promise<string[]> {
    const rows = await this.#deps
      .db('campaigns')
      .whereIn('state', states)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit)
      .select('id');
    return rows.map(({ id }) => id);
  }

  /** In the order of their positions. */
  async members(
    campaignId: string,
    of: ListedMembers = {},
    db: Knex = this.#deps.db,
  ): Promise<MemberRecord[]> {
    const query = this.#matching(campaignId, of, db).orderBy('position');
    if (of.after !== undefined) query.where('position', '>', of.after);
    if (of.limit !== undefined) query.limit(of.limit);
    const cloud = this.#deps.cloud ?? 'public';
    return (await query).map(row => toMember(row, cloud));
  }

  /** Members that have a stage, without what progress does not depend on. */
  async progressMembers(
    campaignId: string,
    db: Knex = this.#deps.db,
  ): Promise<ProgressMember[]> {
    const rows = await db('campaign_members')
      .where({ campaign_id: campaignId, outcome: 'change' })
      .whereNotNull('stage')
      .orderBy('position')
      .select(
        ...PROGRESS_COLUMNS,
        db.raw("case when state = 'waiting' then needs end as needs"),
      );
    return rows.map(toProgressMember);
  }

  async member(
    campaignId: string,
    position: number,
    db?: Knex,
  ): Promise<MemberRecord | undefined> {
    return (await this.members(campaignId, { positions: [position] }, db))[0];
  }

  /** Number of members that match, on all pages. */
  async total(campaignId: string, of: ListedMembers): Promise<number> {
    const row = await this.#matching(campaignId, of, this.#deps.db)
      .count({ count: '*' })
      .first();
    return Number(row?.count ?? 0);
  }

  /** Counts of members by stage, state and outcome; of all, or of those of some entities. */
  async counts(
    campaignId: string,
    of: Pick<ListedMembers, 'entityRefs'> = {},
    db: Knex = this.#deps.db,
  ): Promise<MemberCount[]> {
    const rows = await this.#matching(campaignId, of, db)
      .groupBy('stage', 'state', 'outcome')
      .orderBy(['stage', 'state', 'outcome'])
      .select('stage', 'state', 'outcome')
      .count({ count: '*' });
    return rows.map(({ stage, state, outcome, count }) => ({
      stage: stage ?? undefined,
      state,
      outcome,
      count: Number(count),
    }));
  }

  /** Decisions of a person about stages since a time, newest first. Those of campaigns that ended before are left out. */
  async decisionsOf(actor: string, since: number): Promise<StageDecision[]> {
    const { db } = this.#deps;
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
        rejected: members.map(
          (member: { position: number }) => member.position,
        ),
        at: Number(at),
      };
    });
  }

  /**
   * Changes a campaign, unless it has changed since it was read.
   *
   * @returns whether it was as it was read
   */
  async update(
    db: Knex,
    { id, revision }: Pick<CampaignRecord, 'id' | 'revision'>,
    changes: Changes<Omit<CampaignRecord, 'id' | 'revision'>>,
  ): Promise<boolean> {
    const count = await db('campaigns')
      .where({ id, revision })
      .update({ ...campaignColumns(changes), revision: revision + 1 });
    return count === 1;
  }

  /** Raises the revision of a campaign, of which a member has changed: open pages read it again. */
  async touch(
    db: Knex,
    id: string,
    changes: Changes<Pick<CampaignRecord, 'dueAt' | 'retry'>> = {},
  ): Promise<void> {
    await db('campaigns')
      .where({ id })
      .update({
        ...campaignColumns(changes),
        revision: db.raw('revision + 1'),
      });
  }

  /**
   * Sequence numbers of the audit records of a campaign: its own, and those of the operations of its members, by
   * `RegistryId.key` of the registry that a member names. From the record alone, which outlives the operations.
   */
  async auditRecords(
    campaignId: string,
    db: Knex = this.#deps.db,
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

  /** Sets when the runner looks at a campaign again, and what it waits for, unless it has changed since it was read. */
  async setDue(
    { id, revision }: Pick<CampaignRecord, 'id' | 'revision'>,
    { dueAt, waitingFor }: Pick<CampaignRecord, 'dueAt' | 'waitingFor'>,
  ): Promise<void> {
    await this.#deps
      .db('campaigns')
      .where({ id, revision })
      .update({ due_at: dueAt ?? null, waiting_for: waitingFor ?? null });
  }

  /** Milliseconds epoch at which the next campaign in one of these states is due. */
  async nextDue(states: readonly CampaignState[]): Promise<number | undefined> {
    const row = await this.#deps
      .db('campaigns')
      .whereIn('state', states)
      .whereNotNull('due_at')
      .orderBy('due_at')
      .first('due_at');
    return row && Number(row.due_at);
  }

  /** A campaign whose changes by others wait until the end of the transaction. */
  async lock(
    trx: Knex.Transaction,
    id: string,
  ): Promise<CampaignRecord | undefined> {
    const row = await trx('campaigns').where({ id }).forUpdate().first();
    return row && toCampaign(row);
  }

  /**
   * Changes a member, if it is still in this state, attempt and operation.
   *
   * @returns whether it was
   */
  async updateMember(
    db: Knex,
    from: Pick<
      MemberRecord,
      'campaignId' | 'position' | 'state' | 'attempt' | 'operationId'
    >,
    changes: Changes<Omit<MemberRecord, 'campaignId' | 'position'>>,
  ): Promise<boolean> {
    const count = await db('campaign_members')
      .where({
        campaign_id: from.campaignId,
        position: from.position,
        state: from.state,
        attempt: from.attempt,
        operation_id: from.operationId ?? null,
      })
      .update(memberColumns(changes));
    return count === 1;
  }

  /** Gives members that wait their stage. */
  async assignStage(
    db: Knex,
    campaignId: string,
    { stage, positions }: { stage: number; positions: readonly number[] },
  ): Promise<void> {
    for (const batch of batchesOf(positions)) {
      await db('campaign_members')
        .where({ campaign_id: campaignId })
        .whereIn('position', batch)
        .update({ stage });
    }
  }

  /** Entities of the members of these campaigns that will change, with what these need. */
  async concernedEntities(
    campaignIds: readonly string[],
  ): Promise<ConcernedEntity[]> {
    const rows = await this.#deps
      .db('campaign_members')
      .whereIn('campaign_id', campaignIds)
      .where({ outcome: 'change' })
      .whereNotNull('entity_ref')
      .distinct('campaign_id', 'entity_ref', 'needs')
      .orderBy(['campaign_id', 'entity_ref']);
    return rows.map(({ campaign_id, entity_ref, needs }) => ({
      campaignId: campaign_id,
      entityRef: entity_ref!,
      needs: JSON.parse(needs ?? '[]'),
    }));
  }

  /** Members of an entity that campaigns have not changed yet which have not ended, in the order of the campaigns. */
  async openMembersOf(
    entityRef: string,
  ): Promise<Pick<MemberRecord, 'campaignId' | 'name' | 'stage' | 'state'>[]> {
    const rows = await this.#deps
      .db('campaign_members')
      .join('campaigns', 'campaigns.id', 'campaign_members.campaign_id')
      .where('campaign_members.entity_ref', entityRef)
      .whereIn('campaigns.state', ['running', 'paused'])
      .whereIn('campaign_members.state', [...UNBEGUN, ...UNDER_WAY])
      .orderBy(['campaigns.started_at', 'campaigns.id'])
      .orderBy('campaign_members.position')
      .select(
        'campaign_members.campaign_id',
        'campaign_members.name',
        'campaign_members.stage',
        'campaign_members.state',
      );
    return rows.map(row => ({
      campaignId: row.campaign_id,
      name: row.name,
      stage: row.stage ?? undefined,
      state: row.state,
    }));
  }

  /** Entities, owners and needs of the members of a stage that await approvals, each combination once. */
  async awaitedNeeds(
    campaignId: string,
    stage: number,
  ): Promise<Pick<MemberRecord, 'entityRef' | 'owner' | 'needs'>[]> {
    const rows = await this.#deps
      .db('campaign_members')
      .where({ campaign_id: campaignId, stage, state: 'approval' })
      .distinct('entity_ref', 'owner', 'needs');
    return rows.map(({ entity_ref, owner, needs }) => ({
      entityRef: entity_ref ?? undefined,
      owner: owner ?? undefined,
      needs: JSON.parse(needs ?? '[]'),
    }));
  }

  /** Deletes campaigns in one of these states that were created before then. */
  async deleteCreatedBefore(
    time: number,
    states: readonly CampaignState[],
  ): Promise<void> {
    await this.inTransaction(trx =>
      deleteLocked(
        trx,
        trx('campaigns')
          .whereIn('state', states)
          .where('created_at', '<', time),
      ),
    );
  }

  /** Deletes campaigns of a person in one of these states, but the newest. */
  async deleteAllButNewest(
    trx: Knex.Transaction,
    of: { requestedBy: string; states: readonly CampaignState[]; kept: number },
  ): Promise<void> {
    await deleteLocked(
      trx,
      trx('campaigns')
        .where({ requested_by: of.requestedBy })
        .whereIn('state', of.states)
        .orderBy('created_at', 'desc')
        .offset(of.kept),
    );
  }

  #matching(campaignId: string, of: ListedMembers, db: Knex) {
    const query = db('campaign_members').where({ campaign_id: campaignId });
    if (of.outcomes) query.whereIn('outcome', of.outcomes);
    if (of.states) query.whereIn('state', of.states);
    if (of.stage !== undefined) query.where({ stage: of.stage });
    if (of.positions) query.whereIn('position', of.positions);
    if (of.entityRefs) query.whereIn('entity_ref', of.entityRefs);
    return query;
  }
}

/** Deletes campaigns that nobody can start meanwhile, with their members. */
async function deleteLocked(
  trx: Knex.Transaction,
  found: Knex.QueryBuilder,
): Promise<void> {
  const ids: string[] = await found.forUpdate().pluck('id');
  for (const batch of batchesOf(ids)) {
    await trx('campaign_members').whereIn('campaign_id', batch).delete();
    await trx('campaigns').whereIn('id', batch).delete();
  }
}
