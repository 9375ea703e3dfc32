import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './process';

/**
 * Another commit of the repository, with the dependencies that are installed here; its own packages
 * stand for themselves.
 */
export function otherTree(commit: string): { root: string; remove(): void } {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'acr-cmk-before-'));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, stdio: 'pipe' });
  git('worktree', 'add', '--detach', root, commit);
  linkDependencies(root);
  return {
    root,
    remove: () => {
      git('worktree', 'remove', '--force', root);
    },
  };
}

function linkDependencies(root: string): void {
  const from = path.join(ROOT, 'node_modules');
  const to = path.join(root, 'node_modules');
  const own = ownPackages(root);
  fs.mkdirSync(to);
  for (const name of fs.readdirSync(from)) {
    const target = own.get(name) ?? path.join(from, name);
    if (name !== '.bin') fs.symlinkSync(target, path.join(to, name));
  }
}

/** Folders of the tree's own packages by their names. */
function ownPackages(root: string): Map<string, string> {
  const folders = ['packages', 'plugins'].flatMap(group =>
    fs
      .readdirSync(path.join(root, group))
      .map(name => path.join(root, group, name)),
  );
  return new Map(
    folders
      .filter(folder => fs.existsSync(path.join(folder, 'package.json')))
      .map(folder => [
        JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
          .name,
        folder,
      ]),
  );
}
