/** Use Jest's globals or are part of Jest, so each test file needs its own. */
const OF_THE_TESTS =
  /\/node_modules\/(@backstage\/([\w-]+-)?test-utils|@testing-library|@jest|jest-[\w-]+)\//;

/** Whether a file is of a library that test files may share: other people's, and not made for tests. */
function isLibrary(path) {
  return path.includes('/node_modules/') && !OF_THE_TESTS.test(path);
}

module.exports = { isLibrary };
