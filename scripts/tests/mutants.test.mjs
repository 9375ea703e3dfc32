// The faults of `yarn test:mutants`: each must still have its place and its tests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { problemsOf, readMutants, withFault } from '../lib/mutants.mjs';
import { inRoot } from '../lib/paths.mjs';

const FAULT = {
  id: 'a-fault',
  breaks: 'Something.',
  file: 'scripts/tests/mutants.test.mjs',
  find: "import assert\n from 'node:assert/strict';",
  replace: '',
  test: ['scripts/tests/mutants.test.mjs'],
};
const twice = 'inRoot';

test('every fault has a place, and tests', () =>
  assert.deepEqual(problemsOf(readMutants()), []));

describe('a fault', () => {
  for (const [why, change, problem] of [
    ['whose place is gone', { find: `${twice}${twice}` }, /its place 0 times/],
    ['with more than one place', { find: twice }, /its place \d+ times/],
    ['without what it breaks', { breaks: undefined }, /breaks is missing/],
    ['with an unknown field', { when: 'now' }, /there is no field when/],
    ['whose file is gone', { file: 'gone.ts' }, /gone\.ts does not exist/],
    ['whose test is gone', { test: ['gone.ts'] }, /gone\.ts does not exist/],
  ]) {
    test(`${why} is a problem`, () => {
      const problems = problemsOf([{ ...FAULT, ...change }]);
      assert.equal(problems.length, 1);
      assert.match(problems[0], /^a-fault: /);
      assert.match(problems[0], problem);
    });
  }

  test('with the id of another one is a problem', () =>
    assert.deepEqual(problemsOf([FAULT, FAULT]), [
      'a-fault: another fault has this id',
    ]));

  test('is found however its place is formatted, and put in literally', () => {
    const mutant = {
      ...FAULT,
      find: 'one( two,\n three )',
      replace: "$& '$1'",
    };
    assert.equal(
      withFault(mutant, 'zero();\n  one( two, three );\n'),
      "zero();\n  $& '$1';\n",
    );
  });
});

test('yarn test:mutants names a fault that is not there, and runs nothing', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [inRoot('scripts/test-mutants.mjs'), 'no-such-fault'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.match(stderr, /There is no fault "no-such-fault"\. See --list\./);
});
