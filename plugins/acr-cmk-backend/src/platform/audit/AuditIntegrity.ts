import { yieldToEventLoop } from '../time/yieldToEventLoop';
import type { AuditLog } from './AuditLog';
import {
  breaksIn,
  type ChainBreak,
  type ChainHead,
  headBreak,
  START,
} from './chain';

/** Records that are hashed in one turn of the event loop. */
const BATCH = 100;
/** Breaks that are kept and reported one by one; the others are counted. */
const MOST_BREAKS = 100;

/** Breaks beyond those that are kept. */
export interface FurtherBreaks {
  count: number;
  first: ChainBreak;
}

interface Deps {
  audit: Pick<AuditLog, 'list' | 'head' | 'last'>;
  /** Reports a break, once. */
  onBreak(broken: ChainBreak): Promise<void>;
  /** Reports the further breaks that one verification has found. */
  onFurtherBreaks(further: FurtherBreaks): Promise<void>;
}

/**
 * Verifies the chain of records: all of it at the start and again from time to time, and else what is new. Damage is reported,
 * and stops nothing.
 */
export class AuditIntegrity {
  readonly #deps: Deps;
  readonly #breaks = new Map<string, ChainBreak>();
  #furtherBreaks = 0;
  #unreported: FurtherBreaks | undefined;
  /** Id of the last break at the end of the chain: the next verification finds it again. */
  #idAtEnd: string | undefined;
  #verified: ChainHead = START;
  #isVerified = false;
  #isStopped = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get state(): 'verifying' | 'intact' | 'damaged' {
    if (this.#breaks.size > 0) return 'damaged';
    return this.#isVerified ? 'intact' : 'verifying';
  }

  /** Whether the last verification came to the end of the chain. */
  get isVerified(): boolean {
    return this.#isVerified;
  }

  /** The first breaks that were found. */
  get breaks(): readonly ChainBreak[] {
    return [...this.#breaks.values()];
  }

  /** Number of breaks beyond `breaks`. */
  get furtherBreaks(): number {
    return this.#furtherBreaks;
  }

  /**
   * Verifies the records after those that were verified before.
   *
   * @returns whether the whole chain is intact
   */
  async verify(): Promise<boolean> {
    return this.#inTurn(() => this.#verify());
  }

  /**
   * Verifies the whole chain again: a record may be changed after it was verified. Reports what was not known.
   *
   * @returns whether the whole chain is intact
   */
  async verifyAgain(): Promise<boolean> {
    return this.#inTurn(() => {
      this.#verified = START;
      this.#furtherBreaks = 0;
      this.#idAtEnd = undefined;
      return this.#verify();
    });
  }

  /** Ends a verification that is under way. */
  stop(): void {
    this.#isStopped = true;
  }

  async #inTurn(verify: () => Promise<void>): Promise<boolean> {
    this.#turn = this.#turn.catch(() => undefined).then(verify);
    await this.#turn;
    return this.state === 'intact';
  }

  async #verify(): Promise<void> {
    const { audit } = this.#deps;
    this.#isVerified = false;
    while (!this.#isStopped) {
      const records = await audit.list({
        afterSeq: this.#verified.seq,
        limit: BATCH,
      });
      if (records.length === 0) {
        const atEnd = await this.#headBreak();
        if (atEnd) await this.#report(atEnd);
        this.#idAtEnd = atEnd?.id;
        await this.#reportFurther();
        this.#isVerified = true;
        return;
      }
      await this.#report(...breaksIn(records, this.#verified));
      this.#verified = records[records.length - 1];
      await yieldToEventLoop();
    }
  }

  async #report(...found: ChainBreak[]): Promise<void> {
    const { onBreak } = this.#deps;
    for (const broken of found) {
      if (this.#breaks.has(broken.id) || broken.id === this.#idAtEnd) continue;
      if (this.#breaks.size < MOST_BREAKS) {
        this.#breaks.set(broken.id, broken);
        await onBreak(broken);
      } else {
        this.#furtherBreaks += 1;
        this.#unreported ??= { count: 0, first: broken };
        this.#unreported.count += 1;
      }
    }
  }

  async #reportFurther(): Promise<void> {
    if (!this.#unreported) return;
    await this.#deps.onFurtherBreaks(this.#unreported);
    this.#unreported = undefined;
  }

  /** Break between the records and the head. The last record is read first: the head only grows. */
  async #headBreak(): Promise<ChainBreak | undefined> {
    const { audit } = this.#deps;
    const last = (await audit.last()) ?? START;
    const head = await audit.head();
    if (!head || head.seq <= last.seq) return headBreak(head, last);
    const [atHead] = await audit.list({ afterSeq: head.seq - 1, limit: 1 });
    return headBreak(head, atHead ?? last);
  }
}
