import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import LongTestsFirst from '../lib/jest/longTestsFirst.cjs';
import { inRoot } from '../lib/paths.mjs';

const { LONG } = LongTestsFirst;

/** As Jest hands it over, in a project that has been tested or not. */
const testFile = (name, { size = 1, duration } = {}) => ({
  path: inRoot(name),
  duration,
  context: {
    config: { id: 'none', cacheDirectory: inRoot('no-such-folder') },
    hasteFS: { getSize: () => size },
  },
});
const sequencer = durations => {
  const made = new LongTestsFirst({ contexts: [], globalConfig: {} });
  made.hasFailed = () => false;
  made.time = ({ path }) => durations?.[path];
  return made;
};
const namesOf = tests => tests.map(({ path }) => path);

test('In a fresh clone the long tests come first, and then the largest files', () => {
  const small = testFile('a/small.test.ts', { size: 1 });
  const large = testFile('a/large.test.ts', { size: 9 });
  const [longest, second] = LONG.map(name => testFile(name));
  assert.deepEqual(
    namesOf(sequencer().sort([small, second, large, longest])),
    namesOf([longest, second, large, small]),
  );
});

test('Where Jest knows how long they take, that decides', () => {
  const other = testFile('a/other.test.ts');
  const long = testFile(LONG[0]);
  const durations = { [other.path]: 9, [long.path]: 1 };
  assert.deepEqual(
    namesOf(sequencer(durations).sort([long, other])),
    namesOf([other, long]),
  );
});

test('All long tests are there', () => {
  assert.deepEqual(
    LONG.filter(name => !existsSync(inRoot(name))),
    [],
  );
});
