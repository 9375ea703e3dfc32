import type { Knex } from 'knex';
import { type Clock, isoTime } from '../database/clock';
import type { AuditHeadRow, AuditRow } from '../database/tables';
import {
  auditHash,
  type AuditEntry,
  type AuditEvent,
  type AuditRecord,
  type ChainHead,
  endOf,
  START,
} from './chain';

export type { AuditEntry, AuditEvent, AuditRecord } from './chain';

/** The campaign that a record is about, by which it is found. */
function campaignIn({ campaignId }: AuditRecord['details']): string | null {
  return typeof campaignId === 'string' ? campaignId : null;
}

const toHead = (row?: AuditHeadRow): ChainHead | undefined =>
  row && { seq: Number(row.seq), hash: row.hash };

interface AuditLogDeps {
  db: Knex;
  clock: Clock;
}

/**
 * Append-only record, each entry holding the hash of the one before. Entries are written inside
 * the transaction that changes the state they record, so that neither can be without the other.
 */
export class AuditLog {
  readonly #deps: AuditLogDeps;

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
  }

  /**
   * Appends. Call it last in a transaction: it holds the chain's end until the commit, which is
   * what puts writers in order.
   */
  async append(trx: Knex.Transaction, entry: AuditEntry): Promise<void> {
    const head = toHead(
      await trx('audit_head').where({ id: 1 }).forUpdate().first(),
    );
    const end = endOf(head, (await this.last(trx)) ?? START);
    // As it is read back: what JSON does not keep must not be hashed.
    const details = JSON.stringify(entry.details);
    const record: Omit<AuditRecord, 'hash'> = {
      ...entry,
      details: JSON.parse(details),
      seq: end.seq + 1,
      at: isoTime(await this.#deps.clock.now(trx)),
      previousHash: end.hash,
    };
    const hash = auditHash(record);
    await trx('audit').insert({
      seq: record.seq,
      at: Date.parse(record.at),
      actor: record.actor,
      event: record.event,
      entity_ref: record.entityRef ?? null,
      registry_id: record.registryId ?? null,
      operation_id: record.operationId ?? null,
      campaign_id: campaignIn(record.details),
      details,
      previous_hash: record.previousHash,
      hash,
    });
    await trx('audit_head')
      .insert({ id: 1, seq: record.seq, hash })
      .onConflict('id')
      .merge();
  }

  /** Appends an entry that goes with no other change. */
  async record(entry: AuditEntry): Promise<void> {
    await this.#deps.db.transaction(trx => this.append(trx, entry));
  }

  /** Records in their order. */
  async list(
    options: { afterSeq?: number; limit?: number },
    db: Knex = this.#deps.db,
  ): Promise<AuditRecord[]> {
    const rows = await db('audit')
      .where('seq', '>', options.afterSeq ?? 0)
      .orderBy('seq')
      .limit(options.limit ?? 1000);
    return rows.map(toRecord);
  }

  /** The end of the chain, which is kept apart from the records. */
  async head(db: Knex = this.#deps.db): Promise<ChainHead | undefined> {
    return toHead(await db('audit_head').where({ id: 1 }).first());
  }

  /** The last record, by which the head is checked. */
  async last(db: Knex = this.#deps.db): Promise<AuditRecord | undefined> {
    const row = await db('audit').orderBy('seq', 'desc').first();
    return row && toRecord(row);
  }

  /** Number of records up to `upToSeq`. */
  async count({ upToSeq }: { upToSeq: number }): Promise<number> {
    const row = await this.#deps
      .db('audit')
      .where('seq', '<=', upToSeq)
      .count({ count: '*' })
      .first();
    return Number(row?.count);
  }
}

/** A value that damage may have made unreadable: then the record no longer fits its hash. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function toRecord(row: AuditRow): AuditRecord {
  return {
    seq: Number(row.seq),
    at: readable(() => isoTime(Number(row.at)), String(row.at)),
    actor: row.actor,
    event: row.event as AuditEvent,
    ...(row.entity_ref ? { entityRef: row.entity_ref } : {}),
    ...(row.registry_id ? { registryId: row.registry_id } : {}),
    ...(row.operation_id ? { operationId: row.operation_id } : {}),
    details: readable(() => JSON.parse(row.details), {
      unreadable: row.details,
    }),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
