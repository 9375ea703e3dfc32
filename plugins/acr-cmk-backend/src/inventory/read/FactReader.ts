import type { Fact } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { AzureAnswer } from '../../azure/transport/answer';
import type { Clock } from '../../platform/database/clock';
import type { Sleep } from '../../platform/time/realClock';
import { isYounger, toFact } from '../facts';
import type { StoredFact, StoredReading } from '../rows';

/** Maximum age of facts. */
export interface Freshness {
  /** Milliseconds. */
  maxAgeMs: number;
  /** Answer with what is known, however old: the sync keeps it fresh. */
  asKnown?: true;
  /** Longest wait for Azure, after which the answer is what is known. Milliseconds. Default: until Azure answers. */
  waitMs?: number;
  /** Our time, for callers that read many facts at one moment. Epoch milliseconds. Default: the database's clock. */
  now?: number;
}

/** Facts younger than this are answered without a call to Azure. */
export const FRESH: Freshness = { maxAgeMs: 60_000 };
/** For a person who presses Refresh: not more often than that. */
export const REFRESHED: Freshness = { maxAgeMs: 5_000 };
/**
 * For a plan: people who ask at the same moment share one reading. Our choice: too short for a person
 * to have changed something in Azure and asked. What we change ourselves is never older than that.
 */
export const JUST_NOW: Freshness = { maxAgeMs: 1_000 };
/**
 * For previews of many plans: what the sync keeps. Waits only for facts that were never read, or that we changed. Each
 * plan is made again from the facts of that moment before it is carried out.
 */
export const KNOWN: Freshness = { ...FRESH, asKnown: true };
/**
 * For views: what the sync keeps. Waits only for facts that were never read, or that we changed, and not for long: the
 * next poll of a page shows what arrives later. Our choice: longer than Azure mostly takes.
 */
export const SHOWN: Freshness = { ...KNOWN, waitMs: 5_000 };
/** For the acceptance of a plan and what follows: what is there now. */
export const NOW: Freshness = { maxAgeMs: 0 };

/** A reading that failed is not tried again sooner than this. Milliseconds. */
const RETRY_AFTER_MS = 10_000;

/** One thing that can be read from Azure, and where it is kept. */
export interface FactSource<T> {
  stored: StoredReading<T>;
  /** Stored fact that was just read. Default: it is read. */
  known?: StoredFact<T>;
  /** @param askedAt - when the reading begins, by our clock */
  ask: (askedAt: number) => Promise<AzureAnswer<T>>;
}

interface FactReaderDeps {
  clock: Clock;
  sleep: Sleep;
  /** Something was kept: verdicts may have to be made again. */
  kept: () => void;
}

/**
 * Answers from what is kept, or asks Azure when that is too old.
 *
 * Identical readings at the same time are one call. A failed reading keeps what was known, with
 * its age and the reason.
 */
export class FactReader {
  readonly #deps: FactReaderDeps;
  readonly #underWay = new Map<
    string,
    { askedAt: number; reading: Promise<Fact<unknown>> }
  >();

  constructor(deps: FactReaderDeps) {
    this.#deps = deps;
  }

  async read<T>(
    source: FactSource<T>,
    { maxAgeMs, asKnown, waitMs, now: given }: Freshness,
  ): Promise<Fact<T>> {
    const [stored, now] = await Promise.all([
      source.known ?? source.stored.read(),
      given ?? this.#deps.clock.now(),
    ]);
    if (stored && isFresh(stored, now, maxAgeMs)) return toFact(stored);
    if (stored && asKnown && canBeShown(stored)) return toFact(stored);
    const reading = this.#share(source, { stored, now, maxAgeMs });
    return waitMs === undefined
      ? reading
      : this.#within(waitMs, reading, () => toFact(stored));
  }

  /** Waits for a reading for a bounded time. It goes on afterwards, and what it brings is kept. */
  async #within<T>(
    waitMs: number,
    reading: Promise<Fact<T>>,
    known: () => Fact<T>,
  ): Promise<Fact<T>> {
    const answered = new AbortController();
    const waited = this.#deps.sleep(waitMs, answered.signal).then(known);
    return Promise.race([reading, waited]).finally(() => answered.abort());
  }

  #share<T>(
    source: FactSource<T>,
    {
      stored,
      now,
      maxAgeMs,
    }: { stored: StoredFact<T> | undefined; now: number; maxAgeMs: number },
  ): Promise<Fact<T>> {
    const name = `${source.stored.name} ${maxAgeMs === 0 ? 'now' : ''}`;
    const underWay = this.#underWay.get(name);
    if (
      underWay &&
      isYounger(underWay.askedAt, stored) &&
      (maxAgeMs === 0 || now - underWay.askedAt < maxAgeMs)
    ) {
      return underWay.reading as Promise<Fact<T>>;
    }
    const reading = this.#ask(source, now);
    const entry = { askedAt: now, reading };
    this.#underWay.set(name, entry);
    const ended = () => {
      if (this.#underWay.get(name) === entry) this.#underWay.delete(name);
    };
    reading.then(ended, ended);
    return reading;
  }

  async #ask<T>(
    { stored, ask }: FactSource<T>,
    askedAt: number,
  ): Promise<Fact<T>> {
    try {
      const { value, azureAt } = await ask(askedAt);
      await stored.keep(value, { readAt: askedAt, azureAt });
      return { known: true, value, observedAt: askedAt, azureAt };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      const problem = error.toProblem();
      await stored.keepProblem(problem, askedAt);
      const before = await stored.read();
      return toFact(before && { ...before, problem }, problem);
    } finally {
      this.#deps.kept();
    }
  }
}

function isFresh(
  fact: StoredFact<unknown>,
  now: number,
  maxAgeMs: number,
): boolean {
  if (maxAgeMs === 0) return false;
  const { observedAt, problemAt, problem } = fact;
  const failedLately =
    problem !== undefined &&
    problemAt !== undefined &&
    isYounger(problemAt, fact) &&
    now - problemAt < Math.min(RETRY_AFTER_MS, maxAgeMs);
  if (failedLately) return true;
  return (
    observedAt !== undefined &&
    isYounger(observedAt, fact) &&
    now - observedAt < maxAgeMs
  );
}

/** Was there an answer of Azure's, good or bad, since we last changed it? */
function canBeShown(fact: StoredFact<unknown>): boolean {
  return [fact.observedAt, fact.problemAt].some(
    at => at !== undefined && isYounger(at, fact),
  );
}
