/** Libraries that use Jest's globals or belong to Jest. Each test file needs its own. */
const OF_THE_TESTS =
  /\/node_modules\/(@backstage\/([\w-]+-)?test-utils|@testing-library|@jest|jest-[\w-]+)\//;

/** Tells whether a file belongs to a library that test files may share: third-party, and not made for tests. */
function isLibrary(path) {
  return path.includes('/node_modules/') && !OF_THE_TESTS.test(path);
}

module.exports = { isLibrary };
