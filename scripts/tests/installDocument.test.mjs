// The tested blocks of docs/install.md, which `yarn test:portal` runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';
import { publishedPackages, tarballName } from '../lib/packages/workspaces.mjs';
import { blocksOf, readInstallDocument } from '../lib/testPortal/document.mjs';

const plugins = publishedPackages().filter(({ folder }) =>
  folder.startsWith('plugins/'),
);

describe('the blocks of a document that are marked as tested', () => {
  const DOCUMENT = [
    '<!-- tested: one -->',
    '',
    '```sh',
    'first',
    'second',
    '```',
    '```sh',
    'not marked',
    '```',
  ].join('\n');

  test('are found by name', () => {
    assert.equal(blocksOf(DOCUMENT, 'x.md')('one'), 'first\nsecond');
  });

  test('are reported by name when missing', () => {
    assert.throws(
      () => blocksOf(DOCUMENT, 'x.md')('two'),
      /x\.md has no block "two"/,
    );
  });

  test('have unique names', () => {
    assert.throws(
      () => blocksOf(`${DOCUMENT}\n${DOCUMENT}`, 'x.md'),
      /x\.md has two blocks "one"/,
    );
  });

  test('follow their mark directly', () => {
    assert.throws(
      () => blocksOf('<!-- tested: one -->\nText\n```sh\nx\n```', 'x.md'),
      /1 marks "tested" and 0 blocks/,
    );
  });
});

describe('docs/install.md', () => {
  const block = readInstallDocument();

  test('refers to the tarballs of the current versions', () => {
    assert.deepEqual(
      JSON.parse(block('resolutions')).resolutions,
      Object.fromEntries(
        plugins.map(({ name, manifest }) => [
          name,
          `file:./acr-cmk/${tarballName(manifest)}`,
        ]),
      ),
    );
  });

  test('starts the emulated Azure in its current version', () => {
    const { manifest } = publishedPackages().find(
      ({ name }) => name === 'azure-emulator',
    );
    const text = readFileSync(inRoot('docs/install.md'), 'utf8');
    assert.deepEqual(
      [...new Set(text.match(/azure-emulator-[\d.]+\.tgz/g))],
      [tarballName(manifest)],
    );
  });

  test('removes every package that it installs, from where it was installed', () => {
    const installed = block('packages')
      .replaceAll(' add ', ' remove ')
      .replaceAll(/@\^\S+/g, '');
    const removed = readFileSync(inRoot('docs/install.md'), 'utf8').match(
      /yarn --cwd \S+ remove .+/g,
    );
    assert.deepEqual(removed, installed.split('\n'));
  });

  test('installs every plugin, in a range that includes the current version', () => {
    for (const { name, manifest } of plugins.filter(
      each => !each.name.endsWith('-common'),
    )) {
      const [, range] =
        new RegExp(`\\b${name}@\\^(\\S+)`).exec(block('packages')) ?? [];
      assert.equal(range, manifest.version, name);
    }
  });
});
