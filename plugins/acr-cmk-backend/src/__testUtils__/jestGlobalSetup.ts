import { contentOfSqlite, startPostgresWithTables } from './databases';
import type { PostgresServer } from './postgres';
import { serveSharedDatabases } from './sharedDatabases';

/** Jest calls it before the first test file of this package, in its own process. */
export default async function globalSetup(): Promise<void> {
  let postgres: Promise<PostgresServer> | undefined;
  const stopServing = await serveSharedDatabases({
    async postgres() {
      postgres ??= startPostgresWithTables();
      const { host, user } = await postgres;
      return { host, user };
    },
    sqlite: async () => (await contentOfSqlite()).toString('base64'),
  });
  (globalThis as Ended).endSharedDatabases = async () => {
    await stopServing();
    await (await postgres)?.stop();
  };
}

type Ended = { endSharedDatabases?: () => Promise<void> };

/** Jest calls it after the last one. */
export async function globalTeardown(): Promise<void> {
  await (globalThis as Ended).endSharedDatabases?.();
}
