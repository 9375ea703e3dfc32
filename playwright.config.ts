import { defineConfig } from '@playwright/test';

/** Path of the Chromium that `npm test` has found. */
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig({
  testDir: './packages/app/e2e-tests',
  outputDir: './test-results/browser',

  // Each worker has its own Azure, backend and app (e2e-tests/support) and runs the next test of any file.
  // One worker alone leaves more than a core idle; `npm test` has other parts for it.
  workers: 2,
  fullyParallel: true,
  // `npm test` lists tests that pass at the second try as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // `npm test` runs other checks at the same time, so a test takes up to three times as long as alone.
  timeout: 180_000,
  expect: { timeout: 30_000 },

  reporter: process.env.CI ? [['list'], ['json']] : [['list']],

  use: {
    actionTimeout: 30_000,
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    // A trace costs a good part of the test itself, so only the second try makes one.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },

  projects: [
    { name: 'tests', testMatch: '**/*.test.ts' },
    // Pictures of the documentation, by `yarn screenshots`.
    { name: 'screenshots', testMatch: '**/*.screenshots.ts' },
  ],
});
