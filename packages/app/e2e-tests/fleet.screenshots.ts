import { type Browser, expect, test, type Page } from '@playwright/test';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Portal, signInAs } from './support';
import { startFleet } from './support/fleet';

/**
 * Screenshots of the page over all registries, of a real portal with a fleet, in both themes, wide and
 * narrow. They are made on demand and not kept, except the one that docs/fleet.md shows.
 */
const root = join(__dirname, '../../..');
const folder = join(root, '.screenshots');
const KEPT = 'fleet-pinned-light-1400';
const WIDTHS = [1400, 360];
const STARTS_MS = 600_000;

const VIEWS: Record<string, { path: string; user: 'priya' | 'olivia' }> = {
  registries: { path: 'registries', user: 'priya' },
  pinned: { path: 'registries?state=pinned-key-trap', user: 'priya' },
  empty: { path: 'registries?search=nothing-has-this-name', user: 'priya' },
  'partial sight': { path: 'registries', user: 'olivia' },
  keys: { path: 'keys?vault=kv-contoso-rbac', user: 'priya' },
  calendar: { path: 'calendar', user: 'priya' },
  waiting: { path: 'waiting', user: 'priya' },
};

test.describe.configure({ mode: 'default' });

let portal: Portal;
test.beforeAll(async () => {
  test.setTimeout(STARTS_MS);
  mkdirSync(folder, { recursive: true });
  portal = await startFleet('portal-fleet-screenshots', 60);
});
test.afterAll(async () => portal?.stop());

/** Everything that was asked for is there. */
async function untilLoaded(page: Page) {
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.waitForLoadState('networkidle');
}

async function takePictures(
  browser: Browser,
  { view, theme }: { view: string; theme: string },
) {
  const { path, user } = VIEWS[view];
  const context = await browser.newContext({ baseURL: portal.url });
  const page = await context.newPage();
  await page.addInitScript(
    chosen => localStorage.setItem('theme', chosen),
    theme,
  );
  await signInAs(page, user);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width > 500 ? 1000 : 1400 });
    await page.goto(`/acr-cmk/${path}`);
    await untilLoaded(page);
    const name = `fleet-${view.replace(' ', '-')}-${theme}-${width}`;
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    if (name === KEPT) copyFileSync(file, join(root, 'docs/images/fleet.png'));
  }
  await context.close();
}

for (const theme of ['light', 'dark']) {
  for (const view of Object.keys(VIEWS)) {
    test(`the fleet: ${view}, ${theme}`, async ({ browser }) =>
      takePictures(browser, { view, theme }));
  }
}
