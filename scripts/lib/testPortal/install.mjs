// The steps of docs/install.md, with the texts of the document.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { inRoot } from '../paths.mjs';
import { Stop } from '../progress.mjs';
import { edit, readJson, replaceIn, writeJson } from './files.mjs';
import { WORKSPACES } from './scaffold.mjs';

const BACKEND = 'packages/backend/src/index.ts';
const ENTITY_PAGE = 'packages/app/src/components/catalog/EntityPage.tsx';
const APP = 'packages/app/src/App.tsx';
const SIDEBAR = 'packages/app/src/components/Root/Root.tsx';
const POLICY = 'packages/backend/src/permissionPolicy.ts';
const CONFIG = 'app-config.yaml';
const ENTITIES = 'examples/entities.yaml';
const TEMPLATE = 'examples/template/template.yaml';

const MANIFESTS = WORKSPACES.map(folder => join(folder, 'package.json'));

/** Files that somebody edits who installs the plugins. */
const EDITED = [BACKEND, ENTITY_PAGE, APP, SIDEBAR, CONFIG, ENTITIES, TEMPLATE];

/** Copies of the files that an installation changes, as they are before it. */
export function copyOfFiles(portal) {
  const read = path => [path, readFileSync(join(portal, path), 'utf8')];
  return Object.fromEntries(
    [...EDITED, ...MANIFESTS]
      .filter(path => existsSync(join(portal, path)))
      .map(read),
  );
}

/** Section "Remove": takes out of files what the steps added. The caller runs the commands before. */
export function undoSteps(portal, files) {
  for (const path of EDITED.filter(each => files[each])) {
    writeFileSync(join(portal, path), files[path]);
  }
  rmSync(join(portal, POLICY));
  rmSync(join(portal, 'acr-cmk'), { recursive: true });
  const path = join(portal, 'package.json');
  const manifest = readJson(path);
  manifest.resolutions = Object.fromEntries(
    Object.entries(manifest.resolutions).filter(
      ([, target]) => !target.startsWith('file:./acr-cmk/'),
    ),
  );
  writeJson(path, manifest);
}

/** Checks that the portal depends on what it depended on before the installation. */
export function expectNothingLeft(portal, files) {
  for (const path of MANIFESTS) {
    assert.deepEqual(
      readJson(join(portal, path)),
      JSON.parse(files[path]),
      path,
    );
  }
  const lockfile = readFileSync(join(portal, 'yarn.lock'), 'utf8');
  assert.doesNotMatch(lockfile, /acr-cmk/, 'yarn.lock');
}

/** Copies the tarballs into the portal, as `pack:all` puts them there. */
export function copyTarballs(portal, tarballs) {
  mkdirSync(join(portal, 'acr-cmk'), { recursive: true });
  for (const tarball of tarballs) {
    copyFileSync(tarball, join(portal, 'acr-cmk', basename(tarball)));
  }
}

/** Section "Before they are published": the tarballs, and the resolutions that refer to them. */
export function addTarballs(portal, tarballs, block) {
  copyTarballs(portal, tarballs);
  const names = tarballs.map(path => basename(path));
  const { resolutions } = JSON.parse(block('resolutions'));
  for (const [name, target] of Object.entries(resolutions)) {
    if (!names.includes(basename(target))) {
      throw new Stop(
        `docs/install.md installs ${name} from ${basename(
          target,
        )}; yarn pack:all made ${names.join(', ')}.`,
      );
    }
  }
  const path = join(portal, 'package.json');
  const manifest = readJson(path);
  manifest.resolutions = { ...manifest.resolutions, ...resolutions };
  writeJson(path, manifest);
}

/** Edits the two files of docs/read-only.md, which docs/install.md edits too. */
export function writeBackendAndConfig(portal, block) {
  replaceIn(
    join(portal, BACKEND),
    'backend.start();',
    `${block('backend')}\n\nbackend.start();`,
  );
  edit(join(portal, CONFIG), text => `${text}\n${block('config')}\n`);
}

/** Writes the files of steps 2 to 5. The caller runs the commands. */
export function writeSteps(portal, block, { legacy }) {
  const at = path => join(portal, path);
  writeBackendAndConfig(portal, block);
  edit(at(ENTITIES), text => `${text}\n---\n${block('entity')}\n`);
  if (legacy) {
    writeLegacySteps(at, block);
  }
}

function writeLegacySteps(at, block) {
  const prepend = (path, lines) =>
    edit(at(path), text => `${block(lines)}\n${text}`);
  prepend(ENTITY_PAGE, 'legacy-imports');
  // The last layout of a kind before the pages of components: defaultEntityPage.
  const end = '  </EntityLayout>\n);\n\nconst componentPage';
  replaceIn(at(ENTITY_PAGE), end, `${block('legacy-tab')}\n${end}`);
  const overview = '  </Grid>\n);\n\nconst serviceEntityPage';
  replaceIn(at(ENTITY_PAGE), overview, `${block('legacy-card')}\n${overview}`);
  prepend(APP, 'legacy-field-imports');
  replaceIn(
    at(APP),
    '<Route path="/create" element={<ScaffolderPage />} />',
    block('legacy-fields'),
  );
  prepend(APP, 'legacy-page-import');
  const routes = '  </FlatRoutes>';
  replaceIn(at(APP), routes, `${block('legacy-page')}\n${routes}`);
  prepend(SIDEBAR, 'legacy-link-import');
  const items = '        {/* End global nav */}';
  replaceIn(at(SIDEBAR), items, `${block('legacy-link')}\n${items}`);
}

/** Adds the sample template for rotation to the templates of the portal. */
export function addTemplate(portal) {
  const template = readFileSync(
    inRoot('examples/templates/rotate-registry-key/template.yaml'),
    'utf8',
  );
  edit(join(portal, TEMPLATE), text => `${text}\n---\n${template}`);
}

export function writePolicy(portal, block) {
  writeFileSync(join(portal, POLICY), `${block('policy')}\n`);
}

/** Replaces the policy that allows everything. */
export function usePolicy(portal, block) {
  replaceIn(
    join(portal, BACKEND),
    "backend.add(\n  import('@backstage/plugin-permission-backend-module-allow-all-policy'),\n);",
    block('policy-backend'),
  );
}
