// Isolation of test files that share the globals of a worker.

/**
 * Symbols under which Jest keeps the state of a test file in the globals: event handlers, such as those of unhandled
 * errors, the time limit of tests, retries. Left behind, they would swallow errors of the next file.
 */
const OF_ONE_FILE = new Set([
  'EVENT_HANDLERS',
  'JEST_STATE_SYMBOL',
  'LOG_ERRORS_BEFORE_RETRY',
  'RETRY_IMMEDIATELY',
  'RETRY_TIMES',
  'TEST_TIMEOUT_SYMBOL',
  'WAIT_BEFORE_RETRY',
]);

/**
 * Takes a snapshot of the globals. The returned function restores changed and deleted ones. New ones stay, since
 * libraries add them, except Jest's state of a test file.
 */
function rememberGlobals(global) {
  const before = Object.entries(
    Object.getOwnPropertyDescriptors(global),
  ).filter(([, { configurable, writable }]) => configurable || writable);
  const env = { ...global.process.env };
  const { exit } = global.process;
  return function bringBack() {
    for (const [name, was] of before) {
      const is = Object.getOwnPropertyDescriptor(global, name);
      if (is?.value === was.value && is?.get === was.get) continue;
      if (is && !is.configurable) global[name] = was.value;
      else Object.defineProperty(global, name, was);
    }
    for (const symbol of Object.getOwnPropertySymbols(global)) {
      if (OF_ONE_FILE.has(symbol.description)) delete global[symbol];
    }
    global.process.exit = exit;
    for (const name of Object.keys(global.process.env)) {
      if (!(name in env)) delete global.process.env[name];
    }
    Object.assign(global.process.env, env);
  };
}

module.exports = { rememberGlobals };
