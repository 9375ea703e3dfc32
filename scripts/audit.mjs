// Known weaknesses of what is shipped. Says so when nobody can be asked, and does not fail then.
import { spawnSync } from 'node:child_process';
import { readFlags } from './lib/flags.mjs';
import { root } from './lib/paths.mjs';
import { main, Stop } from './lib/progress.mjs';
import { prepare, registrySettings } from './lib/toolchain.mjs';

const LEAST = 'high';

const HELP = `Asks the registry of packages for known weaknesses of what is shipped.

  --help  prints this
`;

/** Each line of the answer is an advisory; whatever else yarn prints is an error of its own. */
function advisoriesIn(output) {
  return output.split('\n').flatMap(line => {
    try {
      const { value, children } = JSON.parse(line);
      return [
        `${value}: ${children.Issue} (${children.Severity}) ${children.URL}`,
      ];
    } catch {
      return [];
    }
  });
}

await main(async () => {
  if (readFlags({}, HELP).help) {
    console.log(HELP);
    return;
  }
  const prepared = await prepare();
  const { status, stdout } = spawnSync(
    'yarn',
    [
      ...['npm', 'audit', '--all', '--recursive', '--json'],
      ...['--environment', 'production', '--severity', LEAST],
    ],
    {
      cwd: root,
      env: { ...prepared, ...registrySettings(prepared) },
      encoding: 'utf8',
    },
  );
  const advisories = advisoriesIn(stdout);
  if (advisories.length > 0) {
    throw new Stop(
      `These dependencies have known weaknesses, ${LEAST} or worse:\n\n${advisories.join(
        '\n',
      )}`,
    );
  }
  console.log(
    status === 0
      ? `no dependency has a known weakness that is ${LEAST} or worse`
      : 'The registry does not answer questions about weaknesses now, so nothing is known.',
  );
});
