import type { Knex } from 'knex';
import type { Clock } from '../../database/clock';
import { LIKE_HSM } from '../rows/vaults';
import type { Dirty, DirtyStore } from './DirtyStore';
import { ASSIGNMENTS_EVERY_MS } from './Sweeper';

/** Found in one turn; the rest is found in the next ones. */
const MOST = 5_000;
/** A key is read whole at least so often: a list does not show what becomes of its older versions. */
const KEY_AGE_MS = 24 * 60 * 60_000;
/** Access is listed every hour where Resource Graph answers; else it is read so often. */
const ACCESS_AGE_MS = 6 * 60 * 60_000;
/** How long a registry takes to follow its key (documented: within one hour), and as long again. */
const FOLLOWING_MS = 2 * 60 * 60_000;
/** How often one is looked at that has not followed in that time. */
const BEHIND_EVERY_MS = 60 * 60_000;

/** Finds what lists do not tell, and marks it dirty. */
export class Gaps {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #dirty: DirtyStore;

  constructor(options: { db: Knex; clock: Clock; dirty: DirtyStore }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#dirty = options.dirty;
  }

  async mark(options: { everyMs: number }): Promise<void> {
    const now = await this.#clock.now();
    await this.#dirty.markNew(await this.#unreadKeys());
    await this.#dirty.markNew(await this.#unreadAccess());
    await this.#dirty.markNew(await this.#following(now, options.everyMs));
    await this.#dirty.markNew(await this.#old(now));
  }

  /** Keys that registries use and that were never read. */
  async #unreadKeys(): Promise<Dirty[]> {
    const rows: any[] = await this.#db('registries')
      .join('vaults', 'vaults.host', 'registries.vault_host')
      .leftJoin('keys', join =>
        join
          .on('keys.vault_host', 'registries.vault_host')
          .on('keys.name', 'registries.key_name'),
      )
      .whereNull('keys.facts')
      .whereNull('keys.problem')
      .distinct('registries.vault_host', 'registries.key_name')
      .limit(MOST);
    return rows.map(({ vault_host, key_name }) => ({
      kind: 'key',
      subject: `${vault_host}/${key_name}`,
      reason: 'new',
    }));
  }

  /** Identities of registries whose access to the key was never read. */
  async #unreadAccess(): Promise<Dirty[]> {
    const rows: any[] = await this.#db('registries')
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
      .distinct(
        'registries.principal_id',
        'registries.vault_host',
        'registries.key_name',
      )
      .limit(MOST);
    return rows.map(row => ({
      kind: 'access',
      subject: `${row.principal_id} ${row.vault_host}/${row.key_name}`,
      reason: 'new',
    }));
  }

  /**
   * Registries that follow their key and do not use its newest version: Azure changes them by itself,
   * and no list need tell.
   */
  async #following(now: number, everyMs: number): Promise<Dirty[]> {
    const ids: string[] = await this.#db('registries')
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
      .where(row =>
        row
          .whereNull('registries.problem_kind')
          .orWhereNot('registries.problem_kind', 'not-found'),
      )
      .where(row =>
        row
          .where(young =>
            young
              .where('keys.created_at', '>', now - FOLLOWING_MS)
              .where('registries.read_at', '<=', now - everyMs),
          )
          .orWhere('registries.read_at', '<=', now - BEHIND_EVERY_MS),
      )
      .orderBy('registries.id')
      .limit(MOST)
      .pluck('registries.id');
    return ids.map(subject => ({
      kind: 'registry',
      subject,
      reason: 'following',
    }));
  }

  async #old(now: number): Promise<Dirty[]> {
    const keys: any[] = await this.#db('keys')
      .where('read_at', '<', now - KEY_AGE_MS)
      .whereExists(
        this.#db('registries')
          .whereRaw('registries.vault_host = keys.vault_host')
          .whereRaw('registries.key_name = keys.name'),
      )
      .orderBy('read_at')
      .limit(MOST)
      .select('vault_host', 'name');
    const access: any[] = await this.#db('access')
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
      .orderBy('read_at')
      .limit(MOST)
      .select('principal_id', 'vault_host', 'key_name');
    return [
      ...keys.map(({ vault_host, name }) => ({
        kind: 'key' as const,
        subject: `${vault_host}/${name}`,
        reason: 'age' as const,
      })),
      ...access.map(({ principal_id, vault_host, key_name }) => ({
        kind: 'access' as const,
        subject: `${principal_id} ${vault_host}/${key_name}`,
        reason: 'age' as const,
      })),
    ];
  }
}
