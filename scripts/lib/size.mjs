// Size of the repository's code in lines that hold a token of TypeScript: no blank lines, no comments. `size.json` holds
// the figures that were agreed on: a mirror and not a limit, a rise is explained in the commit that makes it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { inRoot, root } from './paths.mjs';

/** Groups of the table, each by folder. Folders in `split` are counted apart from the folder around them. */
const GROUPS = [
  {
    name: 'backend',
    path: 'plugins/acr-cmk-backend/src',
    split: [
      'api/actions',
      'api/http',
      'changes/campaigns',
      'changes/gate',
      'changes/operations',
      'changes/plans',
      'domain/steps',
      'inventory/refresh',
      'inventory/rows',
      'platform/audit',
      'platform/config',
      'platform/database',
      'registries/fleet',
    ],
  },
  {
    name: 'frontend',
    path: 'plugins/acr-cmk/src',
    split: [
      'components/ActionDialog',
      'components/Campaigns',
      'components/FleetPage',
      'components/OperationView',
      'components/RegistrySection',
    ],
  },
  { name: 'common', path: 'plugins/acr-cmk-common/src' },
  {
    name: 'scaffolder module',
    path: 'plugins/scaffolder-backend-module-acr-cmk/src',
  },
  {
    name: 'catalog module',
    path: 'plugins/catalog-backend-module-acr-cmk/src',
  },
  { name: 'emulator', path: 'packages/azure-emulator/src' },
  { name: 'demo', path: 'packages/app/src' },
  { name: 'demo backend', path: 'packages/backend/src' },
  { name: 'tools', path: 'tools/src' },
  { name: 'scripts', path: 'scripts' },
  { name: 'bench', path: 'bench' },
];

const CODE = /\.(ts|tsx|mjs|cjs|js)$/;
const TESTS =
  /\.(test|states)\.[cm]?[jt]sx?$|\/(__testUtils__|__fixtures__|fixtures|e2e-tests|tests)\/|setupTests/;
const GENERATED = /\/generated\/|\.d\.m?ts$/;

/** Counts the lines of a source text that hold a token. */
function codeLines(text, path) {
  const source = ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : undefined,
  );
  const lines = new Set();
  const visit = node => {
    const { kind } = node;
    const { FirstJSDocNode, LastJSDocNode } = ts.SyntaxKind;
    if (kind >= FirstJSDocNode && kind <= LastJSDocNode) return;
    const children = node.getChildren(source);
    if (children.length > 0) {
      children.forEach(visit);
    } else if (node.getWidth(source) > 0) {
      const lineOf = position =>
        source.getLineAndCharacterOfPosition(position).line;
      const last = lineOf(node.getEnd());
      for (let line = lineOf(node.getStart(source)); line <= last; line++) {
        lines.add(line);
      }
    }
  };
  visit(source);
  return lines.size;
}

function folderOf(group, path) {
  const inside = path.slice(group.path.length + 1);
  const split = (group.split ?? []).find(each => inside.startsWith(`${each}/`));
  if (split) return split;
  const [first, ...rest] = inside.split('/');
  return rest.length > 0 ? first : '.';
}

/** Code lines by group and folder: `{ backend: { engine: { files, code, tests } } }`. */
function measure() {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1e8 },
  )
    .split('\n')
    .filter(path => CODE.test(path) && !GENERATED.test(path))
    .filter(path => existsSync(inRoot(path)));
  const sizes = {};
  for (const group of GROUPS) {
    const folders = {};
    for (const path of files) {
      if (!path.startsWith(`${group.path}/`)) continue;
      const isTest = TESTS.test(path);
      const folder = folderOf(group, path);
      folders[folder] ??= { files: 0, code: 0, tests: 0 };
      const lines = codeLines(
        readFileSync(inRoot(path), 'utf8'),
        posix.basename(path),
      );
      folders[folder][isTest ? 'tests' : 'code'] += lines;
      if (!isTest) folders[folder].files += 1;
    }
    sizes[group.name] = Object.fromEntries(
      Object.entries(folders).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  return sizes;
}

/** Names of the tables that the backend declares. */
function tables() {
  const path = 'plugins/acr-cmk-backend/src/platform/database/tables.ts';
  const text = readFileSync(inRoot(path), 'utf8');
  const declared = text.slice(text.indexOf('interface Tables'));
  return [...declared.matchAll(/^ {4}(\w+): /gm)].map(([, name]) => name);
}

/** Settings: leaves of the configuration that an adopter may set. */
function settings() {
  const path = 'plugins/acr-cmk-backend/config.d.ts';
  const source = ts.createSourceFile(
    path,
    readFileSync(inRoot(path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  let leaves = 0;
  const visit = node => {
    if (ts.isPropertySignature(node)) {
      let nested = 0;
      const look = child => {
        if (ts.isPropertySignature(child)) nested += 1;
        ts.forEachChild(child, look);
      };
      ts.forEachChild(node, look);
      if (nested === 0) leaves += 1;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return leaves;
}

/** Operations of the OpenAPI document. */
function operations() {
  const text = readFileSync(
    inRoot('plugins/acr-cmk-common/openapi/openapi.yaml'),
    'utf8',
  );
  return text.match(/^\s+operationId: /gm).length;
}

/** Other figures of the product's surface. */
const surface = () => ({
  tables: tables().length,
  settings: settings(),
  'API operations': operations(),
});

const AGREED = inRoot('size.json');

const measureAll = () => ({ code: measure(), surface: surface() });

const agreedFigures = () =>
  existsSync(AGREED)
    ? JSON.parse(readFileSync(AGREED, 'utf8'))
    : { code: {}, surface: {} };

/** Writes today's figures into `size.json`. */
export function agree() {
  writeFileSync(AGREED, `${JSON.stringify(measureAll(), undefined, 2)}\n`);
}

function sumOf(folders) {
  const sum = { code: 0, tests: 0, files: 0 };
  for (const each of Object.values(folders)) {
    for (const field of Object.keys(sum)) sum[field] += each[field];
  }
  return sum;
}

const signed = change => (change > 0 ? `+${change}` : `${change}`);

const line = (name, ...cells) =>
  name.padEnd(24) + cells.map(cell => String(cell).padStart(9)).join('');

/** Table of code lines by folder, agreed and now; with `isChangeOnly`, of the folders that differ. */
export function sizeTable({ isChangeOnly = false } = {}) {
  const agreed = agreedFigures();
  const now = measureAll();
  const rows = Object.entries(now.code).flatMap(([group, folders]) => {
    const before = agreed.code[group] ?? {};
    const names = new Set([...Object.keys(before), ...Object.keys(folders)]);
    const none = { code: 0, tests: 0, files: 0 };
    const inside = [...names]
      .sort()
      .map(name => [
        `  ${name}`,
        folders[name] ?? none,
        before[name]?.code ?? 0,
      ]);
    return [
      [group, sumOf(folders), sumOf(before).code],
      ...(names.size > 1 ? inside : []),
    ];
  });
  const counts = Object.entries(now.surface).map(([name, count]) => [
    name,
    { code: count, tests: '', files: '' },
    agreed.surface[name] ?? 0,
  ]);
  const differs = ([, { code }, before]) => code !== before;
  const shown = [...rows, ...counts].filter(
    row => !isChangeOnly || differs(row),
  );
  return [
    line('code lines', 'agreed', 'now', 'change', 'tests', 'files'),
    ...shown.map(([name, { code, tests, files }, before]) =>
      line(name, before, code, signed(code - before), tests, files),
    ),
    ...(shown.length === 0 ? ['as agreed in size.json'] : []),
  ].join('\n');
}
