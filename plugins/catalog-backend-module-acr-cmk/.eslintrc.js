module.exports = require('../../scripts/lib/eslintConfig.cjs')(__dirname, {
  overrides: [
    {
      files: ['**/*.test.ts', 'src/__testUtils__/**'],
      rules: { 'no-restricted-globals': 'off' },
    },
  ],
  rules: {
    'no-restricted-globals': [
      'error',
      {
        name: 'setTimeout',
        message: 'Time is an argument: take a function that waits.',
      },
      {
        name: 'setInterval',
        message: 'Time is an argument: take a function that waits.',
      },
    ],
  },
});
