import {
  type Browser,
  expect,
  type Locator,
  type Page,
  test,
} from '@playwright/test';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Portal, signInAs } from './support';
import { askForRotation, startFleet } from './support/fleet';

/**
 * Screenshots of the page over all registries, of a real portal with a fleet, in both themes, wide and
 * narrow. They are made on demand and not kept, except the one that docs/fleet.md shows.
 */
const root = join(__dirname, '../../..');
const folder = join(root, '.screenshots');
const KEPT = 'fleet-pinned-light-1400';
const WIDTHS = [1400, 360];
const STARTS_MS = 600_000;

interface View {
  path: string;
  user?: 'priya' | 'olivia';
  /** Element that is there once everything is loaded. Default: the number of registries. */
  ready?(page: Page): Locator;
  /** Steps before the picture is taken. */
  then?(page: Page): Promise<unknown>;
}

const SHARED_DATA =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-platform/providers/Microsoft.ContainerRegistry/registries/shareddata';

const VIEWS: Record<string, View> = {
  registries: { path: 'registries' },
  pinned: { path: 'registries?state=pinned-key-trap' },
  empty: { path: 'registries?search=nothing-has-this-name' },
  'partial sight': { path: 'registries', user: 'olivia' },
  'unreadable subscriptions': {
    path: 'registries',
    then: page => page.getByText('Show which').click(),
  },
  stale: { path: `registries?vault=kv-contoso-legacy` },
  'out of date': {
    path: 'registries?state=behind',
    then: async page => {
      await page.context().setOffline(true);
      await page.clock.fastForward('01:00');
      await page.getByText(/The last request failed/).waitFor();
    },
  },
  registry: {
    path: `registries?registry=${encodeURIComponent(SHARED_DATA)}`,
    ready: page => page.getByRole('region', { name: 'shareddata' }).first(),
  },
  keys: {
    path: 'keys',
    ready: page => page.getByText(/^\d+ keys$/),
  },
  'keys, opened': {
    path: 'keys?vault=kv-contoso-rbac',
    ready: page => page.getByText(/^\d+ keys$/),
    then: page =>
      page
        .getByRole('button', { name: /^Versions of .*platform-shared/ })
        .click(),
  },
  calendar: {
    path: 'calendar',
    ready: page => page.getByRole('img', { name: /^Week of/ }),
  },
  waiting: {
    path: 'waiting',
    ready: page => page.getByRole('region', { name: /: shopimages$/ }),
    then: async page => {
      await page.getByRole('button', { name: 'Review' }).click();
      await page.getByRole('button', { name: 'Approve' }).waitFor();
    },
  },
  installation: {
    path: 'installation',
    ready: page => page.getByRole('button', { name: 'Check again' }),
  },
};

test.describe.configure({ mode: 'default' });

let portal: Portal;
test.beforeAll(async () => {
  test.setTimeout(STARTS_MS);
  mkdirSync(folder, { recursive: true });
  portal = await startFleet('portal-fleet-screenshots', 60, {
    acrCmk_approvals_rotate: 'required',
  });
  await askForRotation(portal, 'The yearly rotation');
  await makeStale('legacyimages');
});
test.afterAll(async () => portal?.stop());

/** Azure does not answer for this registry any more. */
async function makeStale(registry: string) {
  await portal.azure.addFault({
    method: 'GET',
    path: `*/registries/${registry}`,
    status: 503,
    times: 1000,
  });
  await expect
    .poll(async () => {
      const view = await portal.api(
        'priya',
        'GET',
        '/api/acr-cmk/v1/entities/resource/default/legacy-images/registries?refresh=true',
      );
      expect(view.status).toBe(200);
      const { body } = await portal.api(
        'priya',
        'GET',
        `/api/acr-cmk/v1/fleet/registries?search=${registry}`,
      );
      return body.items[0].stale;
    })
    .toBe(true);
}

const countOfRegistries = (page: Page) =>
  page.getByRole('heading', { name: /^\d+ registr/ });

/** Waits until everything has loaded. */
async function untilLoaded(page: Page, ready: Locator) {
  await ready.waitFor();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.waitForLoadState('networkidle');
}

async function takePictures(
  browser: Browser,
  {
    view,
    theme,
    widths = WIDTHS,
  }: { view: string; theme: string; widths?: number[] },
) {
  const { path, user = 'priya', ready = countOfRegistries, then } = VIEWS[view];
  const context = await browser.newContext({ baseURL: portal.url });
  const page = await context.newPage();
  await page.addInitScript(
    chosen => localStorage.setItem('theme', chosen),
    theme,
  );
  await page.clock.install();
  await signInAs(page, user);
  for (const width of widths) {
    await page.setViewportSize({ width, height: width > 500 ? 900 : 740 });
    await page.goto(`/acr-cmk/${path}`);
    await untilLoaded(page, ready(page));
    await then?.(page);
    const name = `fleet-${view.replace(/\W+/g, '-')}-${theme}-${width}`;
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    await context.setOffline(false);
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
