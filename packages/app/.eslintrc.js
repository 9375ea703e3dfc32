module.exports = require('../../scripts/lib/eslintConfig.cjs')(__dirname, {
  overrides: [
    {
      // The browser tests start the portal as `npm start` does, by scripts/lib, and ask the emulator through its client.
      files: ['e2e-tests/support/**'],
      rules: { '@backstage/no-relative-monorepo-imports': 'off' },
    },
  ],
});
