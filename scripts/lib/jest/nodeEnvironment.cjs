// Jest's environment for packages that run in Node: the worker's own globals, for one test file after the other.
// With `nodeRuntime.cjs`, which loads libraries once for a worker: errors, arrays and dates of libraries and of
// tests are of the same classes.
const { createRequire } = require('node:module');
const { createContext } = require('node:vm');
const { rememberGlobals } = require('./globals.cjs');

// Jest's parts in the versions of the Jest that runs.
const fromJest = createRequire(require.resolve('jest'));
const fromCore = createRequire(fromJest.resolve('@jest/core'));
const fromConfig = createRequire(fromCore.resolve('jest-config'));
const fromNode = createRequire(fromConfig.resolve('jest-environment-node'));
const { LegacyFakeTimers, ModernFakeTimers } = fromNode('@jest/fake-timers');
const { ModuleMocker } = fromNode('jest-mock');

/** Jest asks for one, to clear `Error.prepareStackTrace` there. Nothing else runs in it. */
const NO_CONTEXT = createContext({});

module.exports = class NodeEnvironment {
  constructor({ projectConfig }) {
    const global = globalThis;
    this.global = global;
    this.bringBackGlobals = rememberGlobals(global);
    this.moduleMocker = new ModuleMocker(global);
    this.fakeTimers = new LegacyFakeTimers({
      config: projectConfig,
      global,
      moduleMocker: this.moduleMocker,
      timerConfig: { idToRef: id => id, refToId: timer => timer },
    });
    this.fakeTimersModern = new ModernFakeTimers({
      config: projectConfig,
      global,
    });
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    this.bringBackGlobals();
    this.global = null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return NO_CONTEXT;
  }
};
