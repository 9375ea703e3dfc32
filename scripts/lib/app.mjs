// The built app, which the backend serves.
//
// Built rather than served by the development server: both take about ten seconds at first, but a build is
// reused. There is one address and one port, and the app is the one to deploy. `npm start -- --dev` serves it
// from source.
import { existsSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { mustRun, step } from './progress.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

const buildStamp = inRoot('node_modules', '.cache', 'acr-cmk', 'app-build');

const inputs = [
  'yarn.lock',
  'app-config.yaml',
  'packages/app',
  'plugins/acr-cmk',
  'plugins/acr-cmk-common',
];

export async function ensureAppBuilt(env) {
  const wanted = fingerprint(inputs);
  const isThere = existsSync(inRoot('packages/app/dist/index.html'));
  if (isThere && isStamped(buildStamp, wanted)) {
    return;
  }
  await step('build the app', () =>
    mustRun('app-build', 'yarn', ['workspace', 'app', 'build'], {
      cwd: root,
      env,
    }),
  );
  writeStamp(buildStamp, wanted);
}

/** Records that the app has been built from the current sources. */
export function markAppBuilt() {
  writeStamp(buildStamp, fingerprint(inputs));
}
