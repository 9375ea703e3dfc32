import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { canonicalJson } from '../cmk/plan';
import { type Clock, isoTime } from '../database/clock';

/** What happened. */
export type AuditEvent =
  | 'operation-accepted'
  | 'operation-refused'
  | 'operation-approved'
  | 'operation-rejected'
  | 'operation-cancelled'
  | 'revoke-confirmed'
  | 'restore-timer'
  | 'operation-ended'
  | 'azure-write'
  | 'late-write'
  | 'observed-again'
  | 'step-ended';

/** One thing that somebody did, or that was done for somebody. */
export interface AuditEntry {
  event: AuditEvent;
  /** Entity ref of the person, also where the engine acts for them later. */
  actor: string;
  entityRef?: string;
  registryId?: string;
  operationId?: string;
  /** Plain data; nothing secret. */
  details: Record<string, unknown>;
}

/** An entry as it is kept. */
export interface AuditRecord extends AuditEntry {
  seq: number;
  /** ISO 8601. */
  at: string;
  previousHash: string;
  /** SHA-256, in hex, over the canonical JSON of everything else in the record. */
  hash: string;
}

/** Hash of a record, from everything but the hash itself. */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}

/** First record whose hash or link is wrong, or nothing when the chain holds. */
export function firstBrokenLink(
  records: readonly AuditRecord[],
): AuditRecord | undefined {
  let previousHash = records[0]?.previousHash;
  let seq = records[0]?.seq;
  return records.find(({ hash, ...record }) => {
    const holds =
      record.seq === seq &&
      record.previousHash === previousHash &&
      auditHash(record) === hash;
    previousHash = hash;
    seq = record.seq + 1;
    return !holds;
  });
}

/**
 * Append-only record, each entry holding the hash of the one before. Entries are written inside
 * the transaction that changes the state they speak of, so that neither can be without the other.
 */
export class AuditLog {
  readonly #db: Knex;
  readonly #clock: Clock;

  constructor(options: { db: Knex; clock: Clock }) {
    this.#db = options.db;
    this.#clock = options.clock;
  }

  /**
   * Appends. Call it last in a transaction: it holds the chain's end until the commit, which is
   * what puts writers in order.
   */
  async append(trx: Knex.Transaction, entry: AuditEntry): Promise<void> {
    const head = await trx('audit_head').where({ id: 1 }).forUpdate().first();
    const record: Omit<AuditRecord, 'hash'> = {
      ...entry,
      seq: Number(head.seq) + 1,
      at: isoTime(await this.#clock.now(trx)),
      previousHash: head.hash,
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
      details: JSON.stringify(record.details),
      previous_hash: record.previousHash,
      hash,
    });
    await trx('audit_head').where({ id: 1 }).update({ seq: record.seq, hash });
  }

  /** Appends an entry that goes with no other change. */
  async record(entry: AuditEntry): Promise<void> {
    await this.#db.transaction(trx => this.append(trx, entry));
  }

  /** Records in their order. */
  async list(options: {
    afterSeq?: number;
    limit?: number;
  }): Promise<AuditRecord[]> {
    const rows = await this.#db('audit')
      .where('seq', '>', options.afterSeq ?? 0)
      .orderBy('seq')
      .limit(options.limit ?? 1000);
    return rows.map(row => ({
      seq: Number(row.seq),
      at: isoTime(Number(row.at)),
      actor: row.actor,
      event: row.event,
      ...(row.entity_ref ? { entityRef: row.entity_ref } : {}),
      ...(row.registry_id ? { registryId: row.registry_id } : {}),
      ...(row.operation_id ? { operationId: row.operation_id } : {}),
      details: JSON.parse(row.details),
      previousHash: row.previous_hash,
      hash: row.hash,
    }));
  }
}
