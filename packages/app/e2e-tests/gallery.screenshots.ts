import { expect, test, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Pictures of the plugin's views and dialogs, from the fixtures that its tests use too: the gallery
 * of `yarn workspace backstage-plugin-acr-cmk start`, which is started here unless GALLERY_URL says
 * where one runs already.
 */
const OWN_URL = 'http://localhost:3000';
const root = join(__dirname, '../../..');
const url = process.env.GALLERY_URL ?? OWN_URL;
let gallery: ChildProcess | undefined;

async function isUp(): Promise<boolean> {
  return fetch(OWN_URL).then(
    ({ ok }) => ok,
    () => false,
  );
}

test.beforeAll(async () => {
  if (process.env.GALLERY_URL) return;
  test.setTimeout(180_000);
  gallery = spawn('yarn', ['workspace', 'backstage-plugin-acr-cmk', 'start'], {
    cwd: root,
    detached: true,
    stdio: 'ignore',
  });
  await expect.poll(isUp, { timeout: 150_000 }).toBe(true);
});

test.afterAll(() => {
  // The whole group: yarn has started a server, which goes on without it.
  if (gallery?.pid) process.kill(-gallery.pid, 'SIGTERM');
});

interface Shot {
  state: string;
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  press?: string;
  then?(page: Page): Promise<void>;
}

const NARROW = 360;

const shots: Record<string, Shot> = {
  'tab-current': { state: 'registry: current' },
  'tab-current-dark': { state: 'registry: current', theme: 'dark' },
  'tab-pinned-key-trap': { state: 'registry: pinned-key trap' },
  'tab-converging-narrow': {
    state: 'registry: converging',
    width: NARROW,
    height: 1600,
  },
  'tab-revoked-dark': {
    state: 'registry: revoked until it is restored by itself',
    theme: 'dark',
  },
  'tab-several': {
    state: 'tab: several registries, one of them failing',
    height: 2600,
  },
  'tab-history': { state: 'registry: with history', height: 2300 },
  'tab-annotated-wrongly': { state: 'tab: annotated wrongly', height: 500 },
  'tab-denied': { state: 'tab: denied', height: 400 },
  'operation-running': {
    state: 'registry: an operation at work',
    height: 800,
  },
  'operation-awaits-approval': {
    state: 'registry: an operation awaits approval',
    height: 800,
  },
  approve: {
    state: 'registry: an operation awaits approval',
    press: 'Approve',
  },
  rotate: { state: 'dialogs: all is well', press: 'Rotate' },
  'rotate-another-key-dark': {
    state: 'dialogs: all is well',
    theme: 'dark',
    press: 'Rotate',
    async then(page) {
      await page.getByRole('radio', { name: /^Another key/ }).check();
      await page
        .getByLabel('or its URI')
        .fill('https://kv-platform.vault.azure.net/keys/registries');
      await page.getByRole('group', { name: 'Checks' }).waitFor();
    },
  },
  'rotate-narrow': {
    state: 'dialogs: all is well',
    press: 'Rotate',
    width: NARROW,
    height: 740,
  },
  'rotate-blocked': { state: 'dialogs: a check fails', press: 'Rotate' },
  revoke: {
    state: 'dialogs: a second person and a waiting period',
    press: 'Revoke',
    height: 1250,
  },
  'revoke-narrow-dark': {
    state: 'dialogs: a second person and a waiting period',
    press: 'Revoke',
    theme: 'dark',
    width: NARROW,
    height: 740,
  },
  retire: {
    state: 'dialogs: all is well',
    press: 'Retire',
    async then(page) {
      await page.getByRole('combobox', { name: 'Version to retire' }).click();
    },
  },
  'timeline-two-hundred-versions': {
    state: 'timeline: two hundred versions',
    height: 500,
  },
  card: { state: 'card: ready', height: 360, width: 600 },
};

for (const [name, shot] of Object.entries(shots)) {
  test(name, async ({ page }) => {
    const { theme = 'light', width = 1280, height = 900 } = shot;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.addInitScript(
      chosen => localStorage.setItem('theme', chosen),
      theme,
    );
    await page.goto(`${url}/?bare&state=${encodeURIComponent(shot.state)}`);
    await page.getByRole('heading').nth(1).waitFor();
    if (shot.press) {
      await page
        .getByRole('button', { name: shot.press, exact: true })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await page.getByRole('progressbar').waitFor({ state: 'hidden' });
    }
    await shot.then?.(page);
    await page.screenshot({
      path: join(root, 'docs/images/tab', `${name}.png`),
      animations: 'disabled',
    });
  });
}
