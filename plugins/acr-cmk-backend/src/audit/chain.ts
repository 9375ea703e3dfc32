import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

export type AuditEvent =
  | 'operation-accepted'
  | 'operation-refused'
  | 'plan-refused'
  | 'operation-approved'
  | 'operation-rejected'
  | 'operation-cancelled'
  | 'revoke-confirmed'
  | 'restore-timer'
  | 'pulls-observed'
  | 'operation-ended'
  | 'azure-write'
  | 'late-write'
  | 'observed-again'
  | 'step-ended'
  | 'audit-break-acknowledged';

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
  /** SHA-256, in hex, over the canonical JSON (RFC 8785) of everything else in the record. */
  hash: string;
}

/** The end of the chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** Previous hash of the first record. */
export const NO_HASH = '0'.repeat(64);

/** JSON in the one form that RFC 8785 gives it, so that equal data has equal bytes. */
export function canonicalJson(value: object): string {
  return canonicalize(value) as string;
}

/** Hash of a record, from everything but the hash itself. */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}

/** A place where the chain does not hold. */
export interface ChainBreak {
  /** The record at which it shows. */
  seq: number;
  /** Stable for the same damage, so that it can be acknowledged. Further damage has another id. */
  id: string;
  /** Text after `Record <seq>`. */
  why: string;
}

const short = (hash: string) => hash.slice(0, 16);

/**
 * Every break in these records, which follow one another.
 *
 * @param before - what the first of them follows; without it, its link is not checked
 */
export function breaksIn(
  records: readonly AuditRecord[],
  before?: ChainHead,
): ChainBreak[] {
  let previous = before;
  return records.flatMap(({ hash, ...record }): ChainBreak[] => {
    const [link, own] = [previous, auditHash(record)];
    const { seq } = record;
    previous = { seq, hash };
    if (link && seq !== link.seq + 1) {
      return [
        {
          seq,
          id: `missing:${link.seq}:${seq}`,
          why: `comes after ${link.seq}`,
        },
      ];
    }
    if (link && record.previousHash !== link.hash) {
      return [
        {
          seq,
          id: `link:${seq}:${short(link.hash)}`,
          why: 'does not hold the hash of the one before',
        },
      ];
    }
    return own === hash
      ? []
      : [
          {
            seq,
            id: `content:${seq}:${short(own)}`,
            why: 'is not what its hash was made of',
          },
        ];
  });
}

/** First record whose hash or link is wrong, or nothing when the chain holds. */
export function firstBrokenLink(
  records: readonly AuditRecord[],
): AuditRecord | undefined {
  const [first] = breaksIn(records);
  return first && records.find(({ seq }) => seq === first.seq);
}
