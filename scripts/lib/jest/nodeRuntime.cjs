// Jest's runtime for packages that run in Node: a library is loaded by Node itself, once for a worker, and not anew
// for each test file. Three thousand files are those of a backend. What we test is still loaded for each test file.
const { createRequire } = require('node:module');
const { compileFunction, constants } = require('node:vm');
const { isLibrary } = require('./libraries.cjs');

const fromJest = createRequire(require.resolve('jest'));
const fromCore = createRequire(fromJest.resolve('@jest/core'));
const { default: JestRuntime } = fromCore('jest-runtime');

module.exports = class NodeRuntime extends JestRuntime {
  _loadModule(module, from, name, path, options, registry) {
    if (!options?.isInternalModule && isLibrary(path)) {
      module.exports = require(path);
      module.loaded = true;
    } else {
      super._loadModule(module, from, name, path, options, registry);
    }
  }

  unstable_shouldLoadAsEsm(path, ...rest) {
    return !isLibrary(path) && super.unstable_shouldLoadAsEsm(path, ...rest);
  }

  /** As Jest does it, but in the worker's own globals. */
  createScriptFromCode(source, filename) {
    if (!this._environment.global) return null;
    return compileFunction(source, this.constructInjectedModuleParameters(), {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  }
};
