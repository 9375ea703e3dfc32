// Files that describe the repository to tools and people.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { publishedPackages } from '../lib/packages/workspaces.mjs';
import { inRoot } from '../lib/paths.mjs';

const read = path => readFileSync(inRoot(path), 'utf8');

describe('the navigation of TechDocs', () => {
  test('has every document once', () => {
    const { nav, docs_dir: folder } = parse(read('mkdocs.yml'));
    const filesIn = entries =>
      entries
        .flatMap(Object.values)
        .flatMap(each => (Array.isArray(each) ? filesIn(each) : [each]));
    const named = filesIn(nav);
    const documents = readdirSync(inRoot(folder), { recursive: true }).filter(
      name => name.endsWith('.md'),
    );
    assert.deepEqual([...named].sort(), documents.sort());
  });
});

describe('catalog-info.yaml', () => {
  const entities = parseAllDocuments(read('catalog-info.yaml')).map(each =>
    each.toJS(),
  );

  test('has a component for every plugin, with its role as type', () => {
    const components = entities
      .filter(({ kind }) => kind === 'Component')
      .map(({ metadata, spec }) => [metadata.name, spec.type]);
    const plugins = publishedPackages()
      .filter(({ folder }) => folder.startsWith('plugins/'))
      .map(({ name, manifest }) => [
        name,
        `backstage-${manifest.backstage.role}`,
      ]);
    assert.deepEqual(components.sort(), plugins.sort());
  });

  test('refers to an existing API document', () => {
    const { spec } = entities.find(({ kind }) => kind === 'API');
    assert.ok(existsSync(inRoot(spec.definition.$text)));
  });
});

describe('the workflow', () => {
  test('runs every check', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml'));
    assert.ok(jobs.test.steps.some(({ run }) => run === 'npm test -- --all'));
  });

  test('runs existing scripts', () => {
    for (const name of readdirSync(inRoot('.github/workflows'))) {
      for (const [, script] of read(`.github/workflows/${name}`).matchAll(
        /node (scripts\/\S+)/g,
      )) {
        assert.ok(existsSync(inRoot(script)), script);
      }
    }
  });
});

describe('the updates of dependencies', () => {
  /** Files that declare each kind of dependency. */
  const READ_FROM = {
    npm: /^package\.json$/,
    'github-actions': /^\.github$/,
    docker: /^Dockerfile$/,
    terraform: /\.tf$/,
  };
  const { version, updates } = parse(read('.github/dependabot.yml'));

  test('cover every kind of dependency', () => {
    assert.equal(version, 2);
    assert.deepEqual(
      updates.map(each => each['package-ecosystem']).sort(),
      Object.keys(READ_FROM).sort(),
    );
  });

  test('refer to folders with such files', () => {
    for (const { 'package-ecosystem': kind, directory, schedule } of updates) {
      const files = readdirSync(inRoot(directory));
      assert.ok(
        files.some(name => READ_FROM[kind].test(name)),
        `${kind} in ${directory}`,
      );
      assert.equal(schedule.interval, 'weekly', kind);
    }
  });
});

describe('changesets', () => {
  test('give all plugins one version', () => {
    const { fixed, ignore } = JSON.parse(read('.changeset/config.json'));
    assert.deepEqual(
      fixed[0],
      publishedPackages()
        .filter(({ folder }) => folder.startsWith('plugins/'))
        .map(({ name }) => name)
        .sort(),
    );
    assert.deepEqual(ignore, ['app', 'backend', 'tools']);
  });
});

describe('the modules for loaders by Scalprum', () => {
  test('exist, and are entries of the package', () => {
    const [{ folder, manifest }] = publishedPackages().filter(
      each => each.manifest.scalprum,
    );
    const { name, exposedModules } = manifest.scalprum;
    assert.equal(name, manifest.name);
    assert.deepEqual(Object.keys(exposedModules), ['PluginRoot', 'Legacy']);
    for (const path of Object.values(exposedModules)) {
      assert.ok(existsSync(inRoot(folder, path)), path);
      assert.ok(Object.values(manifest.exports).includes(path), path);
    }
  });
});

describe('the lockfile', () => {
  test('names no registry', () => {
    const lines = read('yarn.lock')
      .split('\n')
      .filter(line => /https?:\/\//.test(line));
    assert.deepEqual(lines, []);
  });

  // Two copies of frontend-plugin-api, ui or catalog-react fail at run time only: each has its own contexts.
  test('has each package of Backstage once; "resolutions" in package.json mends it', () => {
    const names = [
      ...read('yarn.lock').matchAll(
        /^ {2}resolution: "(@backstage\/[^@"]+)@npm:/gm,
      ),
    ].map(([, name]) => name);
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name, n) => names.indexOf(name) !== n),
      [],
    );
  });
});
