const backstage = require('@backstage/cli/config/eslint-factory');

/** Beginnings that make a reader take a doc comment apart before it says anything. */
const REFUSED_OPENINGS = [
  'What',
  'Who',
  'Whoever',
  'Whom',
  'Whose',
  'Those',
  'That',
  'Where',
  'How',
  'When',
  'Which',
  'Why',
  'The same',
  'Of',
  'Since',
  'By',
  'Has',
];

/**
 * Doc comments begin with a noun or a verb. The star is a part of each term, so that other comments are
 * left alone.
 */
const docComments = {
  location: 'start',
  decoration: ['*'],
  terms: REFUSED_OPENINGS.map(word => `* ${word}`),
};

/** Backstage's rules for a package, ours for all of them, and the package's own. */
module.exports = (dir, own = {}) =>
  backstage(dir, {
    ...own,
    rules: {
      // Beyond three, a reader cannot tell what an argument is without looking it up: take an object.
      'max-params': ['error', 3],
      'no-warning-comments': ['error', docComments],
      // A property of fast-check is expected by its own assertion.
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect', 'fc.assert'] },
      ],
      ...own.rules,
    },
    overrides: [
      {
        // The columns of a table of cases are parameters.
        files: ['**/*.test.*', '**/__testUtils__/**', 'e2e-tests/**'],
        rules: { 'max-params': 'off' },
      },
      ...(own.overrides ?? []),
    ],
  });
module.exports.docComments = docComments;
