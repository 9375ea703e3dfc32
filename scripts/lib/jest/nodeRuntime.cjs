// Jest runtime for Node packages: Node itself loads libraries, once per worker instead of once per test file. A
// backend has three thousand such files. Our own code is still loaded for each test file.
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

  /** Compiles like Jest, but in the worker's own globals. */
  createScriptFromCode(source, filename) {
    if (!this._environment.global) return null;
    return compileFunction(source, this.constructInjectedModuleParameters(), {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  }
};
