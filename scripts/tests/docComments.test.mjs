// The lint rule for doc comments.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import eslintConfig from '../lib/eslintConfig.cjs';

const ofBackstage = createRequire(
  import.meta.resolve('@backstage/cli/package.json'),
);
const { Linter } = ofBackstage('eslint');

const rules = { 'no-warning-comments': ['error', eslintConfig.docComments] };
const isRefused = comment => new Linter().verify(comment, { rules }).length > 0;

for (const comment of [
  '/** What a person may see. */',
  '/** Whoever ends hands its place on. */',
  '/** The same for people. */',
  '/**\n * Has each one done.\n *\n * @public\n */',
  'const key = {\n  /** Where it is. */\n  place: 1,\n};',
]) {
  test(`refuses ${JSON.stringify(comment)}`, () =>
    assert.ok(isRefused(comment)));
}

for (const comment of [
  '/** Limits concurrency per user; FIFO. */',
  '/** Hash of the plan: what a person accepts. */',
  '/** Whatever is left. */',
  '/**\n * Reads a row.\n *\n * What it does not know is an error.\n */',
  '// What follows is in order.',
  '/* How: by hand. */',
]) {
  test(`accepts ${JSON.stringify(comment)}`, () =>
    assert.ok(!isRefused(comment)));
}
