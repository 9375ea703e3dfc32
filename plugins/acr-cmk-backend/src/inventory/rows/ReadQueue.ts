import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { batchesOf } from '../../platform/database/batches';
import type { Clock } from '../../platform/database/clock';
import { inLockOrder } from '../../platform/database/lockOrder';
import { isSqlite } from '../../platform/database/sqlite';
import type { BigInteger } from '../../platform/database/tables';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { PRIMARY_KEYS } from './FactTable';
import { IDENTITIES } from './identities';
import type { ListedTable } from './ListedRows';
import { REGISTRIES } from './registries';
import { accessOfSubject, keyOfSubject } from './subjects';
import { VAULTS } from './vaults';

/** Kinds of things that can be read one by one. */
export type ReadKind = 'registry' | 'vault' | 'identity' | 'key' | 'access';

/** Maps the kind of a list to the kind of its single items. */
export const KIND_OF = {
  registries: 'registry',
  vaults: 'vault',
  identities: 'identity',
} as const satisfies Record<ListedTable, ReadKind>;

/** Reason why something is to be read again. */
export type ReadReason =
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
export interface ToRead {
  kind: ReadKind;
  /**
   * ARM id of a registry, vault or identity; `<vault host>/<key>`; `<principal> <vault host>/<key>`.
   * Lower case.
   */
  subject: string;
  reason: ReadReason;
}

/** One that was claimed. */
export interface Claimed extends ToRead {
  attempts: number;
  /** Time until which nobody else claims it. It tells whether the row was queued again since. */
  until: number;
}

/** After so many failures it waits until what has failed is looked for (`StaleRows.queueFailed`). */
const MOST_ATTEMPTS = 6;
/** Wait after the first failure, doubled for each further one. Milliseconds. */
const RETRY_MS = 30_000;
/** Time for which a claimed item is not claimed again. Milliseconds. */
const CLAIM_MS = 2 * 60_000;

type Row = Record<string, string>;

type QueuedTable = Exclude<keyof typeof PRIMARY_KEYS, 'facts'>;

/** Place of the things of one kind. */
interface Place {
  table: QueuedTable;
  /** The subject of a row, and the subscription whose calls it takes to read it, in SQL. */
  subject: string;
  subscription: string;
  /** Key of the row, and what a row without facts needs beside it. */
  rowOf(subject: string): { key: Row; columns: object } | undefined;
}

const ofVault = (table: string) =>
  `coalesce((select min(vaults.subscription_id) from vaults where vaults.host = ${table}.vault_host), '')`;

const bare = (key: object | undefined) =>
  key && { key: key as Row, columns: {} };

/** Places by kind, in the order in which `FactTable.keepEach` locks rows: those of registries last. */
const PLACES: Record<ReadKind, Place> = {
  vault: {
    table: 'vaults',
    subject: 'vaults.id',
    subscription: 'vaults.subscription_id',
    rowOf: VAULTS.placeOf,
  },
  identity: {
    table: 'identities',
    subject: 'identities.id',
    subscription: 'identities.subscription_id',
    rowOf: IDENTITIES.placeOf,
  },
  key: {
    table: 'keys',
    subject: `keys.vault_host || '/' || keys.name`,
    subscription: ofVault('keys'),
    rowOf: subject => bare(keyOfSubject(subject)),
  },
  access: {
    table: 'access',
    subject: `access.principal_id || ' ' || access.vault_host || '/' || access.key_name`,
    subscription: ofVault('access'),
    rowOf: subject => bare(accessOfSubject(subject)),
  },
  registry: {
    table: 'registries',
    subject: 'registries.id',
    subscription: 'registries.subscription_id',
    rowOf: subject => {
      const id = RegistryId.tryParse(subject);
      return id && REGISTRIES.placeOf(id);
    },
  },
};

const KINDS = Object.keys(PLACES) as ReadKind[];

/** A queued row, whichever table it is in. */
export interface QueuedRow {
  kind: ReadKind;
  subject: string;
  subscription_id: string;
  reason: ReadReason;
  attempts: number;
  next_read_at: BigInteger;
}

/** Query of everything that is to be read again: the rows of `QueuedRow`. */
export function queued(db: Knex): Knex.QueryBuilder<QueuedRow, QueuedRow[]> {
  const parts = KINDS.map(kind => {
    const { table, subject, subscription } = PLACES[kind];
    return `select '${kind}' as kind, ${subject} as subject, ${subscription} as subscription_id, read_why as reason, read_attempts as attempts, next_read_at from ${table} where next_read_at >= 0`;
  });
  return db.from(db.raw(`(${parts.join(' union all ')}) as queue`)) as never;
}

/**
 * Queue of things to read from Azure again, each with its time and reason: columns of the rows themselves. A row whose
 * `next_read_at` is null is kept by lists alone.
 */
export class ReadQueue {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #locks: boolean;

  constructor({ db, clock }: { db: Knex; clock: Clock }) {
    this.#db = db;
    this.#clock = clock;
    this.#locks = !isSqlite(db);
  }

  /** Queues things to be read now. One that is queued already, or is being read, is read once more. */
  async add(things: readonly ToRead[], db: Knex = this.#db): Promise<void> {
    if (things.length === 0) return;
    const now = await this.#clock.now(db);
    for (const [{ table, rowOf }, ofKind] of byPlace(things)) {
      const names = PRIMARY_KEYS[table];
      const unique = new Map(ofKind.map(each => [each.subject, each]));
      const rows = [...unique.values()].flatMap(({ subject, reason }) => {
        const row = rowOf(subject);
        return row ? { ...row, reason } : [];
      });
      const valuesOf = ({ key }: { key: Row }) => names.map(name => key[name]);
      rows.sort((a, b) => inLockOrder(valuesOf(a), valuesOf(b)));
      for (const batch of batchesOf(rows)) {
        await db<object>(table)
          .insert(
            batch.map(({ key, columns, reason }) => ({
              ...key,
              ...columns,
              next_read_at: now,
              read_why: reason,
              read_attempts: 0,
            })),
          )
          .onConflict([...names] as never)
          .merge({
            // What is only tried again has fewer attempts, and of a key in use only a part is read.
            read_why: db.raw(
              `case when coalesce(${table}.read_why, 'failed') in ('failed', 'in-use') then excluded.read_why else ${table}.read_why end`,
            ),
            next_read_at: now,
            read_attempts: 0,
          });
      }
    }
  }

  /**
   * Queues the rows that `which` selects and that are not queued yet: what waits for its next try goes on waiting. Rows
   * that another session has locked are left for the next turn, so that neither waits for the other.
   */
  async addRows(
    table: QueuedTable,
    reason: ReadReason,
    which: (rows: Knex.QueryBuilder) => void,
  ): Promise<void> {
    // The statement before this one was long, and so is this one.
    await backgroundThrottle.turn();
    const names = [...PRIMARY_KEYS[table]];
    const found = this.#db<object>(table)
      .whereNull('next_read_at')
      .modify(which)
      .modify(query => {
        if (this.#locks) query.forUpdate().skipLocked();
      })
      .select(...names);
    await this.#db<object>(table)
      .with('found', found)
      .whereIn(names, this.#db('found').select(...names))
      .update({
        next_read_at: await this.#clock.now(),
        read_why: reason,
        read_attempts: 0,
      });
  }

  /**
   * Queues things that were never read, unless they are queued already, and makes their rows where there are none.
   *
   * @param places - selects their primary keys, each once
   */
  async addUnread(
    table: 'keys' | 'access',
    places: Knex.QueryBuilder,
  ): Promise<void> {
    await backgroundThrottle.turn();
    const names = PRIMARY_KEYS[table];
    const columns = names.join(', ');
    const inOrder = names.map(name =>
      this.#locks ? `${name} collate "C"` : name,
    );
    await this.#db.raw(
      `insert into ${table} (${columns}, next_read_at, read_why, read_attempts)
        select ${columns}, cast(? as bigint), 'new', 0 from ? as found where true order by ${inOrder.join(', ')}
        on conflict (${columns}) do update set next_read_at = excluded.next_read_at, read_why = 'new', read_attempts = 0
        where ${table}.next_read_at is null`,
      [await this.#clock.now(), places],
    );
  }

  /** Subscriptions in which something is due. */
  async subscriptions(): Promise<string[]> {
    const now = await this.#clock.now();
    return queued(this.#db)
      .where('next_read_at', '<=', now)
      .distinct('subscription_id')
      .orderBy('subscription_id')
      .pluck('subscription_id');
  }

  /**
   * Takes those of a subscription that are due, the oldest first and at most `limit`: nobody else gets them for a
   * while. When this process dies they are due again after that.
   */
  async claim(subscription: string, limit: number): Promise<Claimed[]> {
    return this.#db.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const until = now + CLAIM_MS;
      const found: (Claimed & { dueAt: number })[] = [];
      for (const kind of KINDS) {
        const { table, subject, subscription: place } = PLACES[kind];
        const due = await trx<object>(table)
          .where('next_read_at', '<=', now)
          .whereRaw(`${place} = ?`, [subscription])
          .orderBy('next_read_at')
          .orderByRaw(subject)
          .limit(limit)
          .modify(query => {
            if (this.#locks) query.forUpdate().skipLocked();
          })
          .select<
            Pick<
              QueuedRow,
              'subject' | 'reason' | 'attempts' | 'next_read_at'
            >[]
          >(
            trx.raw(`${subject} as subject`),
            'read_why as reason',
            'read_attempts as attempts',
            'next_read_at',
          );
        found.push(
          ...due.map(({ next_read_at, ...row }) => ({
            kind,
            ...row,
            until,
            dueAt: Number(next_read_at),
          })),
        );
      }
      const oldest = found.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit);
      await this.#update(oldest, { next_read_at: until }, trx);
      return oldest.map(({ dueAt, ...claimed }) => claimed);
    });
  }

  /** Gives back what was claimed and not read: it is due again at once. */
  async release(claimed: readonly Claimed[]): Promise<void> {
    await this.#update(claimed, { next_read_at: await this.#clock.now() });
  }

  /** They were read. One that was queued again meanwhile stays. */
  async done(claimed: readonly Claimed[]): Promise<void> {
    await this.#update(claimed, {
      next_read_at: null,
      read_why: null,
      read_attempts: 0,
    });
  }

  /** Reading failed: later, and in the end not at all, because what failed is looked for again. */
  async failed(claimed: Claimed, afterMs?: number): Promise<void> {
    const { reason, attempts } = claimed;
    const tries = reason === 'failed' ? 1 : MOST_ATTEMPTS;
    // Azure's own wait is no failure of the thing.
    if (afterMs === undefined && attempts + 1 >= tries) {
      await this.done([claimed]);
      return;
    }
    const now = await this.#clock.now();
    await this.#update([claimed], {
      read_attempts: afterMs === undefined ? attempts + 1 : attempts,
      next_read_at: now + (afterMs ?? RETRY_MS * 2 ** attempts),
    });
  }

  async count(): Promise<number> {
    const [{ n }] = await queued(this.#db).count({ n: '*' });
    return Number(n);
  }

  /** Changes claimed rows, unless they were queued again since; without a database of its own, as they are claimed. */
  async #update(
    claimed: readonly Claimed[],
    columns: object,
    claiming?: Knex,
  ): Promise<void> {
    for (const [{ table, rowOf }, ofKind] of byPlace(claimed)) {
      const names: readonly string[] = PRIMARY_KEYS[table];
      for (const batch of batchesOf(ofKind)) {
        await (claiming ?? this.#db)<object>(table)
          .whereIn(
            [...names],
            batch.flatMap(({ subject }) => {
              const key = rowOf(subject)?.key as Row | undefined;
              return key ? [names.map(name => key[name])] : [];
            }),
          )
          .modify(query => {
            if (!claiming) {
              query.whereIn('next_read_at', [
                ...new Set(batch.map(({ until }) => until)),
              ]);
            }
          })
          .update(columns);
      }
    }
  }
}

function byPlace<T extends ToRead>(things: readonly T[]): [Place, T[]][] {
  return KINDS.flatMap((kind): [Place, T[]][] => {
    const ofKind = things.filter(each => each.kind === kind);
    return ofKind.length > 0 ? [[PLACES[kind], ofKind]] : [];
  });
}
