// Faults in `tools/mutants`: reads them, checks that each still has its place, and puts one into a copy.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { inRoot, root } from './paths.mjs';

const folder = inRoot('tools', 'mutants');

/** Fields of a fault. `title` selects tests of its files; `tier` is `--all` for files that `npm test` leaves out. */
const NEEDED = ['id', 'breaks', 'file', 'find', 'replace', 'test'];
const FIELDS = [...NEEDED, 'title', 'tier'];

/** All faults, in the order of their files. `test` becomes a list. */
export function readMutants() {
  return readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .flatMap(name => parse(readFileSync(join(folder, name), 'utf8')))
    .map(mutant => ({ ...mutant, test: [mutant.test].flat() }));
}

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Pattern of the place of a fault. Any white space matches any other, so that formatting moves nothing. */
const placeOf = ({ find }) =>
  new RegExp(find.trim().split(/\s+/).map(escaped).join('\\s+'), 'g');

/** The text of the file with the fault. @throws Error unless the place is there exactly once */
export function withFault(mutant, text) {
  const places = text.match(placeOf(mutant))?.length ?? 0;
  if (places !== 1) {
    throw new Error(
      `${mutant.file} has its place ${places} times, not once: ${mutant.find.trim()}`,
    );
  }
  return text.replace(placeOf(mutant), () => mutant.replace.trim());
}

/** Mistakes in the list, one sentence each: empty when every fault can be tried. */
export function problemsOf(mutants) {
  const ids = new Set();
  return mutants.flatMap(mutant => {
    const { id, file, test = [] } = mutant;
    const problems = [
      ...NEEDED.filter(field => mutant[field] === undefined).map(
        field => `${field} is missing`,
      ),
      ...Object.keys(mutant)
        .filter(field => !FIELDS.includes(field))
        .map(field => `there is no field ${field}`),
      ...[file, ...test]
        .filter(path => path && !existsSync(inRoot(path)))
        .map(path => `${path} does not exist`),
      ...(ids.has(id) ? ['another fault has this id'] : []),
    ];
    ids.add(id);
    if (problems.length === 0) {
      try {
        withFault(mutant, readFileSync(inRoot(file), 'utf8'));
      } catch (error) {
        problems.push(error.message);
      }
    }
    return problems.map(problem => `${id}: ${problem}`);
  });
}

/** Copies the files of the repository, uncommitted ones too, and links its packages. Workspaces are the copy's own. */
export function copyRepository(to) {
  const names = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  for (const name of names.split('\0').filter(Boolean)) {
    if (existsSync(inRoot(name))) cpSync(inRoot(name), join(to, name));
  }
  const workspaces = ['plugins', 'packages'].flatMap(parent =>
    readdirSync(inRoot(parent)).map(name => join(parent, name)),
  );
  for (const modules of ['', ...workspaces, 'tools']
    .map(workspace => join(workspace, 'node_modules'))
    .filter(path => existsSync(inRoot(path)))) {
    linkEntries(inRoot(modules), join(to, modules));
  }
}

/** Links the packages of a folder, scope by scope. Relative links lead to workspaces, and stay relative. */
function linkEntries(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    // What a copy keeps there names the copy, which is removed.
    if (name === '.cache') continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (lstatSync(source).isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
    } else if (name.startsWith('@')) {
      linkEntries(source, target);
    } else {
      symlinkSync(source, target);
    }
  }
}

/** Puts the fault into a copy. Returns a function that takes it out again. */
export function putFault(mutant, copy) {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, withFault(mutant, text));
  return () => writeFileSync(path, text);
}

/** Workspace of a test file. */
export const workspaceOf = path =>
  path.startsWith('tools/') ? 'tools' : dirname(path).split('/', 2).join('/');
