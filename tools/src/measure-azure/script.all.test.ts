import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  emulator,
  groupRequests,
  measure,
  useEmulatedAzure,
} from './__testUtils__/emulated';
import { settingsOf, toLines } from './answers';
import { ASKED, NOT_ASKED } from './measure';

useEmulatedAzure();

it('finds an Azure that is as assumed without a difference, and leaves nothing behind', async () => {
  const measured = await measure();
  expect(settingsOf(measured)).toEqual({});
  expect(Object.keys(measured).sort()).toEqual([...ASKED].sort());
  expect(
    toLines(measured)
      .filter(line => line.startsWith('not asked'))
      .map(line => /^not asked +(\w+):/.exec(line)?.[1]),
  ).toEqual(Object.keys(NOT_ASKED));
  expect(
    toLines(measured).filter(line => /^(differs|unknown)/.test(line)),
  ).toEqual([]);
  expect(groupRequests().at(-1)).toBe('GET 404');
});

it('removes what an earlier run has left that was killed', async () => {
  /** Runs until the group is there, and then no further. */
  const runAndDie = () =>
    new Promise<void>((resolve, reject) => {
      emulator.clearRequests();
      measure(async ms => {
        if (groupRequests().some(each => /^PUT 20/.test(each))) {
          resolve();
          await new Promise(() => undefined);
        }
        emulator.clock.advance(ms);
      }).catch(reject);
    });
  await runAndDie();
  expect(groupRequests()[0]).toBe('GET 404');
  await runAndDie();
  const [found, removed] = groupRequests();
  expect([found, removed]).toEqual(['GET 200', 'DELETE 202']);
});

describe('yarn measure:azure', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(__dirname, 'main.ts'),
        ...args,
      ],
      { encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  };

  it('does nothing without a subscription', () => {
    expect(run('--yes')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--subscription ID'),
    });
  });

  it('names the cost, and does nothing without --yes', () => {
    expect(run('--subscription', emulator.ready.subscriptionId)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('0.9 EUR'),
      stderr: expect.stringContaining('Nothing was done'),
    });
  });
});
