import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { StoredFact } from './FactTable';
import type { FactName, FactRows, ListingKind } from './facts';

/** Time when a part was last listed whole; its value is how many items there were. */
export type StoredListing = StoredFact<number> & { part: string };

/** Kind of the facts in which lists of a kind are stored. */
export const listOf = (kind: ListingKind) => `list-of-${kind}` as const;

const nameOf = (kind: ListingKind, part: string): FactName => ({
  kind: listOf(kind),
  subject: part,
});

/**
 * Times of the last whole lists, by kind and part. The items of a list are rows of other tables. An item that is not
 * among them is known not to exist if the list is recent.
 */
export class ListingRows {
  readonly #facts: FactRows;

  constructor(facts: FactRows) {
    this.#facts = facts;
  }

  async get(
    kind: ListingKind,
    parts: readonly string[],
  ): Promise<StoredListing[]> {
    const found = await this.#facts.getEach(
      parts.map(part => nameOf(kind, part)),
    );
    const byPart = new Map(found.map(({ key, fact }) => [key.subject, fact]));
    return parts.map(part => ({
      ...(byPart.get(part) as StoredFact<number> | undefined),
      part,
    }));
  }

  /**
   * A list has ended whole: every page, and every item with a usable id. The problem of an earlier list is over, also
   * where that one asked ARM later than this one's answers of Resource Graph are from.
   */
  async keep(
    kind: ListingKind,
    part: string,
    { items, ...reading }: { items: number; readAt: number; azureAt: number },
  ): Promise<void> {
    await this.#facts.forgetProblem(nameOf(kind, part));
    await this.#facts.of<number>(nameOf(kind, part)).keep(items, reading);
  }

  /** A list failed, or could not be believed: what was listed before stays, with its age. */
  async keepProblem(
    kind: ListingKind,
    part: string,
    { problem, at }: { problem: AzureProblem; at: number },
  ): Promise<void> {
    await this.#facts.keepProblem(nameOf(kind, part), problem, at);
  }

  /** Marks a list as old, after our own change of its items. */
  async expire(kind: ListingKind, part: string, at: number): Promise<void> {
    await this.#facts.expire(nameOf(kind, part), at);
  }
}
