// Style sheet of jsdom's "browser", without what no test sees. Whenever a test asks for a role or axe looks at the page,
// jsdom matches each rule against each element; that was a third of the time of axe, and more of the roles.
const fs = require('node:fs');

const RULE = /[^{}]+\{[^{}]*\}/g;

/** Keeps the rules that show or hide elements. */
const visibleRules = text =>
  text
    .replace(/\/\*.*?\*\//gs, '')
    .match(RULE)
    .filter(rule => /\{[^}]*\b(display|visibility)\s*:/.test(rule))
    .join('\n');

/** Loads jsdom, which reads the style sheet once, as text. */
function withVisibleRulesOnly(load) {
  const { readFileSync } = fs;
  fs.readFileSync = (path, ...rest) => {
    const content = readFileSync(path, ...rest);
    return /jsdom[^/]*\/browser\/default-stylesheet\.css$/.test(path)
      ? visibleRules(content)
      : content;
  };
  try {
    return load();
  } finally {
    fs.readFileSync = readFileSync;
  }
}

module.exports = { withVisibleRulesOnly };
