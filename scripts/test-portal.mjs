// `yarn test:portal`: follows docs/install.md in a new portal of `create-app`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { findChromium } from './lib/chromium.mjs';
import { readFlags } from './lib/flags.mjs';
import { ensurePacked } from './lib/packages/pack.mjs';
import { demoDirectory, inRoot } from './lib/paths.mjs';
import { main, seconds, Stop } from './lib/progress.mjs';
import { Journey, variants } from './lib/testPortal/Journey.mjs';
import { recordResult } from './lib/testPortal/versionsTable.mjs';
import { prepare, registrySettings } from './lib/toolchain.mjs';

const namesOf = some => some.map(({ name }) => name).join(', ');

const HELP = `Installs the packed plugins in new portals as docs/install.md says, and rotates a key there.
The portal read-only follows docs/read-only.md, and only looks.

  --all             ${namesOf(variants.filter(({ all }) => all))}
  --release PORTAL  this portal alone; may be repeated. Without either: 1.57
                    ${namesOf(variants)}
  --nearest         in portals of older releases, takes the nearest version of
                    packages whose version a mirror of the registry may lack
  --fresh           removes what earlier runs have installed
  --record          writes the results into the table of versions in docs/install.md

The portals stay in .demo/test-portal until the next run.
`;

function choose() {
  const values = readFlags(
    {
      all: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      nearest: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      release: { type: 'string', multiple: true },
    },
    HELP,
  );
  if (values.all && values.release) {
    throw new Stop('--all and --release do not go together.');
  }
  const wanted = values.all
    ? variants.filter(({ all }) => all).map(({ name }) => name)
    : (values.release ?? ['1.57']);
  const unknown = wanted.find(
    each => !variants.some(({ name }) => name === each),
  );
  if (unknown) {
    throw new Stop(`There is no portal "${unknown}".\n\n${HELP}`);
  }
  return {
    help: values.help,
    fresh: values.fresh,
    nearest: values.nearest,
    record: values.record,
    chosen: variants.filter(({ name }) => wanted.includes(name)),
  };
}

await main(async () => {
  const { help, fresh, nearest, record, chosen } = choose();
  if (help) {
    console.log(HELP);
    return;
  }
  const started = Date.now();
  const prepared = await prepare();
  const env = { ...prepared, ...registrySettings(prepared) };
  const executablePath = await findChromium();
  const directory = `${demoDirectory}/test-portal`;
  if (fresh) {
    rmSync(directory, { recursive: true, force: true });
  }
  mkdirSync(directory, { recursive: true });
  const tarballs = await ensurePacked(env);

  let journey;
  const onSignal = async () => {
    await journey?.stop();
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);

  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const variant of chosen) {
    journey = new Journey({
      variant,
      directory,
      tarballs,
      env,
      executablePath,
      nearest,
    });
    const { passed, failed, failedAt, took } = await journey.run();
    counts.passed += passed;
    counts.failed += failed;
    if (record && !variant.document) {
      recordResult({
        portal: variant.name,
        backstage: journey.backstage,
        result: journey.resultOf(failedAt),
        on: new Date().toISOString().slice(0, 10),
      });
    }
    console.log(
      `\n${variant.name}: ${passed} passed, ${failed} failed (${took})\n`,
    );
  }
  mkdirSync(inRoot('test-results'), { recursive: true });
  writeFileSync(inRoot('test-results', 'portal.json'), JSON.stringify(counts));
  console.log(`all of it took ${seconds(started)}`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
});
