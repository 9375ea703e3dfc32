// Jest runtime for browser packages: libraries are loaded once per worker instead of once per test file. Our own code
// is still loaded for each test file. Requires `pageEnvironment.cjs`.
const BackstageRuntime = require('@backstage/cli-module-test-jest/config/jestCachingModuleLoader');
const { isLibrary } = require('./libraries.cjs');

/** Exports by path. */
const loaded = new Map();
/** Runtime of the current test file. */
let running;

module.exports = class PageRuntime extends BackstageRuntime {
  constructor(...args) {
    super(...args);
    running = this;
  }

  _loadModule(module, from, name, path, options, registry) {
    const isShared = !options?.isInternalModule && isLibrary(path);
    if (isShared && loaded.has(path)) {
      module.exports = loaded.get(path);
      module.loaded = true;
      return;
    }
    super._loadModule(module, from, name, path, options, registry);
    // After the end of a test file, Jest silently loads nothing.
    if (isShared && !this.isTornDown) loaded.set(path, module.exports);
  }

  /** Loads lazy parts of libraries through the current runtime, since the one of their test file may have ended. */
  requireModuleOrMock(from, name) {
    return this === running || !isLibrary(from)
      ? super.requireModuleOrMock(from, name)
      : running.requireModuleOrMock(from, name);
  }
};
