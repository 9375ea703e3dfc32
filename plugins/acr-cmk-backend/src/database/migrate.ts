import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

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

/** The plugin's database, with its tables as this release wants them. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const db = await database.getClient();
  if (!database.migrations?.skip) {
    await db.migrate.latest({ directory: migrationsDirectory() });
  }
  return db;
}

/** Did a write fail because the row is there already? For SQLite and PostgreSQL. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return (
    code === '23505' ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}
