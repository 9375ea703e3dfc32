import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

/** Runs one measurement in a process of its own. @param root - the tree that is measured */
export async function measured(
  what:
    | 'tab'
    | 'viewers'
    | 'calls'
    | 'held'
    | 'live'
    | 'hour'
    | 'limits'
    | 'rotation'
    | 'postgres',
  options: { root?: string; registries: number; program?: string } & Record<
    string,
    string | number | undefined
  >,
): Promise<Record<string, number>> {
  const { root = ROOT, program = 'measure.ts', ...rest } = options;
  const args = Object.entries({ root, what, ...rest }).flatMap(
    ([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
  );
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      path.join(__dirname, program),
      ...args,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (errors += chunk));
  const code = await new Promise(resolve => child.on('close', resolve));
  const figures = /^FIGURES (.*)$/m.exec(output)?.[1];
  if (code !== 0 || !figures) {
    throw new Error(
      `Measuring ${what} of ${root} ended with ${code}: ${errors.slice(
        -2_000,
      )} ${output.slice(-2_000)}`,
    );
  }
  return JSON.parse(figures);
}
