/**
 * What the test files of one run of Jest share: a PostgreSQL server and a SQLite database, both with the
 * plugin's tables. Jest's own process makes each when the first file asks for it, by a socket whose name
 * is in the environment, and ends the server with the run.
 */
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Where to ask. Absent where Jest does not run: a measurement, a process that a test has started. */
const ADDRESS = 'ACR_CMK_TEST_DATABASES';

/** What can be asked for, as JSON. */
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
