import { defineConfig } from '@playwright/test';

/** Where the tests find their Chromium: `npm test` looks for one and says it here. */
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig({
  testDir: './packages/app/e2e-tests',
  outputDir: './test-results/browser',

  // Each worker has an Azure, a backend and an app of its own (e2e-tests/support), and takes the next
  // test of any file: one worker alone leaves more than a core idle.
  workers: 2,
  fullyParallel: true,
  // What passes at the second try is named at the end of `npm test`, as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // `npm test` runs other checks beside these: everything takes up to three times as long as alone.
  timeout: 180_000,
  expect: { timeout: 30_000 },

  reporter: process.env.CI ? [['list'], ['json']] : [['list']],

  use: {
    actionTimeout: 30_000,
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    // A trace takes a good part of what the tests themselves take: the second try makes one.
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
    // Not a test: makes the pictures of the documentation (`yarn screenshots`).
    { name: 'screenshots', testMatch: '**/*.screenshots.ts' },
  ],
});
