// Fails when files import one another in a circle, or a file of the backend imports from a layer above its own, also by
// types alone. A script: the rules of eslint for it take a minute of processor time.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { layerViolation } from './lib/layers.mjs';
import { inRoot, root } from './lib/paths.mjs';

const ENDINGS = ['.ts', '.tsx', '/index.ts', '/index.tsx'];

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(path => /^(packages|plugins|tools|bench)\//.test(path))
  .filter(path => !path.endsWith('.d.ts') && existsSync(inRoot(path)));
const known = new Set(files);

/** Files of ours that a file imports by a relative path. */
function importsOf(path) {
  const { statements } = ts.createSourceFile(
    path,
    readFileSync(inRoot(path), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  return statements
    .filter(
      each =>
        (ts.isImportDeclaration(each) || ts.isExportDeclaration(each)) &&
        each.moduleSpecifier?.text.startsWith('.'),
    )
    .map(({ moduleSpecifier }) =>
      normalize(join(dirname(path), moduleSpecifier.text)),
    )
    .flatMap(target =>
      ENDINGS.map(ending => target + ending).filter(each => known.has(each)),
    );
}

const graph = new Map(files.map(path => [path, importsOf(path)]));
const imports = [...graph.values()].flat().length;
// A guard that finds nothing to guard has lost its subject.
if (imports < files.length) {
  throw new Error(`Found ${imports} imports in ${files.length} files`);
}

const circles = [];
const done = new Set();
function visit(path, trail) {
  if (trail.includes(path)) {
    circles.push([...trail.slice(trail.indexOf(path)), path]);
  } else if (!done.has(path)) {
    for (const target of graph.get(path)) visit(target, [...trail, path]);
    done.add(path);
  }
}
files.forEach(path => visit(path, []));

// A test sets its world up with whatever layer it needs.
const BACKEND = 'plugins/acr-cmk-backend/src/';
const isTest = path => /\.test\.ts$|__testUtils__|setupTests/.test(path);
const upwards = [...graph].flatMap(([path, targets]) =>
  path.startsWith(BACKEND) && !isTest(path)
    ? targets
        .map(target =>
          layerViolation(
            path.slice(BACKEND.length),
            target.slice(BACKEND.length),
          ),
        )
        .filter(Boolean)
    : [],
);

const faults = [
  ...circles.map(circle => `a circle: ${circle.join(' -> ')}`),
  ...upwards,
];
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(
  `${files.length} files and ${imports} imports without a circle, all downwards`,
);
