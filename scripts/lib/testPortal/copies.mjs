// Packages of which a portal must have one copy: they hold state, such as contexts and refs, or types that meet.
// In portals of a pinned release this check is weak: their `resolutions` force one copy of each package. It tells
// something in 1.57 and in the newest portal, whose packages come by their ranges.

const FRONTEND = [
  '@backstage/core-components',
  '@backstage/frontend-plugin-api',
];

const BOTH = [
  '@backstage/backend-plugin-api',
  '@backstage/catalog-model',
  '@backstage/config',
  '@backstage/core-plugin-api',
  '@backstage/errors',
  '@backstage/plugin-catalog-common',
  '@backstage/plugin-catalog-node',
  '@backstage/plugin-catalog-react',
  '@backstage/plugin-notifications-node',
  '@backstage/plugin-permission-common',
  '@backstage/plugin-permission-node',
  '@backstage/plugin-scaffolder-node',
  '@backstage/plugin-scaffolder-react',
  '@backstage/plugin-signals-node',
  '@backstage/plugin-signals-react',
];

/** `@backstage/app-defaults` brings a frontend system of its own into a portal with the old one. */
export const singletons = ({ legacy }) =>
  legacy ? BOTH : [...BOTH, ...FRONTEND];

/** Versions of each package of Backstage that `yarn info --name-only` lists. */
function installedVersions(output) {
  const versions = new Map();
  for (const [, name, version] of output.matchAll(
    /(@backstage\/[\w-]+)@(?:\S*#)?npm:([^\s\]]+)/g,
  )) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return versions;
}

/** Number of installed packages of a release, and how many of them have its versions. */
export function partOfRelease(output, release) {
  const ofRelease = [...installedVersions(output)].filter(
    ([name]) => release[name],
  );
  const exact = ofRelease.filter(([name, versions]) =>
    versions.has(release[name]),
  );
  return { exact: exact.length, all: ofRelease.length };
}

/** Packages among `names` of which `yarn info --name-only` lists several versions, with the versions. */
export function copiesOf(output, names) {
  const versions = installedVersions(output);
  return names
    .filter(name => versions.get(name)?.size > 1)
    .map(name => `${name} (${[...versions.get(name)].sort().join(', ')})`);
}
