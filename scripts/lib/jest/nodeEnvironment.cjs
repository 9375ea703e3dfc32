// Jest environment for Node packages: test files run one after the other in the worker's own globals. Required by
// `nodeRuntime.cjs`, which loads libraries once per worker: libraries and tests then share the classes of errors,
// arrays and dates.
const { createRequire } = require('node:module');
const { createContext } = require('node:vm');
const { rememberGlobals } = require('./globals.cjs');

// Parts of Jest, in the versions of the running one.
const fromJest = createRequire(require.resolve('jest'));
const fromCore = createRequire(fromJest.resolve('@jest/core'));
const fromConfig = createRequire(fromCore.resolve('jest-config'));
const fromNode = createRequire(fromConfig.resolve('jest-environment-node'));
const { LegacyFakeTimers, ModernFakeTimers } = fromNode('@jest/fake-timers');
const { ModuleMocker } = fromNode('jest-mock');

/** Empty context. Jest only clears `Error.prepareStackTrace` in it. */
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
