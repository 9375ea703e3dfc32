import type { Knex } from 'knex';
import type { GraphKind } from '../../azure/graph/resourceGraphPort';
import type { Clock } from '../../platform/database/clock';
import { isSqlite } from '../../platform/database/sqlite';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { accessOfSubject, keyOfSubject } from './dirtySubject';
import { batchesOf } from '../../platform/database/batches';
import { subscriptionOf } from '../../azure/armIds';

/** Kinds of things that can be read one by one. */
export type DirtyKind = 'registry' | 'vault' | 'identity' | 'key' | 'access';

/** Maps the kind of a list to the kind of its single items. */
export const DIRTY_KIND = {
  registries: 'registry',
  vaults: 'vault',
  identities: 'identity',
} as const satisfies Record<GraphKind, DirtyKind>;

/** Reason why something is to be read again. */
export type DirtyReason =
  | 'new'
  | 'changed'
  | 'missing'
  | 'following'
  | 'age'
  /** The state of versions in use alone. */
  | 'in-use'
  | 'failed'
  | 'event';

/** One thing that has to be read from Azure again. */
export interface Dirty {
  kind: DirtyKind;
  /**
   * ARM id of a registry, vault or identity; `<vault host>/<key>`; `<principal> <vault host>/<key>`.
   * Lower case.
   */
  subject: string;
  reason: DirtyReason;
}

/** One that is due. */
export interface DueDirty extends Dirty {
  marks: number;
  attempts: number;
}

/** After so many failures it waits until what has failed is looked for (`Gaps.markFailed`). */
const MOST_ATTEMPTS = 6;
/** Wait after the first failure, doubled for each further one. Milliseconds. */
const RETRY_MS = 30_000;

/** Time for which a claimed item is not claimed again. Milliseconds. */
const CLAIM_MS = 2 * 60_000;

interface DirtyStoreDeps {
  db: Knex;
  clock: Clock;
}

/** Set of things that have to be read from Azure again. */
export class DirtyStore {
  readonly #deps: DirtyStoreDeps;
  readonly #locks: boolean;

  constructor(deps: DirtyStoreDeps) {
    this.#deps = deps;
    this.#locks = !isSqlite(deps.db);
  }

  /** Marks things as dirty. One that is marked already is so once more, and is due now. */
  async mark(dirty: readonly Dirty[], db: Knex = this.#deps.db): Promise<void> {
    if (dirty.length === 0) return;
    const now = await this.#deps.clock.now(db);
    const unique = new Map(
      dirty.map(each => [`${each.kind} ${each.subject}`, each]),
    );
    for (const batch of batchesOf([...unique.values()])) {
      const places = await placesOf(batch, db);
      await db('dirty')
        .insert(
          batch.map(each => ({
            ...each,
            subscription_id: places(each),
            marks: 1,
            attempts: 0,
            since: now,
            due_at: now,
          })),
        )
        .onConflict(['kind', 'subject'])
        .merge({
          // What is only tried again has fewer attempts, and of a key in use only a part is read.
          reason: db.raw(
            `case when dirty.reason in ('failed', 'in-use') then excluded.reason else dirty.reason end`,
          ),
          marks: db.raw('dirty.marks + 1'),
          attempts: 0,
          due_at: now,
        });
    }
  }

  /** Marks those that are not marked yet: what waits for its next try goes on waiting. */
  async markNew(dirty: readonly Dirty[]): Promise<void> {
    // The statement that found them is long, and so is the next one.
    await backgroundThrottle.turn();
    const now = await this.#deps.clock.now();
    for (const batch of batchesOf(dirty)) {
      const places = await placesOf(batch, this.#deps.db);
      await this.#deps
        .db('dirty')
        .insert(
          batch.map(each => ({
            ...each,
            subscription_id: places(each),
            marks: 1,
            since: now,
            due_at: now,
          })),
        )
        .onConflict(['kind', 'subject'])
        .ignore();
    }
  }

  /** Subscriptions in which something is due. */
  async subscriptions(): Promise<string[]> {
    const now = await this.#deps.clock.now();
    return this.#deps
      .db('dirty')
      .where('due_at', '<=', now)
      .distinct('subscription_id')
      .orderBy('subscription_id')
      .pluck('subscription_id');
  }

  /**
   * Takes those of a subscription that are due, the oldest first: nobody else gets them for a while. When this
   * process dies they are due again after that.
   */
  async claim(subscription: string, limit: number): Promise<DueDirty[]> {
    return this.#deps.db.transaction(async trx => {
      const now = await this.#deps.clock.now(trx);
      const due: DueDirty[] = await trx('dirty')
        .where({ subscription_id: subscription })
        .where('due_at', '<=', now)
        .orderBy('since')
        .orderBy('kind')
        .orderBy('subject')
        .limit(limit)
        .modify(query => {
          if (this.#locks) query.forUpdate().skipLocked();
        })
        .select('kind', 'subject', 'reason', 'marks', 'attempts');
      for (const batch of batchesOf(due)) {
        await trx('dirty')
          .whereIn(
            ['kind', 'subject'],
            batch.map(({ kind, subject }) => [kind, subject]),
          )
          .update({ due_at: now + CLAIM_MS });
      }
      return due;
    });
  }

  /** Gives back what was claimed and not read: it is due again at once. */
  async release(dirty: readonly DueDirty[]): Promise<void> {
    const now = await this.#deps.clock.now();
    for (const batch of batchesOf(dirty)) {
      await this.#deps
        .db('dirty')
        .whereIn(
          ['kind', 'subject', 'marks'],
          batch.map(({ kind, subject, marks }) => [kind, subject, marks]),
        )
        .update({ due_at: now });
    }
  }

  /** They were read. One that was marked again meanwhile stays. */
  async done(dirty: readonly DueDirty[]): Promise<void> {
    for (const batch of batchesOf(dirty)) {
      await this.#deps
        .db('dirty')
        .whereIn(
          ['kind', 'subject', 'marks'],
          batch.map(({ kind, subject, marks }) => [kind, subject, marks]),
        )
        .delete();
    }
  }

  /** Reading failed: later, and in the end not at all, because what failed is looked for again. */
  async failed(
    { kind, subject, reason, marks, attempts }: DueDirty,
    afterMs?: number,
  ): Promise<void> {
    const row = this.#deps.db('dirty').where({ kind, subject, marks });
    const tries = reason === 'failed' ? 1 : MOST_ATTEMPTS;
    // Azure's own wait is no failure of the thing.
    if (afterMs === undefined && attempts + 1 >= tries) {
      await row.delete();
      return;
    }
    const now = await this.#deps.clock.now();
    await row.update({
      attempts: afterMs === undefined ? attempts + 1 : attempts,
      due_at: now + (afterMs ?? RETRY_MS * 2 ** attempts),
    });
  }

  async count(): Promise<number> {
    const [{ n }] = await this.#deps.db('dirty').count({ n: '*' });
    return Number(n);
  }
}

/** Tells the subscription of each: it is in the ids of most, and in the rows of vaults for keys and access paths. */
async function placesOf(
  dirty: readonly Dirty[],
  db: Knex,
): Promise<(one: Dirty) => string> {
  const hosts = new Set(dirty.flatMap(one => hostOf(one) ?? []));
  const vaults = await db('vaults')
    .whereIn('host', [...hosts])
    .select('host', 'subscription_id');
  const ofVault = new Map(
    vaults.map(({ host, subscription_id }) => [host, subscription_id]),
  );
  return one => {
    const host = hostOf(one);
    return host === undefined
      ? subscriptionOf(one.subject)
      : (ofVault.get(host) ?? '');
  };
}

/** Host of the vault of a key or an access path. */
function hostOf({ kind, subject }: Dirty): string | undefined {
  if (kind === 'key') return keyOfSubject(subject)?.vault_host;
  if (kind === 'access') return accessOfSubject(subject)?.vault_host;
  return undefined;
}
