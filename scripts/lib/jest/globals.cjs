// What a test file may leave behind, where a worker's files share their globals.

/**
 * What Jest keeps of a test file in its globals: handlers of events, among them of unhandled errors, the time limit of
 * tests, and its state. Of another file they would swallow errors of the next.
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
 * Remembers the globals as they are, to bring back what is changed or missing. What is new stays, as libraries add
 * it, but for what Jest keeps of a file.
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
