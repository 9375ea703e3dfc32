// The published packages of this repository.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.mjs';

export function readManifest(folder) {
  return JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
}

/** Workspaces that are not private, with folder and manifest; sorted by name. */
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

/** File name of `yarn pack`, for a package without a scope. */
export const tarballName = ({ name, version }) => `${name}-${version}.tgz`;
