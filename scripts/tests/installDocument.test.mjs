// The tested blocks of docs/install.md, which `yarn test:portal` runs.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';
import { publishedPackages, tarballName } from '../lib/packages/workspaces.mjs';
import { copiesOf, partOfRelease } from '../lib/testPortal/copies.mjs';
import { blocksOf, readDocument } from '../lib/testPortal/document.mjs';
import { pinTo, versionsOf } from '../lib/testPortal/scaffold.mjs';
import { withResult } from '../lib/testPortal/versionsTable.mjs';

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
  const block = readDocument('docs/install.md');

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

  /** Packages of `yarn add` or `yarn remove` by workspace, without ranges. */
  const packagesIn = (...names) => {
    const byWorkspace = {};
    for (const name of names) {
      for (const [, workspace, packages] of block(name).matchAll(
        /yarn --cwd (\S+) (?:add|remove) (.+)/g,
      )) {
        const plain = packages
          // A version that a command prints.
          .replace(/@\$\(.*?"\)/g, '')
          .split(' ')
          .map(each => each.replace(/@\^.*/, ''));
        (byWorkspace[workspace] ??= []).push(...plain);
      }
    }
    return byWorkspace;
  };

  test('removes every package that it installs, from where it was installed', () => {
    assert.deepEqual(packagesIn('remove'), packagesIn('packages'));
    assert.deepEqual(
      packagesIn('policy-remove'),
      packagesIn('policy-packages'),
    );
    assert.deepEqual(
      packagesIn('legacy-remove'),
      packagesIn('legacy-packages'),
    );
  });

  test('adds the portal’s own version of a package of Backstage, which a range would double', () => {
    for (const name of ['policy-packages', 'legacy-packages']) {
      assert.match(
        block(name),
        /add (@backstage\/\S+)@\$\(node -p "require\('\1\/package\.json'\)\.version"\)$/,
      );
    }
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

describe('the table of versions', () => {
  const DOCUMENT = [
    'Before',
    '<!-- written by yarn test:portal: versions -->',
    '',
    '| portal | Backstage | result | on |',
    '| ------ | --------- | ------ | -- |',
    '| `1.50` | 1.50.0 | works | 2026-01-01 |',
    '',
    'After',
    '',
  ].join('\n');
  const result = {
    portal: '1.53',
    backstage: '1.53.0',
    result: 'works',
    on: '2026-11-29',
  };

  test('gets a row for a portal that it does not have yet', () => {
    assert.deepEqual(withResult(DOCUMENT, result).split('\n').slice(3, 9), [
      '| portal | Backstage | result | on         |',
      '| ------ | --------- | ------ | ---------- |',
      '| `1.50` | 1.50.0    | works  | 2026-01-01 |',
      '| `1.53` | 1.53.0    | works  | 2026-11-29 |',
      '',
      'After',
    ]);
  });

  test('has the last result of each portal, in its place', () => {
    const text = withResult(withResult(DOCUMENT, result), {
      ...result,
      portal: '1.50',
      result: 'fails: yarn start',
    });
    assert.match(
      text,
      /`1\.50` \| 1\.53\.0 +\| fails: yarn start \| 2026-11-29 \|\n.*`1\.53`/,
    );
    assert.equal(text.match(/`1\.50`/g).length, 1);
  });

  test('is in docs/install.md', () => {
    const text = readFileSync(inRoot('docs/install.md'), 'utf8');
    assert.match(withResult(text, result), /`1\.53` +\| 1\.53\.0/);
  });
});

describe('the copies of a package', () => {
  const OUTPUT = `
├─ @backstage/core-plugin-api@npm:1.12.5
├─ @backstage/core-plugin-api@virtual:ab12#npm:1.12.5 [2d3e]
├─ @backstage/plugin-catalog-react@npm:2.1.2
└─ @backstage/plugin-catalog-react@npm:4.0.0 [a1]
`;

  test('are versions, and not the places where one is installed', () => {
    const names = [
      '@backstage/core-plugin-api',
      '@backstage/plugin-catalog-react',
      '@backstage/not-there',
    ];
    assert.deepEqual(copiesOf(OUTPUT, names), [
      '@backstage/plugin-catalog-react (2.1.2, 4.0.0)',
    ]);
  });

  test('are counted by whether they are those of the release', () => {
    assert.deepEqual(
      partOfRelease(OUTPUT, {
        '@backstage/core-plugin-api': '1.12.4',
        '@backstage/plugin-catalog-react': '2.1.2',
        '@backstage/not-there': '1.0.0',
      }),
      { exact: 1, all: 2 },
    );
  });
});

describe('a portal of the day of a release', () => {
  const pinned = release => {
    const portal = mkdtempSync(join(tmpdir(), 'acr-cmk-portal-'));
    try {
      const manifest = join(portal, 'package.json');
      writeFileSync(manifest, '{}');
      pinTo(release)(portal, { nearest: true });
      return JSON.parse(readFileSync(manifest, 'utf8')).resolutions;
    } finally {
      rmSync(portal, { recursive: true });
    }
  };

  test('has the nearest packages of a mirror, where it may lack some', () => {
    assert.notDeepEqual(pinned('1.50'), versionsOf('1.50'));
  });

  test('has the packages of the release, where a mirror lacks none', () => {
    assert.deepEqual(pinned('1.55'), versionsOf('1.55'));
  });
});
