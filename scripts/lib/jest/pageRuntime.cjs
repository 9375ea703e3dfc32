// Jest's runtime for packages that run in a browser: a library is loaded once for a worker, and not anew for each
// test file. What we test is still loaded for each test file. With `pageEnvironment.cjs`.
const BackstageRuntime = require('@backstage/cli-module-test-jest/config/jestCachingModuleLoader');
const { isLibrary } = require('./libraries.cjs');

/** Exports by path. */
const loaded = new Map();
/** Of the test file that runs. */
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
    // After the end of its test file Jest loads nothing, without an error.
    if (isShared && !this.isTornDown) loaded.set(path, module.exports);
  }

  /** Some libraries load a part of themselves only when it is used, when their test file may be over. */
  requireModuleOrMock(from, name) {
    return this === running || !isLibrary(from)
      ? super.requireModuleOrMock(from, name)
      : running.requireModuleOrMock(from, name);
  }
};
