// The tarballs of `yarn pack:all`, and its errors.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { faultsOf, filesBelow, unpack } from '../lib/packages/inspect.mjs';
import { ensurePacked, packAll, packedVersion } from '../lib/packages/pack.mjs';
import { publishedPackages } from '../lib/packages/workspaces.mjs';
import { inRoot } from '../lib/paths.mjs';

const work = mkdtempSync(join(tmpdir(), 'acr-cmk-packages-'));
after(() => rmSync(work, { recursive: true, force: true }));

const BACKEND = 'backstage-plugin-acr-cmk-backend';
const FRONTEND = 'backstage-plugin-acr-cmk';
const folderOf = name =>
  publishedPackages().find(each => each.name === name).folder;

let tarballs;

before(async () => {
  tarballs = await ensurePacked(process.env);
});

const folders = new Map();

/** Content of a package, unpacked once. Copy it to change it. */
function unpacked(name) {
  if (!folders.has(name)) {
    const into = mkdtempSync(join(work, 'unpacked-'));
    const tarball = tarballs.find(
      path => /^(.*)-\d/.exec(basename(path))[1] === name,
    );
    folders.set(name, unpack(tarball, into));
  }
  return folders.get(name);
}

describe('the tarballs', () => {
  test('include every published package', () => {
    assert.deepEqual(
      tarballs.map(path => /^(.*)-\d/.exec(basename(path))[1]),
      [
        'azure-emulator',
        'backstage-plugin-acr-cmk-backend',
        'backstage-plugin-acr-cmk-common',
        'backstage-plugin-acr-cmk',
        'backstage-plugin-catalog-backend-module-acr-cmk',
        'backstage-plugin-scaffolder-backend-module-acr-cmk',
      ].sort((a, b) => `${a}-0`.localeCompare(`${b}-0`, 'en')),
    );
  });

  for (const { name, folder } of publishedPackages()) {
    test(`${name} has readme, licence, changelog, types and metadata, and nothing of the tests`, () => {
      assert.deepEqual(faultsOf(unpacked(name), folder), []);
    });

    test(`${name} has the licence of the repository`, () => {
      assert.equal(
        readFileSync(inRoot(folder, 'LICENSE'), 'utf8'),
        readFileSync(inRoot('LICENSE'), 'utf8'),
      );
    });
  }

  test('the backend has its migrations, its configuration schema and its command', () => {
    const files = filesBelow(unpacked(BACKEND));
    const migrations = readdirSync(
      inRoot(folderOf(BACKEND), 'migrations'),
    ).filter(file => file.endsWith('.js'));
    assert.ok(migrations.length > 0);
    for (const file of migrations) {
      assert.ok(files.includes(`migrations/${file}`), file);
    }
    assert.ok(files.includes('config.schema.json'));
    assert.ok(files.includes('bin/acr-cmk-audit.js'));
  });

  test('the main entry of the frontend is a feature that discovery finds, with everything in it', () => {
    const { exports, backstage } = JSON.parse(
      readFileSync(join(unpacked(FRONTEND), 'package.json'), 'utf8'),
    );
    assert.equal(exports['.'].backstage, '@backstage/FrontendFeatureLoader');
    assert.equal(backstage.features['.'], '@backstage/FrontendFeatureLoader');
  });

  test('every plugin names the releases of Backstage that it is tested with', () => {
    const { version } = JSON.parse(
      readFileSync(inRoot('backstage.json'), 'utf8'),
    );
    for (const { name, folder, manifest } of publishedPackages()) {
      if (folder.startsWith('plugins/')) {
        assert.equal(
          manifest.backstage['supported-versions'],
          `1.50.0 - ${version}`,
          name,
        );
      }
    }
  });

  test('name the commit that they are made of, also in what the plugins show', () => {
    for (const { name, manifest } of publishedPackages()) {
      const { version } = JSON.parse(
        readFileSync(join(unpacked(name), 'package.json'), 'utf8'),
      );
      assert.equal(version, packedVersion(manifest.version));
    }
    const common = unpacked('backstage-plugin-acr-cmk-common');
    const { version } = JSON.parse(
      readFileSync(join(common, 'package.json'), 'utf8'),
    );
    for (const format of ['cjs', 'esm']) {
      const code = filesBelow(common).find(path =>
        path.endsWith(`package.json.${format}.js`),
      );
      assert.ok(code, `version in ${format}`);
      assert.ok(
        readFileSync(join(common, code), 'utf8').includes(`"${version}"`),
      );
    }
  });

  test('all packages have one version', () => {
    const versions = new Set(
      publishedPackages()
        .filter(({ name }) => name !== 'azure-emulator')
        .map(({ manifest }) => manifest.version),
    );
    assert.equal(versions.size, 1);
  });
});

describe('a package with a fault', () => {
  const change = (name, work) => {
    const copy = mkdtempSync(join(tmpdir(), 'acr-cmk-wrong-'));
    try {
      cpSync(unpacked(name), copy, { recursive: true });
      work(copy);
      return faultsOf(copy, folderOf(name));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  const changeManifest = (folder, edit) => {
    const path = join(folder, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    edit(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  };

  const CASES = [
    [
      'has no readme',
      folder => rmSync(join(folder, 'README.md')),
      'README.md is missing',
    ],
    [
      'has no licence',
      folder => rmSync(join(folder, 'LICENSE')),
      'LICENSE is missing',
    ],
    [
      'has no changelog',
      folder => rmSync(join(folder, 'CHANGELOG.md')),
      'CHANGELOG.md is missing',
    ],
    [
      'lacks a migration',
      folder => rmSync(join(folder, 'migrations/20261125_init.js')),
      'the migration 20261125_init.js is missing',
    ],
    [
      'lacks its configuration schema',
      folder => rmSync(join(folder, 'config.schema.json')),
      'package.json promises config.schema.json, which is missing',
    ],
    [
      'lacks its types',
      folder => rmSync(join(folder, 'dist/index.d.ts')),
      'package.json promises dist/index.d.ts, which is missing',
    ],
    [
      'brings a test',
      folder => writeFileSync(join(folder, 'dist/plugin.test.cjs.js'), ''),
      'dist/plugin.test.cjs.js belongs to the tests',
    ],
    [
      'brings fixtures',
      folder => {
        mkdirSync(join(folder, 'dist/fixtures'));
        writeFileSync(join(folder, 'dist/fixtures/ids.cjs.js'), '');
      },
      'dist/fixtures/ids.cjs.js belongs to the tests',
    ],
    [
      'brings a source map of somebody else',
      folder =>
        writeFileSync(
          join(folder, 'dist/other.cjs.js.map'),
          JSON.stringify({ sources: ['../../../node_modules/other/index.js'] }),
        ),
      'the source map dist/other.cjs.js.map leads to ../../../node_modules/other/index.js',
    ],
    [
      'says nothing about where its source is',
      folder => changeManifest(folder, manifest => delete manifest.repository),
      'package.json has no "repository"',
    ],
    [
      'depends on a folder of the repository',
      folder =>
        changeManifest(folder, manifest => {
          manifest.dependencies['backstage-plugin-acr-cmk-common'] =
            'workspace:^';
        }),
      'package.json depends on backstage-plugin-acr-cmk-common by "workspace:^", which resolves nowhere else',
    ],
    [
      'links to a picture that only the repository has',
      folder =>
        appendFileSync(
          join(folder, 'README.md'),
          '![x](../../docs/images/x.png)',
        ),
      'README.md links to ../../docs/images/x.png, which is not in the package: write the whole address',
    ],
    [
      'links to a page that the repository has not',
      folder =>
        appendFileSync(
          join(folder, 'README.md'),
          '[x](https://github.com/acr-cmk/acr-cmk/blob/main/docs/nowhere.md)',
        ),
      'README.md links to docs/nowhere.md of the repository, which is not there',
    ],
  ];

  for (const [title, spoil, fault] of CASES) {
    test(`is named when it ${title}`, () => {
      assert.ok(change(BACKEND, spoil).includes(fault), fault);
    });
  }
});

describe('yarn pack:all', () => {
  const packed = (...args) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [inRoot('scripts/pack-all.mjs'), ...args],
      { encoding: 'utf8' },
    );
    return { status, stderr };
  };

  test('rejects a file as folder', () => {
    const file = join(work, 'a-file');
    writeFileSync(file, 'mine');
    const { status, stderr } = packed('--out', file);
    assert.equal(status, 1);
    assert.match(stderr, /a-file is a file\. Name a folder with --out\./);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
  });

  test('does not replace a folder with other files, and names one', () => {
    const folder = mkdtempSync(join(work, 'mine-'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const { status, stderr } = packed('--out', folder);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /holds notes\.txt, which is no package of this repository/,
    );
    assert.deepEqual(readdirSync(folder), ['notes.txt']);
  });

  test('reports an unknown flag', () => {
    const { status, stderr } = packed('--folder', 'x');
    assert.equal(status, 1);
    assert.match(stderr, /Unknown option '--folder'/);
  });

  test('rejects an empty --out', () => {
    const { status, stderr } = packed('--out', '');
    assert.equal(status, 1);
    assert.match(stderr, /--out is empty/);
  });

  test('keeps the earlier tarballs, and no partial ones, when packing fails', async () => {
    const parent = mkdtempSync(join(work, 'again-'));
    const out = join(parent, 'packages');
    mkdirSync(out);
    for (const tarball of tarballs) {
      cpSync(tarball, join(out, basename(tarball)));
    }
    const before = readdirSync(out);
    await assert.rejects(
      packAll({ out, env: { ...process.env, PATH: '/nowhere' } }),
      /ENOENT/,
    );
    assert.deepEqual(readdirSync(parent), ['packages']);
    assert.deepEqual(readdirSync(out), before);
  });
});
