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
  | 'campaign-refused'
  | 'campaign-started'
  | 'campaign-stage-opened'
  | 'campaign-stage-approved'
  | 'campaign-stage-rejected'
  | 'campaign-member-changed'
  | 'campaign-member-skipped'
  | 'campaign-paused'
  | 'campaign-resumed'
  | 'campaign-aborted'
  | 'campaign-retried'
  | 'campaign-ended';

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

/** End of a chain without records. The first record holds its hash as that of the previous one. */
export const START: ChainHead = { seq: 0, hash: '0'.repeat(64) };

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
  /** Stable for the same damage, so that the verifier can take it for known. Further damage has another id. */
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
    const ofLink = link && linkBreak(record, link);
    const ofContent = own !== hash && {
      seq,
      id: `content:${seq}:${short(own)}`,
      why: 'is not what its hash was made of',
    };
    // One must not hide the other: each is known by itself.
    return [...(ofLink ? [ofLink] : []), ...(ofContent ? [ofContent] : [])];
  });
}

function linkBreak(
  { seq, previousHash }: Pick<AuditRecord, 'seq' | 'previousHash'>,
  before: ChainHead,
): ChainBreak | undefined {
  if (seq !== before.seq + 1) {
    return {
      seq,
      id: `missing:${before.seq}:${seq}`,
      why: `comes after ${before.seq}`,
    };
  }
  return previousHash === before.hash
    ? undefined
    : {
        seq,
        id: `link:${seq}:${short(before.hash)}`,
        why: 'does not hold the hash of the one before',
      };
}

/**
 * End that the next record is linked to. Where the head is lost or behind the records, the next record
 * leaves a number out, so that verification keeps naming the damage; recording goes on.
 */
export function endOf(head: ChainHead | undefined, last: ChainHead): ChainHead {
  if (head && head.seq >= last.seq) return head;
  return { seq: last.seq + 1, hash: last.hash };
}

/**
 * Break between the head and the last record. It has the id of the break that the next record will show, so that both
 * are reported once, and what the verifier knows of one holds for the other.
 */
export function headBreak(
  head: ChainHead | undefined,
  last: ChainHead,
): ChainBreak | undefined {
  const end = endOf(head, last);
  if (end.seq === last.seq) {
    return end.hash === last.hash
      ? undefined
      : {
          seq: last.seq,
          id: `link:${last.seq + 1}:${short(last.hash)}`,
          why: 'has another hash than the end of the chain',
        };
  }
  return {
    seq: last.seq,
    id: `missing:${last.seq}:${end.seq + 1}`,
    why: head
      ? `is not the end of the chain, which is record ${head.seq}`
      : 'is the last one, and the end of the chain is lost',
  };
}
