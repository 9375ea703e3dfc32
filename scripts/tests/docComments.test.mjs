// The lint rule for doc comments.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import eslintConfig from '../lib/eslintConfig.cjs';
import { inRoot } from '../lib/paths.mjs';

const ofBackstage = createRequire(
  import.meta.resolve('@backstage/cli/package.json'),
);
const { Linter } = ofBackstage('eslint');

const rules = { 'no-warning-comments': ['error', eslintConfig.docComments] };
const parserOptions = { ecmaVersion: 'latest', sourceType: 'module' };
const problemsOf = text =>
  new Linter()
    .verify(text, { parserOptions, rules })
    .map(({ line, message }) => `${line}: ${message}`);
const isRefused = comment => problemsOf(comment).length > 0;

for (const comment of [
  '/** What a person may see. */',
  '/** Whoever ends hands its place on. */',
  '/** Whom it asks. */',
  '/** The same for people. */',
  '/** When it began. */',
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

// Backstage's linter only looks at packages.
test('is kept by the scripts', () => {
  const files = readdirSync(inRoot('scripts'), { recursive: true }).filter(
    name => /\.[cm]js$/.test(name) && !name.endsWith('docComments.test.mjs'),
  );
  assert.deepEqual(
    files.flatMap(name =>
      problemsOf(readFileSync(inRoot('scripts', name), 'utf8')).map(
        problem => `${name}:${problem}`,
      ),
    ),
    [],
  );
});
