// What a test file may leave behind, where a worker's files share their globals.

/** Remembers the globals as they are, to bring back what is changed or missing. What is new stays: libraries add it. */
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
    global.process.exit = exit;
    for (const name of Object.keys(global.process.env)) {
      if (!(name in env)) delete global.process.env[name];
    }
    Object.assign(global.process.env, env);
  };
}

module.exports = { rememberGlobals };
