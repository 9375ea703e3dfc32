import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { COMPILE_CACHE } from '../src/__testUtils__/compileCache';
import { type Emulated, startEmulated } from './__testUtils__/emulated';
import type { Report } from './report';

// A whole check, of several hundred requests.
jest.setTimeout(180_000);

const MAIN = path.join(__dirname, '__testUtils__/main.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

let azure: Emulated;
let ready: string;
beforeEach(async () => {
  // The same Azure for the process that dies and for what comes after it.
  azure = await startEmulated({ followDelaySeconds: 600 });
  ready = path.join(azure.directory, 'ready.json');
  fs.writeFileSync(ready, JSON.stringify(azure.emulator.ready));
});
afterEach(() => azure.close());

/** Runs the command in a process of its own, which kills itself before one of its requests. */
async function runAndDie(dieBefore: number, ...more: string[]) {
  const child = spawn(
    process.execPath,
    [
      '--require',
      TRANSFORM,
      MAIN,
      '--subscription',
      azure.emulator.ready.subscriptionId,
      '--state',
      azure.state,
      '--out',
      azure.out,
      '--yes',
      ...more,
    ],
    {
      env: {
        ...process.env,
        ...COMPILE_CACHE,
        EMULATOR_READY: ready,
        DIE_BEFORE: String(dieBefore),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const errors: Buffer[] = [];
  child.stderr.on('data', chunk => errors.push(chunk));
  const [, signal] = await once(child, 'exit');
  expect([signal, Buffer.concat(errors).toString()]).toEqual(['SIGKILL', '']);
}

/** What a report says of Azure, without when it was. */
const found = ({ assumptions, contract, emulator }: Report) => ({
  verdicts: assumptions.map(({ name, verdict }) => `${name}: ${verdict}`),
  contract,
  settings: Object.keys(emulator),
});

describe('killed in the middle', () => {
  /** While it makes what is there first; registries; and while it waits for hours. */
  const MOMENTS = [12, 60, 550];

  it.each(MOMENTS)('before request %d: --cleanup leaves nothing', async at => {
    await runAndDie(at);
    expect(await azure.left()).not.toEqual([]);
    expect(await azure.check('--cleanup', '--yes')).toBe(0);
    expect(await azure.left()).toEqual([]);
    expect(fs.existsSync(azure.state)).toBe(false);
  });

  it('and its state lost: --cleanup finds everything by its tag', async () => {
    await runAndDie(200);
    fs.rmSync(azure.state);
    expect(await azure.check('--cleanup', '--yes')).toBe(0);
    expect(await azure.left()).toEqual([]);
  });

  it('at several moments: --resume ends with the report of one that was not', async () => {
    await runAndDie(70);
    await runAndDie(450, '--resume');
    expect(await azure.check('--resume', '--yes')).toBe(0);
    const resumed = azure.report();
    expect(await azure.left()).toEqual([]);

    expect(await azure.check('--yes')).toBe(0);
    expect(found(resumed)).toEqual(found(azure.report()));
    expect(Object.keys(resumed.emulator)).toEqual(['followDelaySeconds']);
  });
});
