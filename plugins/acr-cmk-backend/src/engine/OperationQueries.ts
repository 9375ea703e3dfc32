import {
  type OperationState,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Effect } from '../domain/effects';
import type { Context } from '../platform/context';
import { keptForRevoke, unbegun, waitingOf } from './locks';
import type { OperationRow } from '../platform/database/tables';
import { toRecord } from './rows';
import type { OperationRecord } from './types';
import { findInBatches } from '../platform/database/batches';

/** Filter of a list of operations. */
export interface ListedOperations {
  entityRef?: string;
  /** Registries that the entity `entityRef` names, for operations that take a key from them or give it back. */
  registries?: readonly RegistryId[];
  /** Registries among them that are linked to the entity. Every operation on one of these concerns it. */
  linked?: readonly RegistryId[];
  registryId?: RegistryId;
  kind?: string;
  state?: OperationState;
  /** Person who has approved or rejected them. */
  decidedBy?: string;
  /** False: without those of campaigns. `released`: without those that their campaign has not released. */
  ofCampaigns?: false | 'released';
  /** Requested at this time or later, epoch milliseconds. */
  since?: number;
  limit: number;
}

/** A lock, and the operation that holds it. */
export interface Holder {
  target: string;
  operationId: string;
  isRevoke: boolean;
}

const pendingRevokes = (db: Knex) =>
  db('operations')
    .where({ kind: 'revoke' })
    .where('attempts', '>', 0)
    .whereNotNull('ended_at')
    .whereNull('undone_by')
    .whereNotExists(
      db('operations as later')
        .whereRaw('later.registry_key = operations.registry_key')
        .whereRaw('later.ended_at > operations.ended_at')
        .where({ 'later.kind': 'rotate', 'later.state': 'succeeded' })
        .where('later.attempts', '>', 0)
        .select(db.raw('1')),
    );

const keysOf = (registries: readonly RegistryId[] = []) =>
  registries.map(({ key }) => key);

/** Reads operations and their locks. */
export class OperationQueries {
  readonly #context: Pick<Context, 'db' | 'clock'>;

  constructor(context: Pick<Context, 'db' | 'clock'>) {
    this.#context = context;
  }

  async get(id: string): Promise<OperationRecord | undefined> {
    const row = await this.#context.db('operations').where({ id }).first();
    return row && this.#read(row);
  }

  /** Newest first. */
  async list(of: ListedOperations): Promise<OperationRecord[]> {
    const query = this.#context
      .db('operations')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(of.limit);
    if (of.entityRef) {
      const { entityRef } = of;
      query.where(about =>
        about
          .where({ entity_ref: entityRef })
          // The agreement of its people is needed.
          .orWhereLike(
            'needs',
            `%"entityRef":${JSON.stringify(entityRef.toLowerCase())}%`,
          )
          .orWhereIn('registry_key', keysOf(of.linked))
          .orWhereIn('id', this.#affecting(of.registries ?? [])),
      );
    }
    if (of.registryId) {
      const { registryId } = of;
      query.where(about =>
        about
          .where({ registry_key: registryId.key })
          .orWhereIn('id', this.#affecting([registryId])),
      );
    }
    if (of.kind) query.where({ kind: of.kind });
    if (of.state) query.where({ state: of.state });
    if (of.ofCampaigns === false) query.whereNull('campaign_id');
    if (of.ofCampaigns === 'released') {
      query.where(released =>
        released
          .whereNull('campaign_id')
          .orWhereNotIn('state', ['held', 'awaiting-approval']),
      );
    }
    if (of.since) query.where('created_at', '>=', of.since);
    if (of.decidedBy) {
      const { decidedBy } = of;
      query.where(decided =>
        decided
          .where({ approval_by: decidedBy })
          .orWhereLike('needs', `%"by":${JSON.stringify(decidedBy)}%`),
      );
    }
    const rows = await query;
    const records = await this.#readAll(rows);
    const hit = new Set(
      await this.#affecting(of.registries ?? []).pluck('operation_id'),
    );
    // LIKE takes an underscore for any letter.
    return records.filter(
      ({ id, entityRef, registryId, approval }) =>
        !of.entityRef ||
        entityRef === of.entityRef ||
        keysOf(of.linked).includes(registryId.key) ||
        hit.has(id) ||
        approval?.needs.some(
          need => need.entityRef === of.entityRef?.toLowerCase(),
        ),
    );
  }

  /** Operations of other registries by which these lose or regain their key. */
  #affecting(registries: readonly RegistryId[]): Knex.QueryBuilder {
    return this.#context
      .db('registry_losses')
      .whereIn('registry_key', keysOf(registries))
      .select('operation_id');
  }

  /** The latest revoke by which a registry has lost its key, whichever registry it named. */
  async revokeBehind(
    registryId: RegistryId,
  ): Promise<OperationRecord | undefined> {
    return (await this.revokesBehind([registryId.key])).get(registryId.key);
  }

  /** The latest revoke by which each of these registries has lost its key, by the key of the registry. */
  async revokesBehind(
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, OperationRecord>> {
    const revokes = () =>
      this.#context
        .db('operations')
        .where({ kind: 'revoke' })
        .where('attempts', '>', 0)
        .whereNull('undone_by');
    const found: (Pick<OperationRow, 'id' | 'created_at'> & {
      key: string;
    })[] = (
      await Promise.all([
        revokes()
          .whereIn('registry_key', keys)
          .select('id', 'created_at', { key: 'registry_key' }),
        revokes()
          .join(
            'registry_losses',
            'registry_losses.operation_id',
            'operations.id',
          )
          .whereIn('registry_losses.registry_key', keys)
          .select('id', 'created_at', { key: 'registry_losses.registry_key' }),
      ])
    ).flat();
    found.sort(
      (a, b) =>
        Number(a.created_at) - Number(b.created_at) || (a.id < b.id ? 1 : -1),
    );
    const latest = new Map(found.map(({ key, id }) => [key, id]));
    const rows = await this.#context
      .db('operations')
      .whereIn('id', [...new Set(latest.values())]);
    const records = new Map(
      (await this.#readAll(rows)).map(record => [record.id, record]),
    );
    return new Map([...latest].map(([key, id]) => [key, records.get(id)!]));
  }

  /**
   * Revokes of a registry that took something away and are not undone, latest first. A rotation that
   * has written and succeeded since shows that the registry had its key again, so earlier ones do not count.
   */
  async pendingRevokes(registryId: RegistryId): Promise<OperationRecord[]> {
    const rows = await pendingRevokes(this.#context.db)
      .where({ registry_key: registryId.key })
      .orderBy('created_at', 'desc')
      .orderBy('id');
    return this.#readAll(rows);
  }

  /** Revokes that took something away after another one had begun, and are not undone. */
  async revokesSince({ id, startedAt }: OperationRecord) {
    const rows = await this.#context
      .db('operations')
      .where({ kind: 'revoke' })
      .whereNot({ id })
      .where('attempts', '>', 0)
      .where('started_at', '>=', startedAt ?? 0)
      .whereNull('undone_by')
      .orderBy('started_at')
      .orderBy('id');
    return this.#readAll(rows);
  }

  /** Whether there is a revoke that `pendingRevokes` would find. */
  async hasPendingRevoke(registryId: RegistryId): Promise<boolean> {
    return (await this.withPendingRevoke([registryId])).has(registryId.key);
  }

  /** Keys of those of these registries that have a revoke which `pendingRevokes` would find. */
  async withPendingRevoke(
    registries: readonly RegistryId[],
  ): Promise<ReadonlySet<string>> {
    const keys = await pendingRevokes(this.#context.db)
      .whereIn('registry_key', keysOf(registries))
      .pluck('registry_key');
    return new Set(keys);
  }

  /** The operations that hold these locks, by the lock. */
  async holdersOf(
    targets: readonly string[],
  ): Promise<ReadonlyMap<string, OperationRecord>> {
    const locks = await this.#context
      .db('operation_locks')
      .whereIn('target', targets)
      .select('target', 'operation_id');
    const rows = await this.#context.db('operations').whereIn(
      'id',
      locks.map(lock => lock.operation_id),
    );
    const records = new Map(
      (await this.#readAll(rows)).map(record => [record.id, record]),
    );
    return new Map(
      locks.flatMap(({ target, operation_id }) => {
        const record = records.get(operation_id);
        return record ? [[target, record] as const] : [];
      }),
    );
  }

  /** An operation of this plan that was cancelled or rejected: then the plan is spent. */
  async endedUnbegun(
    planId: string,
  ): Promise<{ id: string; state: string } | undefined> {
    return this.#context
      .db('operations')
      .where({ plan_id: planId })
      .whereIn('state', ['cancelled', 'rejected'])
      .first('id', 'state');
  }

  /**
   * Finds the first of these locks that another operation holds, and that operation.
   *
   * @param options.forRevoke - a revoke, to which some operations give way
   */
  async holderOf(
    targets: readonly string[],
    exceptFor: string = '',
    options: { forRevoke?: { effects: readonly Effect[] } } = {},
  ): Promise<Holder | undefined> {
    const held = this.#context
      .db('operation_locks')
      .whereIn('target', targets)
      .whereNot({ operation_id: exceptFor });
    if (options.forRevoke) {
      const { db, clock } = this.#context;
      const now = await clock.now();
      const waiting = await waitingOf(db, {
        targets,
        revoke: options.forRevoke,
        now,
      });
      held
        .whereNotIn('operation_id', unbegun(db('operations'), now).select('id'))
        .whereNotIn(
          'operation_id',
          waiting.map(({ row }) => row.id),
        );
    }
    const row = await held
      .join('operations', 'operations.id', 'operation_locks.operation_id')
      .first('target', 'operation_id', 'kind');
    return (
      row && {
        target: row.target,
        operationId: row.operation_id,
        isRevoke: row.kind === 'revoke',
      }
    );
  }

  /** The target that is kept for a revoke from an operation of this kind, and until when. */
  async keptForRevoke(kind: string, targets: readonly string[], at?: number) {
    const { db, clock } = this.#context;
    const now = at ?? (await clock.now());
    return keptForRevoke(db, { kind, targets, now });
  }

  async #read(row: OperationRow): Promise<OperationRecord> {
    return (await this.#readAll([row]))[0];
  }

  /** Operations with their steps, in the order of the rows. */
  async #readAll(rows: readonly OperationRow[]): Promise<OperationRecord[]> {
    const steps = await findInBatches(
      rows.map(({ id }) => id),
      batch =>
        this.#context
          .db('operation_steps')
          .whereIn('operation_id', batch)
          .orderBy('position'),
    );
    const byOperation = Map.groupBy(steps, step => step.operation_id);
    return rows.map(row => toRecord(row, byOperation.get(row.id) ?? []));
  }
}
