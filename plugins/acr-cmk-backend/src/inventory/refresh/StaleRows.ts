import type { Knex } from 'knex';
import { FOLLOW_HOUR_MS } from '../../domain/timing';
import type { Clock } from '../../platform/database/clock';
import { usersOfAccess } from '../rows/access';
import { LIKE_HSM } from '../rows/vaults';
import {
  type ToRead,
  KIND_OF,
  type ReadReason,
  type ReadQueue,
} from '../rows/ReadQueue';
import {
  type AccessPlace,
  type KeyPlace,
  subjectOfAccess,
  subjectOfKey,
} from '../rows/subjects';
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

interface StaleRowsDeps {
  db: Knex;
  clock: Clock;
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
    await this.#deps.queue.addNew(await this.#unreadAccess());
    await this.#deps.queue.addNew(await this.#following(now, options.everyMs));
    await this.#deps.queue.addNew(await this.#changedByUs());
    await this.#deps.queue.addNew(await this.#old(now));
  }

  async queueUnreadKeys(): Promise<void> {
    await this.#deps.queue.addNew(await this.#unreadKeys());
  }

  /**
   * Marks things whose last reading failed, oldest attempt first: a right may have been granted since, or Azure
   * may have recovered, and no list shows that. Called once in each turn.
   */
  async queueFailed({ everyMs }: { everyMs: number }): Promise<void> {
    const before =
      (await this.#deps.clock.now()) - Math.max(everyMs, FAILED_AGE_MS);
    for (const table of ['registries', 'vaults', 'identities'] as const) {
      const ids: string[] = await this.#failed(table, before)
        // Those without are found by a list, when one may show them.
        .whereNotNull('facts')
        .orderBy('id')
        .pluck('id');
      await this.#deps.queue.addNew(
        ids.map(id => ({
          kind: KIND_OF[table],
          subject: id,
          reason: 'failed',
        })),
      );
    }
    const keys: KeyPlace[] = await this.#failed('keys', before)
      .whereExists(this.#usersOf('keys.vault_host', 'keys.name'))
      .whereExists(this.#vaultAt('keys.vault_host'))
      .orderBy(['vault_host', 'name'])
      .select('vault_host', 'name');
    const access: AccessPlace[] = await this.#failed('access', before)
      .whereExists(usersOfAccess(this.#deps.db))
      .whereExists(this.#vaultAt('access.vault_host'))
      .orderBy(['principal_id', 'vault_host', 'key_name'])
      .select('principal_id', 'vault_host', 'key_name');
    await this.#deps.queue.addNew([
      ...keys.map(row => keyOf(row, 'failed')),
      ...access.map(row => accessOf(row, 'failed')),
    ]);
  }

  #failed(table: string, before: number): Knex.QueryBuilder {
    return this.#deps
      .db(table)
      .where('problem_at', '<', before)
      .whereNot({ problem_kind: 'not-found' })
      .orderBy('problem_at')
      .limit(MOST_FAILED);
  }

  /** Registries that use a key, whose place is in these columns. */
  #usersOf(vaultHost: string, keyName: string): Knex.QueryBuilder {
    return this.#deps
      .db('registries')
      .whereRaw(`registries.vault_host = ${vaultHost}`)
      .whereRaw(`registries.key_name = ${keyName}`);
  }

  /** Without it, ARM cannot be asked about its keys. */
  #vaultAt(host: string): Knex.QueryBuilder {
    return this.#deps.db('vaults').whereRaw(`vaults.host = ${host}`);
  }

  /** Keys that registries use and that were never read. */
  async #unreadKeys(): Promise<ToRead[]> {
    const rows = await this.#deps
      .db('registries')
      .join('vaults', 'vaults.host', 'registries.vault_host')
      .leftJoin('keys', join =>
        join
          .on('keys.vault_host', 'registries.vault_host')
          .on('keys.name', 'registries.key_name'),
      )
      .whereNull('keys.facts')
      .whereNull('keys.problem')
      .whereNull('keys.next_read_at')
      .distinct<Pick<AccessPlace, 'vault_host' | 'key_name'>[]>(
        'registries.vault_host',
        'registries.key_name',
      )
      .limit(MOST_UNREAD);
    return rows.map(({ vault_host, key_name }) =>
      keyOf({ vault_host, name: key_name }, 'new'),
    );
  }

  /** Identities of registries whose access to the key was never read. */
  async #unreadAccess(): Promise<ToRead[]> {
    const rows = await this.#deps
      .db('registries')
      .join('vaults', 'vaults.host', 'registries.vault_host')
      .leftJoin('access', join =>
        join
          .on('access.principal_id', 'registries.principal_id')
          .on('access.vault_host', 'registries.vault_host')
          .on('access.key_name', 'registries.key_name'),
      )
      .where('vaults.permission_model', 'rbac')
      .whereNotNull('registries.principal_id')
      .whereNull('access.facts')
      .whereNull('access.problem')
      .whereNull('access.next_read_at')
      .distinct<AccessPlace[]>(
        'registries.principal_id',
        'registries.vault_host',
        'registries.key_name',
      )
      .limit(MOST);
    return rows.map(row => accessOf(row, 'new'));
  }

  /**
   * Registries that follow their key and do not use its newest version: Azure changes them by itself,
   * and no list need show it. After Azure's hour, when one that has not followed is called behind, it is read at once.
   */
  async #following(now: number, everyMs: number): Promise<ToRead[]> {
    const ids: string[] = await this.#deps
      .db('registries')
      .join('keys', join =>
        join
          .on('keys.vault_host', 'registries.vault_host')
          .on('keys.name', 'registries.key_name'),
      )
      .where('registries.version_mode', 'automatic')
      .where(row =>
        row
          .whereNull('registries.version_in_use')
          .orWhereRaw('registries.version_in_use <> keys.newest_version'),
      )
      .whereNull('registries.problem')
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
      )
      .orderBy('registries.id')
      .limit(MOST)
      .pluck('registries.id');
    return ids.map(id => ({
      kind: 'registry',
      subject: id,
      reason: 'following',
    }));
  }

  /** Things that operations have changed, and that nobody has looked at since. */
  async #changedByUs(): Promise<ToRead[]> {
    const expired = (table: string) =>
      this.#deps
        .db(table)
        .whereNotNull('facts')
        .whereRaw('expired_at >= read_at')
        .where(row =>
          row.whereNull('problem_at').orWhereRaw('problem_at < expired_at'),
        )
        .limit(MOST);
    const found: ToRead[] = [];
    for (const table of ['registries', 'vaults'] as const) {
      const ids: string[] = await expired(table).pluck('id');
      found.push(
        ...ids.map(subject => ({
          kind: KIND_OF[table],
          subject,
          reason: 'changed' as const,
        })),
      );
    }
    const keys: KeyPlace[] = await expired('keys')
      .whereExists(this.#usersOf('keys.vault_host', 'keys.name'))
      .select('vault_host', 'name');
    const access: AccessPlace[] = await expired('access')
      .whereExists(usersOfAccess(this.#deps.db))
      .select('principal_id', 'vault_host', 'key_name');
    return [
      ...found,
      ...keys.map(row => keyOf(row, 'changed')),
      ...access.map(row => accessOf(row, 'changed')),
    ];
  }

  async #old(now: number): Promise<ToRead[]> {
    const keys = await this.#deps
      .db('keys')
      .where('read_at', '<', now - KEY_AGE_MS)
      .where(row => notTried(row, now - KEY_AGE_MS))
      .whereExists(this.#usersOf('keys.vault_host', 'keys.name'))
      .orderBy('read_at')
      .limit(MOST)
      .select('vault_host', 'name');
    const access = await this.#deps
      .db('access')
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
      .whereExists(usersOfAccess(this.#deps.db))
      .orderBy('read_at')
      .limit(MOST)
      .select('principal_id', 'vault_host', 'key_name');
    return [
      ...keys.map(row => keyOf(row, 'age')),
      ...access.map(row => accessOf(row, 'age')),
    ];
  }
}

/** Excludes rows whose reading has failed since then: `queueFailed` finds those. */
function notTried(row: Knex.QueryBuilder, since: number): void {
  row.whereNull('problem_at').orWhere('problem_at', '<', since);
}

function keyOf(key: KeyPlace, reason: ReadReason): ToRead {
  return { kind: 'key', subject: subjectOfKey(key), reason };
}

function accessOf(access: AccessPlace, reason: ReadReason): ToRead {
  return { kind: 'access', subject: subjectOfAccess(access), reason };
}
