// The order in which Jest runs the test files, for `--testSequencer`. It knows how long each takes from the
// run before. In a fresh clone it goes by size, and the longest are small: tables of cases in another file.
// They would come last, and one worker would wait for the other.
const fromJest = (name, from) =>
  require.resolve(name, { paths: [require.resolve(from)] });
const { default: TestSequencer } = require(
  fromJest('@jest/test-sequencer', fromJest('@jest/core', 'jest')),
);

const backend = 'plugins/acr-cmk-backend';

/** Those that take more than about half a minute, longest first. */
const LONG = [
  `${backend}/src/operations/engine/crash.rotate.test.ts`,
  `${backend}/src/authority/matrix.all.test.ts`,
  `${backend}/src/operations/engine/az.all.test.ts`,
  'packages/azure-emulator/src/clients.all.test.ts',
  `${backend}/src/operations/engine/crash.restore.test.ts`,
  `${backend}/src/operations/engine/crash.revoke.test.ts`,
  'plugins/catalog-backend-module-acr-cmk/src/module.test.ts',
  `${backend}/src/operations/engine/faultsThroughApi.test.ts`,
  `${backend}/src/operations/engine/faults.test.ts`,
  `${backend}/src/operations/engine/crash.create.test.ts`,
  `${backend}/src/operations/engine/crash.automate.test.ts`,
];

class LongTestsFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const placeOf = ({ path }) => {
      const place = LONG.findIndex(name =>
        path.replaceAll('\\', '/').endsWith(`/${name}`),
      );
      return place < 0 ? LONG.length : place;
    };
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

module.exports = LongTestsFirst;
module.exports.LONG = LONG;
