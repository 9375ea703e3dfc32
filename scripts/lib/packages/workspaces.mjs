// The packages of this repository that are published.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.mjs';

export function readManifest(folder) {
  return JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
}

/** Every workspace that is not private, with its folder and manifest; sorted by name. */
export function publishedPackages() {
  return ['packages', 'plugins']
    .flatMap(parent =>
      readdirSync(inRoot(parent)).map(name => join(parent, name)),
    )
    .map(folder => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private)
    .map(each => ({ ...each, name: each.manifest.name }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** What `yarn pack` names the file of a package. None of ours has a scope. */
export const tarballName = ({ name, version }) => `${name}-${version}.tgz`;
