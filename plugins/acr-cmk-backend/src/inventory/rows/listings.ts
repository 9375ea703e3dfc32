import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type StoredFact } from './FactTable';
import { optionalNumber } from '../../platform/database/results';

/** Kinds of listings. Their parts are subscriptions, hosts of vaults, or `catalog`. */
export type ListingKind =
  | 'registries'
  | 'vaults'
  | 'identities'
  | 'keys'
  | 'links';

/** Time when a part was last listed whole; its value is how many items there were. */
export type StoredListing = StoredFact<number> & { part: string };

/**
 * Time when everything of a kind in a part was last listed whole. The items are rows of other tables;
 * this says whether what is not among them is known not to be there.
 */
export class ListingRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async get(
    kind: ListingKind,
    parts: readonly string[],
  ): Promise<StoredListing[]> {
    const rows = await this.#db('listings')
      .where({ kind })
      .whereIn('part', parts)
      .select(
        'part',
        'items',
        'read_at',
        'azure_at',
        'expired_at',
        'problem',
        'problem_at',
      );
    return parts.map(part => {
      const row = rows.find(one => one.part === part);
      return {
        part,
        value: optionalNumber(row?.items),
        observedAt: optionalNumber(row?.read_at),
        azureAt: optionalNumber(row?.azure_at),
        expiredAt: optionalNumber(row?.expired_at),
        problem: row?.problem ? JSON.parse(row.problem) : undefined,
        problemAt: optionalNumber(row?.problem_at),
      };
    });
  }

  /** A listing has ended whole: every page, and every item with a usable id. */
  async keep(
    kind: ListingKind,
    part: string,
    listing: { items: number; readAt: number; azureAt: number },
  ): Promise<void> {
    const { items, readAt, azureAt } = listing;
    await this.#db('listings')
      .insert({
        kind,
        part,
        items,
        read_at: readAt,
        azure_at: azureAt,
        problem: null,
        problem_at: null,
      })
      .onConflict(['kind', 'part'])
      .merge(['items', 'read_at', 'azure_at', 'problem', 'problem_at'])
      .where(older =>
        older
          .whereNull('listings.read_at')
          .orWhere('listings.read_at', '<=', readAt),
      );
  }

  /** A listing failed, or could not be believed: what was listed before stays, with its age. */
  async keepProblem(
    kind: ListingKind,
    part: string,
    { problem, at }: { problem: AzureProblem; at: number },
  ): Promise<void> {
    await this.#db('listings')
      .insert({ kind, part, problem: JSON.stringify(problem), problem_at: at })
      .onConflict(['kind', 'part'])
      .merge(['problem', 'problem_at']);
  }

  /** We have changed what it holds. */
  async expire(kind: ListingKind, part: string, at: number): Promise<void> {
    await this.#db('listings')
      .insert({ kind, part, expired_at: at })
      .onConflict(['kind', 'part'])
      .merge(['expired_at']);
  }
}
