import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberGlobals } from '../lib/jest/globals.cjs';

function globals() {
  const global = {
    fetch: () => 'real',
    process: { env: { KEPT: 'old', GONE: 'old' }, exit: () => 'real' },
  };
  Object.defineProperty(global, 'crypto', {
    get: () => 'real',
    configurable: true,
  });
  return global;
}

test('changes to globals are undone', () => {
  const global = globals();
  const bringBack = rememberGlobals(global);
  global.fetch = () => 'faked';
  global.process.exit = () => 'faked';
  Object.defineProperty(global, 'crypto', {
    value: 'faked',
    configurable: true,
  });
  bringBack();
  assert.equal(global.fetch(), 'real');
  assert.equal(global.process.exit(), 'real');
  assert.equal(global.crypto, 'real');
});

test('a deleted global is restored', () => {
  const global = globals();
  const bringBack = rememberGlobals(global);
  delete global.fetch;
  delete global.crypto;
  bringBack();
  assert.equal(global.fetch(), 'real');
  assert.equal(global.crypto, 'real');
});

test('globals added by libraries stay', () => {
  const global = globals();
  const bringBack = rememberGlobals(global);
  global.singleton = 'of a library';
  bringBack();
  assert.equal(global.singleton, 'of a library');
});

test('environment variables are restored', () => {
  const global = globals();
  const { env } = global.process;
  const bringBack = rememberGlobals(global);
  env.KEPT = 'new';
  delete env.GONE;
  env.ADDED = 'new';
  bringBack();
  assert.deepEqual(env, { KEPT: 'old', GONE: 'old' });
});

test('Jest’s state of a test file is removed', () => {
  const global = globals();
  const bringBack = rememberGlobals(global);
  const kept = Symbol.for('EVENT_HANDLERS');
  global[kept] = [() => 'of the file before'];
  const added = Symbol.for('of a library');
  global[added] = 'stays';
  bringBack();
  assert.equal(kept in global, false);
  assert.equal(global[added], 'stays');
});
