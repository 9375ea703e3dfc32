// Jest sequencer: slow test files first, since one that begins last keeps one worker busy alone. Jest remembers how long
// files took, but knows only their sizes in a fresh clone.
const { createRequire } = require('node:module');

const fromJest = createRequire(require.resolve('jest'));
const fromCore = createRequire(fromJest.resolve('@jest/core'));
const fromConfig = createRequire(fromCore.resolve('jest-config'));
const { default: Sequencer } = fromConfig('@jest/test-sequencer');

/** Short files with long tables of cases elsewhere, such as `crash.test.ts` and `crash.hsm.all.test.ts`. */
const SHORT_AND_SLOW = /\/(crash|intents|matrix|measure)(\.[a-z]+)*\.test\.ts$/;

module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (SHORT_AND_SLOW.test(path) ? 0 : 1);
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
