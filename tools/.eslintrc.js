module.exports = require('../scripts/lib/eslintConfig.cjs')(__dirname, {
  rules: {
    // The tools are neither built nor published, and use the backend's internals and test utilities.
    'no-restricted-imports': 'off',
    'no-restricted-syntax': 'off',
    '@backstage/no-forbidden-package-imports': 'off',
  },
});
