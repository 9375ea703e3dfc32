// Fails when a document refers to something missing: a file or heading behind a link, also one that a message names
// (`documentationUrl`), a key of acrCmk that config.d.ts does not declare, a permission that does not exist. Also when an error code
// has no entry in docs/troubleshooting.md, or a revoke method no words in the API document, no row in docs/operations.md in the
// order of the methods, or no option with the words of the dialog in the template that revokes.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { inRoot, root } from './lib/paths.mjs';

const TROUBLESHOOTING = 'docs/troubleshooting.md';
const OPERATIONS = 'docs/operations.md';
const OPENAPI = 'plugins/acr-cmk-common/openapi/openapi.yaml';
const REVOKE_TEMPLATE = 'examples/templates/emergency-revoke/template.yaml';
const TEXTS = 'plugins/acr-cmk/report-translations.api.md';
/** Extensions of files whose names look like permissions, such as `acr-cmk.sqlite`. */
const FILE = /\.(sqlite|json|ya?ml|tgz)$/;

const read = path => readFileSync(inRoot(path), 'utf8');
const tracked = (...patterns) =>
  execFileSync('git', ['ls-files', '-z', ...patterns], { cwd: root })
    .toString()
    .split('\0')
    .filter(path => path !== '' && existsSync(inRoot(path)));
const withoutCode = text =>
  text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
const capturesOf = (text, pattern) =>
  [...text.matchAll(pattern)].map(([, captured]) => captured);

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text) {
  return new Set(
    capturesOf(text.replace(/^```[\s\S]*?^```/gm, ''), /^#+ (.+)$/gm).map(
      heading =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replace(/\s/g, '-'),
    ),
  );
}

function leadsNowhere(to, anchor) {
  if (!existsSync(inRoot(to))) return true;
  return anchor !== undefined && !anchorsOf(read(to)).has(anchor);
}

function brokenLinks(path) {
  return capturesOf(withoutCode(read(path)), /\]\(([^)\s]+)\)/g)
    .filter(target => !/^[a-z]+:/i.test(target))
    .filter(target => {
      const [file, anchor] = target.split('#');
      const to = file === '' ? path : normalize(join(dirname(path), file));
      return leadsNowhere(to, anchor);
    })
    .map(target => `${path}: the link ${target} leads nowhere`);
}

/** Dotted paths of all keys in a config.d.ts. Expands named interfaces at each use. */
function declaredKeys(file) {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  const interfaces = new Map(
    source.statements
      .filter(ts.isInterfaceDeclaration)
      .map(declared => [declared.name.text, declared]),
  );
  const keys = new Set();
  const visit = (node, prefix) => {
    let path = prefix;
    if (ts.isPropertySignature(node)) {
      path = [...prefix, node.name.getText(source)];
      keys.add(path.join('.'));
    }
    const used =
      ts.isTypeReferenceNode(node) &&
      interfaces.get(node.typeName.getText(source));
    if (used) visit(used, path);
    ts.forEachChild(node, child => visit(child, path));
  };
  visit(interfaces.get('Config'), []);
  return keys;
}

const documents = tracked('*.md');
const keys = new Set(
  ['acr-cmk-backend', 'catalog-backend-module-acr-cmk'].flatMap(folder => [
    ...declaredKeys(`plugins/${folder}/config.d.ts`),
  ]),
);
const permissions = new Set(
  capturesOf(
    read('plugins/acr-cmk-common/src/permissions.ts'),
    /name: '([^']+)'/g,
  ),
);
const codes = new Set(
  tracked('plugins/acr-cmk-common/src/*.ts', 'plugins/acr-cmk-backend/src/*.ts')
    .filter(path => !/\.test\.ts$|__testUtils__|generated/.test(path))
    .flatMap(path => capturesOf(read(path), /\bcode(?:: | = )'([A-Z_]+)'/g)),
);
/** Ids of the revoke methods, in the order of the planners (`domain/plan/revoke/revoke.test.ts`). */
const { enum: methods, description: methodsInWords } = parse(read(OPENAPI))
  .components.schemas.RevokeMethodId;
const methodsWithRow = capturesOf(
  read(OPERATIONS),
  /^\| `([a-z-]+)` /gm,
).filter(id => methods.includes(id));
const methodNames = new Map(
  [...read(TEXTS).matchAll(/^ +readonly "method\.([a-z-]+)": "(.+)";$/gm)].map(
    ([, id, name]) => [id, name],
  ),
);
const methodOptions = new Map(
  parse(read(REVOKE_TEMPLATE))
    .spec.parameters.flatMap(({ properties }) => properties.method ?? [])
    .flatMap(({ enum: ids, enumNames: names }) =>
      ids.map((id, index) => [id, names[index]]),
    ),
);

// Finding nothing at all means that a file has moved.
for (const [what, found] of Object.entries({
  keys,
  permissions,
  codes,
  methodNames,
})) {
  if (found.size === 0) throw new Error(`Found no ${what}: has a file moved?`);
}

const troubleshooting = read(TROUBLESHOOTING);
const problems = [
  ...documents.flatMap(brokenLinks),
  ...tracked('plugins/*.ts', 'plugins/*.tsx').flatMap(path =>
    capturesOf(read(path), /documentationUrl\(\s*'([^']+)'/g)
      .filter(target => leadsNowhere(...target.split('#')))
      .map(target => `${path}: documentationUrl('${target}') leads nowhere`),
  ),
  ...documents.flatMap(path =>
    capturesOf(read(path), /\b((?:catalog\.providers\.)?acrCmk(?:\.\w+)+)/g)
      .filter(key => !keys.has(key))
      .map(key => `${path}: config.d.ts declares no ${key}`),
  ),
  ...documents.flatMap(path =>
    capturesOf(read(path), /`(acr-cmk\.[a-z]+(?:\.[a-z]+)*)`/g)
      .filter(name => !permissions.has(name) && !FILE.test(name))
      .map(name => `${path}: there is no permission ${name}`),
  ),
  ...[...codes]
    .filter(code => !troubleshooting.includes(`\`${code}\``))
    .map(code => `${TROUBLESHOOTING}: the error code ${code} has no entry`),
  ...methods
    .filter(id => !methodsInWords.includes(`\`${id}\``))
    .map(id => `${OPENAPI}: RevokeMethodId does not describe ${id}`),
  ...(methodsWithRow.join() === methods.join()
    ? []
    : [
        `${OPERATIONS}: the revoke methods need rows in this order: ${methods.join(', ')}`,
      ]),
  ...methods
    .filter(id => !methodNames.has(id))
    .map(id => `${TEXTS}: there is no name of ${id}: run yarn api-reports`),
  ...methods
    .filter(id => methodNames.has(id))
    .filter(id => !methodOptions.get(id)?.startsWith(methodNames.get(id)))
    .map(
      id =>
        `${REVOKE_TEMPLATE}: the option ${id} needs a name that begins with "${methodNames.get(id)}"`,
    ),
];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  `${documents.length} documents: links, keys and permissions exist; ` +
    `${codes.size} error codes are explained`,
);
