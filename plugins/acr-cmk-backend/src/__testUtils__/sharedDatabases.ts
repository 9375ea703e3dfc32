/**
 * Databases shared by the test files of one Jest run: a PostgreSQL server and a SQLite database, both with the
 * plugin's tables. Jest's own process creates each one on the first request, which arrives by a socket named in
 * the environment, and stops the server at the end of the run.
 */
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Environment variable with the path of the socket. Unset outside Jest: in a measurement, or in a process that
 * a test started.
 */
const ADDRESS = 'ACR_CMK_TEST_DATABASES';

/** Requests that the socket answers, as JSON. */
export interface SharedDatabases {
  /** A server whose `template1` has the plugin's tables. */
  postgres(): Promise<{ host: string; user: string }>;
  /** Content of a database with the plugin's tables, in base 64. */
  sqlite(): Promise<string>;
}

/**
 * Answers from now on.
 *
 * @returns what ends it
 */
export async function serveSharedDatabases(
  databases: SharedDatabases,
): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'acr-cmk-databases-'));
  const address = join(home, 'socket');
  const made = new Map<string, Promise<unknown>>();
  const server = createServer(async ({ url }, response) => {
    const name = url!.slice(1) as keyof SharedDatabases;
    try {
      if (!made.has(name)) made.set(name, databases[name]());
      response.end(JSON.stringify({ answer: await made.get(name) }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error) }));
    }
  });
  server.listen(address);
  await once(server, 'listening');
  process.env[ADDRESS] = address;
  return async () => {
    delete process.env[ADDRESS];
    server.close();
    rmSync(home, { recursive: true, force: true });
  };
}

/** Asks Jest's own process. @returns nothing where there is none */
export async function askForShared<Name extends keyof SharedDatabases>(
  name: Name,
): Promise<Awaited<ReturnType<SharedDatabases[Name]>> | undefined> {
  const address = process.env[ADDRESS];
  if (!address) return undefined;
  const request = get({ socketPath: address, path: `/${name}`, agent: false });
  const [response]: IncomingMessage[] = await once(request, 'response');
  const { answer, error } = JSON.parse(await text(response));
  if (error) throw new Error(error);
  return answer;
}
