import type { Fact } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { AzureAnswer } from '../azure/ports';
import type { FactName, FactStore, StoredFact } from './FactStore';

/** How old facts may be. Milliseconds. */
export interface Freshness {
  maxAgeMs: number;
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
/** For the acceptance of a plan and what follows: what is there now. */
export const NOW: Freshness = { maxAgeMs: 0 };

/** A reading that failed is not tried again sooner than this. Milliseconds. */
const RETRY_AFTER_MS = 10_000;

/** One thing that can be read from Azure. */
export interface Reading<T> extends FactName {
  ask: () => Promise<AzureAnswer<T>>;
}

/**
 * Answers from what is kept, or asks Azure when that is too old.
 *
 * Identical readings at the same time are one call. A failed reading keeps what was known, with
 * its age and the reason.
 */
export class FactReader {
  readonly #facts: FactStore;
  readonly #underWay = new Map<
    string,
    { askedAt: number; reading: Promise<Fact<unknown>> }
  >();

  constructor(options: { facts: FactStore }) {
    this.#facts = options.facts;
  }

  async read<T>(
    { kind, subject, ask }: Reading<T>,
    { maxAgeMs }: Freshness,
  ): Promise<Fact<T>> {
    const [stored, now] = await Promise.all([
      this.#facts.read<T>({ kind, subject }),
      this.#facts.now(),
    ]);
    if (stored && isFresh(stored, now, maxAgeMs)) return toFact(stored);

    const name = `${kind} ${subject} ${maxAgeMs === 0 ? 'now' : ''}`;
    const underWay = this.#underWay.get(name);
    if (
      underWay &&
      isYounger(underWay.askedAt, stored) &&
      (maxAgeMs === 0 || now - underWay.askedAt < maxAgeMs)
    ) {
      return underWay.reading as Promise<Fact<T>>;
    }
    const reading = this.#ask({ kind, subject, ask }, now);
    const entry = { askedAt: now, reading };
    this.#underWay.set(name, entry);
    const ended = () => {
      if (this.#underWay.get(name) === entry) this.#underWay.delete(name);
    };
    reading.then(ended, ended);
    return reading;
  }

  async #ask<T>(
    { kind, subject, ask }: Reading<T>,
    askedAt: number,
  ): Promise<Fact<T>> {
    try {
      const { value, azureAt } = await ask();
      await this.#facts.keep({ kind, subject }, { value, azureAt }, askedAt);
      return { known: true, value, observedAt: askedAt, azureAt };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      const problem = error.toProblem();
      await this.#facts.keepProblem({ kind, subject }, problem, askedAt);
      const stored = await this.#facts.read<T>({ kind, subject });
      // What no longer exists is not shown from before: that would mislead.
      return stored && problem.kind !== 'not-found'
        ? toFact(stored)
        : { known: false, problem };
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

/** Did a reading begin after we last changed what it reads? */
function isYounger(
  askedAt: number,
  stored: Pick<StoredFact<unknown>, 'expiredAt'> | undefined,
): boolean {
  return stored?.expiredAt === undefined || askedAt > stored.expiredAt;
}

function toFact<T>(stored: StoredFact<T>): Fact<T> {
  const { value, observedAt, azureAt, problem } = stored;
  const gone = problem?.kind === 'not-found';
  if (
    value === undefined ||
    observedAt === undefined ||
    azureAt === undefined ||
    gone
  ) {
    return {
      known: false,
      problem: problem ?? {
        kind: 'unavailable',
        code: 'NotRead',
        message: 'It has not been read yet',
      },
    };
  }
  return {
    known: true,
    value,
    observedAt,
    azureAt,
    ...(problem ? { refreshProblem: problem } : {}),
  };
}
