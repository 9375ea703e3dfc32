// Fails when the lockfile holds an @backstage/* package twice.
//
// Two copies of frontend-plugin-api, ui or catalog-react break at run time only
// (each copy has its own contexts and API refs), so this has to be seen here.
// The remedy is a `resolutions` entry in the root package.json.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockfile = readFileSync(
  fileURLToPath(new URL('../yarn.lock', import.meta.url)),
  'utf8',
);

const versions = new Map();
for (const [, name, version] of lockfile.matchAll(
  /^ {2}resolution: "(@backstage\/[^@"]+)@npm:([^"]+)"$/gm,
)) {
  versions.set(name, [...(versions.get(name) ?? []), version]);
}

if (versions.size === 0) {
  console.error(
    'yarn.lock names no @backstage package: has its format changed?',
  );
  process.exit(1);
}

const twice = [...versions].filter(([, found]) => found.length > 1);
for (const [name, found] of twice) {
  console.error(
    `${name} is in yarn.lock ${found.length} times (${found.join(', ')}): ` +
      'add it to "resolutions" in the root package.json and run yarn install',
  );
}
if (twice.length > 0) {
  process.exit(1);
}
console.log(`one copy each of ${versions.size} @backstage packages`);
