// Several runs in one checkout, one at a time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';
import { waitForTurn } from '../lib/turn.mjs';

const WHAT = 'turn-of-a-test';
const file = inRoot('.demo', `${WHAT}.pid`);

/** Another process that takes the turn when it can, and ends. */
const another = () => {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { waitForTurn } = await import(${JSON.stringify(
      `file://${inRoot('scripts/lib/turn.mjs')}`,
    )});
     await waitForTurn(${JSON.stringify(WHAT)});
     console.log('mine');`,
  ]);
  const said = { text: '' };
  child.stdout.on('data', data => {
    said.text += data;
  });
  return { said, ended: new Promise(resolve => child.on('exit', resolve)) };
};

test('whoever waits has the turn as soon as it is given back, and not before', async () => {
  const endTurn = await waitForTurn(WHAT);
  const other = another();
  while (!other.said.text.includes('wait for the other run')) {
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.doesNotMatch(other.said.text, /mine/);
  endTurn();
  assert.equal(await other.ended, 0);
  assert.match(other.said.text, /mine/);
  assert.equal(existsSync(file), false);
});

test('a turn that was given back twice stays with the one who has it now', async () => {
  const endTurn = await waitForTurn(WHAT);
  endTurn();
  writeFileSync(file, String(process.ppid));
  try {
    endTurn();
    assert.equal(existsSync(file), true);
  } finally {
    rmSync(file, { force: true });
  }
});
