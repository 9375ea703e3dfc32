import type { Knex } from 'knex';
import {
  AuditChainBroken,
  AuditChainIntact,
} from 'backstage-plugin-acr-cmk-common';
import type { Clock } from '../database/clock';
import type { AuditLog } from './AuditLog';
import {
  type AuditRecord,
  breaksIn,
  type ChainBreak,
  type ChainHead,
  NO_HASH,
} from './chain';

/** Breaks that one acknowledgement names. A person acknowledges again when there are more. */
const MOST_ACKNOWLEDGED = 500;

const headOf = (last: AuditRecord | undefined): ChainHead =>
  last ? { seq: last.seq, hash: last.hash } : { seq: 0, hash: NO_HASH };

/** The breaks found, and the end of the chain unless that is what is broken. */
interface Inspection {
  breaks: ChainBreak[];
  head?: ChainHead;
}

/**
 * Knows whether the chain is intact, and refuses what begins a change while it is not.
 *
 * Each check reads the new records, the last one that this process has seen, and the next page of
 * older ones; a whole round takes as many checks as there are pages. While the chain is broken, each
 * check reads all of it. A break that somebody has acknowledged no longer counts, in
 * any process: the acknowledgement is a record itself.
 */
export class AuditIntegrity {
  readonly #db: Knex;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #page: number;
  readonly #onBreak: (broken: ChainBreak) => Promise<void>;
  /** The end of what this process has found to hold. */
  #seen: (ChainHead & { checkedAt: number }) | undefined;
  /** The last of the older records that were checked again. */
  #recheckedTo = 0;
  #breaks: readonly ChainBreak[] = [];

  constructor(options: {
    db: Knex;
    audit: AuditLog;
    clock: Clock;
    /** Records that are read at once, and older ones that each check reads again. Default: 1000. */
    page?: number;
    /** Reports a break, once. */
    onBreak(broken: ChainBreak): Promise<void>;
  }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#page = options.page ?? 1000;
    this.#onBreak = options.onBreak;
  }

  /** Checks the chain. To be called at the start and at an interval. */
  async check(): Promise<readonly ChainBreak[]> {
    const checkedAt = await this.#clock.now();
    const before = new Set(this.#breaks.map(({ id }) => id));
    const { breaks, head } =
      before.size > 0 ? await this.#inspectAll() : await this.#inspectPart();
    this.#breaks = await this.#unacknowledged(breaks);
    if (this.#breaks.length === 0 && head) this.#seen = { ...head, checkedAt };
    for (const broken of this.#breaks) {
      if (!before.has(broken.id)) await this.#onBreak(broken);
    }
    return this.#breaks;
  }

  /**
   * Passes while the chain is intact, which costs nothing. Otherwise it reads whether somebody has
   * acknowledged the break meanwhile, perhaps in another process.
   *
   * @throws AuditChainBroken
   */
  async assertIntact(db: Knex = this.#db): Promise<void> {
    if (this.#breaks.length === 0) return;
    this.#breaks = await this.#unacknowledged(this.#breaks, db);
    const [first] = this.#breaks;
    if (first) throw new AuditChainBroken(first.seq, first.why);
  }

  /**
   * Records that somebody knows of the breaks there are, so that changes go on. The damage stays as
   * it is, except that new records follow the last one that there is.
   *
   * @throws AuditChainIntact when there is none
   */
  async acknowledge(of: {
    actor: string;
    reason: string;
  }): Promise<AuditRecord> {
    const { breaks } = await this.#inspectAll();
    const toAcknowledge = await this.#unacknowledged(breaks);
    if (toAcknowledge.length === 0) {
      this.#breaks = [];
      throw new AuditChainIntact();
    }
    const record = await this.#db.transaction(async trx => {
      const head = await this.#audit.lockHead(trx);
      const last = headOf(await this.#audit.last(trx));
      if (head?.seq !== last.seq || head.hash !== last.hash) {
        await this.#audit.repairHead(trx, last);
      }
      await this.#audit.append(trx, {
        event: 'audit-break-acknowledged',
        actor: of.actor,
        details: {
          reason: of.reason,
          breaks: toAcknowledge.slice(0, MOST_ACKNOWLEDGED),
          headBefore: head ?? null,
        },
      });
      return (await this.#audit.last(trx))!;
    });
    await this.check();
    return record;
  }

  /** Checks new records, the last record that was seen, and a page of old records. */
  async #inspectPart(): Promise<Inspection> {
    const head = await this.#readHead();
    if ('broken' in head) return { breaks: [head.broken] };
    const lost = await this.#lost(head.at);
    if (lost) return { breaks: [lost] };
    // At the start nothing has been seen: the end of the chain first, older records in turns.
    const from = this.#seen?.seq ?? Math.max(0, head.at.seq - this.#page);
    const breaks = await this.#breaksBetween(from, head.at.seq);
    if (this.#recheckedTo >= from || from <= this.#page) this.#recheckedTo = 0;
    const upTo = Math.min(this.#recheckedTo + this.#page, from);
    // One record earlier, so that one which is missing between two pages shows.
    breaks.push(
      ...(await this.#breaksBetween(Math.max(0, this.#recheckedTo - 1), upTo)),
    );
    this.#recheckedTo = upTo;
    return { breaks, head: head.at };
  }

  async #inspectAll(): Promise<Inspection> {
    const head = await this.#readHead();
    const at = 'at' in head ? head.at : undefined;
    const lost = at && (await this.#lost(at));
    const upTo = at ?? headOf(await this.#audit.last());
    return {
      breaks: [
        ...('broken' in head ? [head.broken] : []),
        ...(lost ? [lost] : []),
        ...(await this.#breaksBetween(0, upTo.seq)),
      ],
      head: at,
    };
  }

  /** The head, where it fits the records. The last record is read first: the head only grows. */
  async #readHead(): Promise<{ at: ChainHead } | { broken: ChainBreak }> {
    const last = headOf(await this.#audit.last());
    const head = await this.#audit.head();
    const of = head && (await this.#at(head.seq));
    if (head && of && head.seq >= last.seq && of.hash === head.hash) {
      return { at: head };
    }
    return {
      broken: {
        seq: last.seq,
        id: `head:${last.seq}:${head?.seq}:${head?.hash.slice(0, 16)}`,
        why: head
          ? `is not the end of the chain, which is record ${head.seq}`
          : 'is the last one, and the end of the chain is not kept',
      },
    };
  }

  /** Break of a record that this process has seen before and that was removed or hashed again. */
  async #lost(head: ChainHead): Promise<ChainBreak | undefined> {
    if (!this.#seen) return undefined;
    const { seq, hash } = this.#seen;
    const now = seq <= head.seq ? await this.#at(seq) : undefined;
    if (now?.hash === hash) return undefined;
    return {
      seq,
      id: `lost:${seq}:${hash.slice(0, 16)}`,
      why: now
        ? 'has another hash than it had before'
        : 'was there before and is not any more',
    };
  }

  /** Breaks after a record, up to another one; the link to the first is checked too. */
  async #breaksBetween(
    afterSeq: number,
    upToSeq: number,
  ): Promise<ChainBreak[]> {
    const breaks: ChainBreak[] = [];
    let before = await this.#at(afterSeq);
    for (let next = afterSeq; next < upToSeq;) {
      const records = await this.#audit.list({
        afterSeq: next,
        upToSeq,
        limit: this.#page,
      });
      if (records.length === 0) break;
      breaks.push(...breaksIn(records, before));
      before = records[records.length - 1];
      next = before.seq;
    }
    return breaks;
  }

  async #at(seq: number): Promise<ChainHead | undefined> {
    if (seq === 0) return { seq: 0, hash: NO_HASH };
    const [record] = await this.#audit.list({
      afterSeq: seq - 1,
      upToSeq: seq,
    });
    return record;
  }

  /** Breaks that no record acknowledges. */
  async #unacknowledged(
    breaks: readonly ChainBreak[],
    db: Knex = this.#db,
  ): Promise<ChainBreak[]> {
    if (breaks.length === 0) return [];
    const acknowledgements = await this.#audit.list(
      { event: 'audit-break-acknowledged' },
      db,
    );
    const known = new Set(acknowledgements.flatMap(idsIn));
    // Another process, which had seen more or less of what is lost, names it differently.
    const checkedAt = this.#seen?.checkedAt ?? 0;
    const lossKnown = acknowledgements.some(
      record =>
        Date.parse(record.at) >= checkedAt &&
        idsIn(record).some(id => /^(?:lost|head):/.test(id)),
    );
    return breaks.filter(
      ({ id }) => !known.has(id) && !(id.startsWith('lost:') && lossKnown),
    );
  }
}

function idsIn({ details }: AuditRecord): string[] {
  const { breaks } = details as { breaks?: ChainBreak[] };
  return (breaks ?? []).map(({ id }) => id);
}
