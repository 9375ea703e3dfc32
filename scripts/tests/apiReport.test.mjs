// API reports do not depend on the order in which the compiler lists properties.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPropertiesSorted } from '../lib/packages/apiReport.mjs';
import { publishedPackages } from '../lib/packages/workspaces.mjs';
import { inRoot } from '../lib/paths.mjs';

const report = lines =>
  ['export const ref: Ref<{', ...lines, '}>;', ''].join('\n');

test('two orders of the same properties make the same report', () => {
  const lines = [
    '    readonly "tab.failed": "It failed: {{message}}";',
    '    readonly close: "Close";',
    '    readonly \'card.title\': "Encryption key";',
  ];
  assert.equal(
    withPropertiesSorted(report(lines)),
    withPropertiesSorted(report([...lines].reverse())),
  );
});

test('a removed property shows', () => {
  const lines = ['    readonly close: "Close";', '    readonly copy: "Copy";'];
  assert.notEqual(
    withPropertiesSorted(report(lines)),
    withPropertiesSorted(report(lines.slice(1))),
  );
});

test('properties stay within their own type', () => {
  const text = [
    ...report(['    b: string;']).split('\n'),
    ...report(['    a: string;']).split('\n'),
  ].join('\n');
  assert.equal(withPropertiesSorted(text), text);
});

test('every export of every package is documented', () => {
  const silent = publishedPackages()
    .flatMap(({ folder }) =>
      readdirSync(inRoot(folder))
        .filter(name => name.endsWith('.api.md'))
        .map(name => join(folder, name)),
    )
    .flatMap(path =>
      [
        ...readFileSync(inRoot(path), 'utf8').matchAll(
          /^\/\/ @\w+ \(undocumented\)\n(.*)$/gm,
        ),
      ].map(([, line]) => `${path}: ${line}`),
    );
  assert.deepEqual(silent, []);
});
