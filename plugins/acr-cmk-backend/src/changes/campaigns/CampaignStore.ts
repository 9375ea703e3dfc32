import {
  type CampaignMemberState,
  type CampaignOutcome,
  type CampaignState,
  CampaignUnknown,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { inTransaction } from '../../platform/database/inTransaction';
import { isSqlite } from '../../platform/database/sqlite';
import type { StoredNeed } from '../../engine/types';
import { UNBEGUN, UNDER_WAY } from './memberStates';
import type { ProgressMember } from './progress';
import {
  campaignColumns,
  type JoinedMemberRow,
  memberColumns,
  type ProgressRow,
  toCampaign,
  toMember,
  toProgressMember,
} from './rows';
import type {
  CampaignRecord,
  Changes,
  MemberChanges,
  MemberCount,
  MemberRecord,
  NewMember,
} from './types';
import { ABORTED } from './inWords';
import type { Context } from '../../platform/context';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import {
  READABLE_COLUMNS,
  type ReadableOperation,
  toReadable,
} from '../mayRead';

/** Rows of one statement that inserts: SQLite takes 32,766 values in one. */
const INSERTED_AT_ONCE = 100;

/**
 * State of a member `m` of the campaign `c`, by its newest operation `o`. A held one is `changed` when a person has to look
 * at it, and `ready` when only room keeps it from its release.
 */
const STATE = `case
  when m.state is not null then m.state
  when o.id is null then case m.outcome when 'change' then 'waiting' else 'excluded' end
  when o.state = 'held' then case
    when o.result is not null then 'changed'
    when o.stage = c.stage and c.stage_opened_at is not null then 'ready'
    else 'waiting' end
  when o.state = 'awaiting-approval' then 'approval'
  when o.ended_at is null then case when o.proving_since is null then 'running' else 'proving' end
  when o.state = 'cancelled' and o.result like '%"code":"${ABORTED}"%' then 'not-started'
  when o.state = 'cancelled' or o.result like '%"code":"TARGET_BUSY"%' then 'skipped'
  when o.state = 'rejected' and o.result like '%"code":"APPROVAL_EXPIRED"%' then 'expired'
  else o.state end`;
const STAGE = 'coalesce(o.stage, m.stage)';

const OPEN = [...UNBEGUN, ...UNDER_WAY];

/** Members joined with their campaigns and newest operations. */
const membersIn = (db: Knex): Knex.QueryBuilder =>
  db({ m: 'campaign_members' })
    .join({ c: 'campaigns' }, 'c.id', 'm.campaign_id')
    .leftJoin({ o: 'operations' }, 'o.id', 'm.operation_id');

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

/** Reads and writes campaigns and their members. Writes take the caller's transaction. */
export class CampaignStore {
  readonly #db: Knex;

  constructor({ db }: Pick<Context, 'db'>) {
    this.#db = db;
  }

  /** Runs writes in one transaction. */
  inTransaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.#db, work);
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
    members: readonly NewMember[],
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
    db: Knex = this.#db,
  ): Promise<CampaignRecord | undefined> {
    const row = await db('campaigns').where({ id }).first();
    return row && toCampaign(row);
  }

  /** @throws CampaignUnknown when there is none */
  async require(id: string): Promise<CampaignRecord> {
    const campaign = await this.get(id);
    if (!campaign) throw new CampaignUnknown(id);
    return campaign;
  }

  /** Newest first. */
  async list(of: {
    states?: readonly CampaignState[];
    requestedBy?: string;
    limit: number;
  }): Promise<CampaignRecord[]> {
    const query = this.#db('campaigns')
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
    const rows = await this.#db('campaigns')
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
    db: Knex = this.#db,
  ): Promise<MemberRecord[]> {
    const query = this.#matching(campaignId, of, db)
      .orderBy('m.position')
      .select(
        'm.*',
        db.raw(`${STATE} as state`),
        db.raw(`${STAGE} as stage`),
        'o.state as operation_state',
        'o.needs as operation_needs',
        'o.result',
        'o.waiting_for',
        'o.approval_expires_at',
        'o.started_at',
        'o.ended_at',
      );
    if (of.after !== undefined) query.where('m.position', '>', of.after);
    if (of.limit !== undefined) query.limit(of.limit);
    const rows: JoinedMemberRow[] = await query;
    return rows.map(toMember);
  }

  /** The parts of the newest operations of members that decide who may see them. */
  async operationsOf(
    members: readonly Pick<MemberRecord, 'operationId'>[],
  ): Promise<(ReadableOperation & { id: string })[]> {
    const ids = members.flatMap(({ operationId }) => operationId ?? []);
    const rows = await findInBatches(ids, batch =>
      this.#db('operations')
        .whereIn('id', batch)
        .select('id', ...READABLE_COLUMNS),
    );
    return rows.map(row => ({ ...toReadable(row), id: row.id }));
  }

  /** Members that change, without what progress does not depend on. */
  async progressMembers(
    campaignId: string,
    db: Knex = this.#db,
  ): Promise<ProgressMember[]> {
    const rows: ProgressRow[] = await membersIn(db)
      .where({ 'm.campaign_id': campaignId, 'm.outcome': 'change' })
      .orderBy('m.position')
      .select(
        'm.position',
        'm.subscription_id',
        'm.vault_host',
        'm.seconds',
        'm.operation_id',
        'o.approval_expires_at',
        db.raw(`${STATE} as state`),
        db.raw(`${STAGE} as stage`),
        db.raw(
          `case when o.state = 'held' and o.approval = 'pending' then o.needs end as needs`,
        ),
        db.raw(
          `case when o.state = 'held' then o.waiting_for end as waiting_for`,
        ),
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

  /** Counts of the members that match, by stage, state and outcome. */
  async counts(
    campaignId: string,
    of: ListedMembers = {},
    db: Knex = this.#db,
  ): Promise<MemberCount[]> {
    const counted = this.#matching(campaignId, of, db)
      .select(
        'm.outcome',
        db.raw(`${STATE} as state`),
        db.raw(`${STAGE} as stage`),
      )
      .as('counted');
    const rows: (Omit<MemberCount, 'stage'> & { stage: number | null })[] =
      await db
        .queryBuilder()
        .from(counted)
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

  /** A number that grows with each change of a campaign, its members and their operations. */
  async revision(
    { id, revision }: Pick<CampaignRecord, 'id' | 'revision'>,
    db: Knex = this.#db,
  ): Promise<number> {
    const row = await db('operations')
      .where({ campaign_id: id })
      .sum({ sum: 'revision' })
      .first();
    return revision + Number(row?.sum ?? 0);
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

  /** Sets when the runner looks at a campaign again, and what it waits for, unless it has changed since it was read. */
  async setDue(
    { id, revision }: Pick<CampaignRecord, 'id' | 'revision'>,
    { dueAt, waitingFor }: Pick<CampaignRecord, 'dueAt' | 'waitingFor'>,
  ): Promise<void> {
    await this.#db('campaigns')
      .where({ id, revision })
      .update({ due_at: dueAt ?? null, waiting_for: waitingFor ?? null });
  }

  /** Milliseconds epoch at which the next campaign in one of these states is due. */
  async nextDue(states: readonly CampaignState[]): Promise<number | undefined> {
    const row = await this.#db('campaigns')
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
   * Changes a member, if it still has this attempt and operation.
   *
   * @returns whether it has
   */
  async updateMember(
    db: Knex,
    from: Pick<
      MemberRecord,
      'campaignId' | 'position' | 'attempt' | 'operationId'
    >,
    changes: MemberChanges,
  ): Promise<boolean> {
    const count = await db('campaign_members')
      .where({
        campaign_id: from.campaignId,
        position: from.position,
        attempt: from.attempt,
        operation_id: from.operationId ?? null,
      })
      .update(memberColumns(changes));
    return count === 1;
  }

  /** Members of a started campaign whose operations are not made yet. */
  async withoutOperation(campaignId: string): Promise<
    (Pick<MemberRecord, 'campaignId' | 'position' | 'attempt'> & {
      planId: string;
      stage: number;
      retries?: string;
    })[]
  > {
    const rows = await this.#db('campaign_members')
      .where({ campaign_id: campaignId, outcome: 'change' })
      .whereNotNull('stage')
      .whereNull('state')
      .whereNull('operation_id')
      .orderBy('position')
      .select('position', 'attempt', 'plan', 'stage', 'retries');
    return rows.map(({ position, attempt, plan, stage, retries }) => ({
      campaignId,
      position,
      attempt,
      planId: JSON.parse(plan!).planId,
      stage: stage!,
      retries: retries ?? undefined,
    }));
  }

  /** Ends members of a campaign that is aborted before their operations are made. */
  async abortWithoutOperation(db: Knex, campaignId: string): Promise<void> {
    await db('campaign_members')
      .where({ campaign_id: campaignId, outcome: 'change' })
      .whereNull('operation_id')
      .where(open => open.whereNull('state').orWhere({ state: 'changed' }))
      .update({ state: 'not-started' });
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
    const rows: Pick<
      JoinedMemberRow,
      'campaign_id' | 'entity_ref' | 'needs'
    >[] = await membersIn(this.#db)
      .whereIn('m.campaign_id', campaignIds)
      .where({ 'm.outcome': 'change' })
      .whereNotNull('m.entity_ref')
      .distinct('m.campaign_id', 'm.entity_ref', 'm.needs')
      .orderBy(['m.campaign_id', 'm.entity_ref']);
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
    const db = this.#db;
    const rows: Pick<
      JoinedMemberRow,
      'campaign_id' | 'name' | 'stage' | 'state'
    >[] = await membersIn(db)
      .where('m.entity_ref', entityRef)
      .whereIn('c.state', ['running', 'paused'])
      .whereRaw(`(${STATE}) in (${OPEN.map(() => '?')})`, OPEN)
      .orderBy(['c.started_at', 'c.id', 'm.position'])
      .select(
        'm.campaign_id',
        'm.name',
        db.raw(`${STAGE} as stage`),
        db.raw(`${STATE} as state`),
      );
    return rows.map(row => ({
      campaignId: row.campaign_id,
      name: row.name,
      stage: row.stage ?? undefined,
      state: row.state,
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

  #matching(
    campaignId: string,
    of: ListedMembers,
    db: Knex,
  ): Knex.QueryBuilder {
    const query = membersIn(db).where({ 'm.campaign_id': campaignId });
    if (of.outcomes) query.whereIn('m.outcome', of.outcomes);
    if (of.states)
      query.whereRaw(`(${STATE}) in (${of.states.map(() => '?')})`, [
        ...of.states,
      ]);
    if (of.stage !== undefined) {
      query.whereRaw(`${STAGE} = ?`, [of.stage]);
    }
    if (of.positions) query.whereIn('m.position', of.positions);
    if (of.entityRefs) query.whereIn('m.entity_ref', of.entityRefs);
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
