import { readdirSync } from 'node:fs';
import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { documentationUrl } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Sleep } from '../time/realClock';
import { tuneSqlite } from './sqlite';

/** Found by the name of the package: portals before 1.57 do not take `import.meta.url`. */
const migrationsDirectory = () =>
  resolvePackagePath('backstage-plugin-acr-cmk-backend', 'migrations');

/** Migrations of this release by whether the database has had them. */
export async function migrationState(
  db: Knex,
): Promise<{ done: string[]; pending: string[] }> {
  const [done, pending] = await db.migrate.list({
    directory: migrationsDirectory(),
  });
  return {
    done: done.map(({ name }: { name: string }) => name),
    pending: pending.map(({ file }: { file: string }) => file),
  };
}

/** The plugin's database is there, and this release cannot work with it as it is. */
export class DatabaseUnusable extends Error {}

/** Attempts to take the migration lock before it counts as left behind by a stopped process. Our choice. */
const LOCK_TRIES = 30;
const BETWEEN_TRIES_MS = 1000;

const INSTALL = documentationUrl('docs/install.md#what-you-need');

/**
 * The plugin's database, with its tables as this release wants them.
 *
 * @throws DatabaseUnusable with what to do about it
 */
export async function openDatabase(
  database: DatabaseService,
  { sleep }: { sleep: Sleep },
): Promise<Knex> {
  const db = await database.getClient().catch(withoutRights);
  await tuneSqlite(db).catch(withoutRights);
  await requireWritable(db);
  if (database.migrations?.skip) return db;
  await requireNoNewerMigrations(db);
  for (let left = LOCK_TRIES; ; left--) {
    if (!(await isLocked(db))) {
      try {
        await db.migrate.latest({ directory: migrationsDirectory() });
        return db;
      } catch (error) {
        if ((error as Error).name !== 'MigrationLocked') {
          return withoutRights(error);
        }
      }
    }
    if (left <= 1) throw lockLeftBehind();
    // Another replica starts at the same time, most likely.
    await sleep(BETWEEN_TRIES_MS, new AbortController().signal);
  }
}

/**
 * Backstage's error and that of the migrations, in words that say what to do.
 *
 * @throws always
 */
function withoutRights(error: unknown): never {
  const { message } = error as Error;
  // Knex puts the whole statement before the database's own words.
  const reason = message
    .slice(message.lastIndexOf(' - ') + 1)
    .replace(/^- /, '');
  if (/read-?only/i.test(reason)) {
    throw new DatabaseUnusable(
      `The database of acr-cmk cannot be written: ${reason}. Connect the backend to a database that takes writes (no replica, not in read-only mode; for SQLite, a file that the process may write), and restart the backend. See ${INSTALL}`,
    );
  }
  if (!/permission denied/i.test(reason)) throw error;
  throw new DatabaseUnusable(
    `The database of acr-cmk cannot be prepared, because the backend's database user may not: ${reason}. Give that user the right to create databases and schemas (CREATEDB), or create the database backstage_plugin_acr-cmk with that user as its owner, and restart the backend. See ${INSTALL}`,
  );
}

/** Asks before the migrations, because Knex takes a refused write for a lock that another process holds. */
async function requireWritable(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('facts'))) return;
  await db('facts')
    .whereRaw('1 = 0')
    .update({ kind: 'doctor' })
    .catch(withoutRights);
}

/** Knex logs each time that it is refused the lock, so it is asked for only when it is free. */
async function isLocked(db: Knex): Promise<boolean> {
  if (!(await db.schema.hasTable('knex_migrations_lock'))) return false;
  const row = await db('knex_migrations_lock').where({ is_locked: 1 }).first();
  return row !== undefined;
}

async function requireNoNewerMigrations(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('knex_migrations'))) return;
  const done: string[] = await db('knex_migrations')
    .orderBy('id')
    .pluck('name');
  const known = new Set(readdirSync(migrationsDirectory()));
  const newer = done.filter(name => !known.has(name));
  if (newer.length === 0) return;
  throw new DatabaseUnusable(
    `A newer release of acr-cmk has changed the plugin's database: this one does not know ${newer.join(
      ', ',
    )}. Deploy that release again, or put back a copy of the database from before it. Nothing was changed`,
  );
}

function lockLeftBehind(): DatabaseUnusable {
  return new DatabaseUnusable(
    "The lock for migrations of acr-cmk's database has been held for longer than a migration takes: a process was probably ended in the middle of one. When no backend is starting any more, run `update knex_migrations_lock set is_locked = 0` on the plugin's database, and restart the backend",
  );
}

/** Did PostgreSQL end a transaction because another one waited for it, and it for that one? */
export const isDeadlock = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === '40P01';

/** Did a write fail because the row is there already? For SQLite and PostgreSQL. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return (
    code === '23505' ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}
