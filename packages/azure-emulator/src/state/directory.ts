import fs from 'node:fs';
import path from 'node:path';

const LOCK = 'emulator.lock';

interface Holder {
  pid: number;
  /** Time when the process started, as the kernel counts it: a pid alone may have been given to another. */
  startedAt?: string;
}

/** Locks the directory until `release`: two processes in one directory would overwrite each other's state. */
export function takeDirectory(directory: string): () => void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, LOCK);
  const holder = readHolder(file);
  if (holder && isAlive(holder)) {
    throw new Error(
      `Another emulator (process ${holder.pid}) works in ${directory}. Stop it, or name another directory with --data.`,
    );
  }
  fs.rmSync(file, { force: true });
  const me: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  // 'wx' fails when another process was faster.
  fs.writeFileSync(file, JSON.stringify(me), { flag: 'wx' });
  return () => fs.rmSync(file, { force: true });
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const start = startOf(pid);
  return startedAt === undefined || start === undefined || start === startedAt;
}

/** Linux only; elsewhere the pid is the only check. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
