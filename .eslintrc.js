/** What holds for every package; each adds its own. */
module.exports = {
  root: true,
  rules: {
    // Beyond three, a reader cannot tell what an argument is without looking it up: take an object.
    'max-params': ['error', 3],
  },
  overrides: [
    {
      // The columns of a table of cases are parameters.
      files: [
        '**/*.test.*',
        '**/__testUtils__/**',
        'packages/app/e2e-tests/**',
        'plugins/acr-cmk-backend/{azure-check,chaos}/**',
      ],
      rules: { 'max-params': 'off' },
    },
  ],
};
