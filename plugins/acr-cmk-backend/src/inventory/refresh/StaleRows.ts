import type { Knex } from 'knex';
import { FOLLOW_HOUR_MS } from '../../domain/timing';
import type { Context } from '../../platform/context';
import { usersOfAccess } from '../rows/access';
import { usersOfKey } from '../rows/keys';
import type { ReadQueue } from '../rows/ReadQueue';
import { LIKE_HSM } from '../rows/vaults';
import { ASSIGNMENTS_EVERY_MS } from './Sweeper';
import { readAgainAfterMs } from './turns';

/** Found of each kind in one turn; the rest is found in the next ones. */
const MOST = 5_000;
/**
 * Keys in one turn that were never read. So many that those of all subscriptions are among them, whose calls Azure counts apart.
 */
const MOST_UNREAD = 50_000;
/** A key is read whole at least so often, for its rotation policy and for versions that no registry uses. */
export const KEY_AGE_MS = 24 * 60 * 60_000;
/** Access is listed every hour where Resource Graph answers; else it is read so often. */
export const ACCESS_AGE_MS = 6 * 60 * 60_000;
/** Time in which a registry is expected to follow its key: Azure's, doubled. */
const FOLLOWING_MS = 2 * FOLLOW_HOUR_MS;
/** Interval at which a registry is read that has not followed in that time. */
const BEHIND_EVERY_MS = 60 * 60_000;
/** Wait before a failed reading is repeated; an interval of the sync if that is longer. */
const FAILED_AGE_MS = 15 * 60_000;
/** Failed items of each kind in one turn: a right that is missing for thousands of keys must not take the calls of all else. */
const MOST_FAILED = 100;

interface StaleRowsDeps extends Pick<Context, 'db' | 'clock'> {
  queue: ReadQueue;
}

/** Finds what lists do not show, and queues it. */
export class StaleRows {
  readonly #deps: StaleRowsDeps;

  constructor(deps: StaleRowsDeps) {
    this.#deps = deps;
  }

  async queue(options: { everyMs: number }): Promise<void> {
    const now = await this.#deps.clock.now();
    await this.queueUnreadKeys();
    await this.#queueUnreadAccess();
    await this.#queueFollowing(now, options.everyMs);
    await this.#queueOld(now);
  }

  /** Queues keys that registries use and that were never read. */
  async queueUnreadKeys(): Promise<void> {
    const { db, queue } = this.#deps;
    await queue.addUnread(
      'keys',
      db('registries')
        .join('vaults', 'vaults.host', 'registries.vault_host')
        .leftJoin('keys', join =>
          join
            .on('keys.vault_host', 'registries.vault_host')
            .on('keys.name', 'registries.key_name'),
        )
        .whereNotNull('registries.key_name')
        .whereNull('keys.facts')
        .whereNull('keys.problem')
        .whereNull('keys.next_read_at')
        .distinct('registries.vault_host', 'registries.key_name as name')
        .limit(MOST_UNREAD),
    );
  }

  /**
   * Queues things whose last reading failed, oldest attempt first: a right may have been granted since, or Azure
   * may have recovered, and no list shows that. Called once in each turn.
   */
  async queueFailed({ everyMs }: { everyMs: number }): Promise<void> {
    const { db, clock, queue } = this.#deps;
    const before = (await clock.now()) - Math.max(everyMs, FAILED_AGE_MS);
    const failed = (rows: Knex.QueryBuilder) =>
      rows
        .where('problem_at', '<', before)
        .whereNot({ problem_kind: 'not-found' })
        .orderBy('problem_at')
        .limit(MOST_FAILED);
    for (const table of ['registries', 'vaults', 'identities'] as const) {
      // Those without facts are found by a list, when one may show them.
      await queue.addRows(table, 'failed', rows =>
        failed(rows).whereNotNull('facts').orderBy('id'),
      );
    }
    await queue.addRows('keys', 'failed', rows =>
      failed(rows)
        .whereExists(usersOfKey(db))
        .whereExists(vaultOf(db, 'keys'))
        .orderBy(['vault_host', 'name']),
    );
    await queue.addRows('access', 'failed', rows =>
      failed(rows)
        .whereExists(usersOfAccess(db))
        .whereExists(vaultOf(db, 'access'))
        .orderBy(['principal_id', 'vault_host', 'key_name']),
    );
  }

  /** Queues identities of registries whose access to the key was never read. */
  async #queueUnreadAccess(): Promise<void> {
    const { db, queue } = this.#deps;
    await queue.addUnread(
      'access',
      db('registries')
        .join('vaults', 'vaults.host', 'registries.vault_host')
        .leftJoin('access', join =>
          join
            .on('access.principal_id', 'registries.principal_id')
            .on('access.vault_host', 'registries.vault_host')
            .on('access.key_name', 'registries.key_name'),
        )
        .where('vaults.permission_model', 'rbac')
        .whereNotNull('registries.principal_id')
        .whereNotNull('registries.key_name')
        .whereNull('access.facts')
        .whereNull('access.problem')
        .whereNull('access.next_read_at')
        .distinct(
          'registries.principal_id',
          'registries.vault_host',
          'registries.key_name',
        )
        .limit(MOST),
    );
  }

  /**
   * Queues registries that follow their key and do not use its newest version: Azure changes them by itself,
   * and no list need show it. After Azure's hour, when one that has not followed is called behind, it is read at once.
   */
  async #queueFollowing(now: number, everyMs: number): Promise<void> {
    const { db, queue } = this.#deps;
    const newer = db('keys')
      .whereRaw('keys.vault_host = registries.vault_host')
      .whereRaw('keys.name = registries.key_name')
      .where(row =>
        row
          .whereNull('registries.version_in_use')
          .orWhereRaw('registries.version_in_use <> keys.newest_version'),
      )
      .where(row =>
        row
          .where(young =>
            young
              .where('keys.created_at', '>', now - FOLLOWING_MS)
              .where(
                'registries.read_at',
                '<=',
                now - readAgainAfterMs(everyMs),
              ),
          )
          .orWhere(late =>
            late
              .where('keys.created_at', '<', now - FOLLOW_HOUR_MS)
              .whereRaw('registries.read_at <= keys.created_at + ?', [
                FOLLOW_HOUR_MS,
              ]),
          )
          .orWhere('registries.read_at', '<=', now - BEHIND_EVERY_MS),
      );
    await queue.addRows('registries', 'following', rows =>
      rows
        .where({ version_mode: 'automatic' })
        .whereNull('problem')
        .whereExists(newer)
        .orderBy('id')
        .limit(MOST),
    );
  }

  async #queueOld(now: number): Promise<void> {
    const { db, queue } = this.#deps;
    await queue.addRows('keys', 'age', rows =>
      rows
        .where('read_at', '<', now - KEY_AGE_MS)
        .where(row => notTried(row, now - KEY_AGE_MS))
        .whereExists(usersOfKey(db))
        .orderBy('read_at')
        .limit(MOST),
    );
    await queue.addRows('access', 'age', rows =>
      rows
        .where(row =>
          row
            .where('read_at', '<', now - ACCESS_AGE_MS)
            // What a Managed HSM has of its own is in no list.
            .orWhere(inHsm =>
              inHsm
                .where('vault_host', 'like', LIKE_HSM)
                .where('read_at', '<', now - ASSIGNMENTS_EVERY_MS),
            ),
        )
        .where(row => notTried(row, now - ACCESS_AGE_MS))
        .whereExists(usersOfAccess(db))
        .orderBy('read_at')
        .limit(MOST),
    );
  }
}

/** Vault of a row. Without it, ARM cannot be asked about its keys. */
function vaultOf(db: Knex, table: 'keys' | 'access'): Knex.QueryBuilder {
  return db('vaults').whereRaw(`vaults.host = ${table}.vault_host`);
}

/** Excludes rows whose reading has failed since then: `queueFailed` finds those. */
function notTried(row: Knex.QueryBuilder, since: number): void {
  row.whereNull('problem_at').orWhere('problem_at', '<', since);
}
