import { Browser, Page, test as base } from '@playwright/test';
import { DemoUser, Portal } from './Portal';

export { expect } from '@playwright/test';
export { actionButton, pressAction } from './actions';
export type { HeadAction } from './actions';
export { accept, API, GROUP, operationState, registryId, stateOf } from './api';
export { axeFindings } from './axe';
export { tabTo } from './keyboard';
export { Portal } from './Portal';
export type { DemoUser } from './Portal';

/** A page on which this user is signed in, as it was left by the test before: begin with `visit`. */
export type SignedIn = (user: DemoUser) => Promise<Page>;

/**
 * Playwright's `test` with a portal, and with people who are signed in to it. Both are shared by the tests
 * of a worker, because starting a portal takes seconds, and each load of the app as much as many clicks: a
 * test changes its own registries only, and puts back whatever it did to Azure's clock, faults and log that
 * others would see. A test about the load of the app takes a `page` of its own.
 */
export const test = base.extend<
  { signedIn: SignedIn },
  { portal: Portal; people: Map<DemoUser, Page> }
>({
  portal: [
    // Playwright reads the names of a fixture's dependencies from the first pattern.
    async ({}, provide, { workerIndex }) => {
      const portal = await Portal.start(`portal-${workerIndex}`);
      await provide(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  people: [
    async ({}, provide) => {
      const people = new Map<DemoUser, Page>();
      await provide(people);
      for (const page of people.values()) await page.context().close();
    },
    { scope: 'worker' },
  ],
  signedIn: async (
    { browser, portal, people, viewport },
    provide,
    testInfo,
  ) => {
    const seen = new Set<Page>();
    await provide(async user => {
      const page = people.get(user) ?? (await arrive(browser, portal, user));
      people.set(user, page);
      seen.add(page);
      return page;
    });
    // A page that sends no requests by itself. After a failure the worker ends.
    if (testInfo.status !== testInfo.expectedStatus) return;
    for (const page of seen) {
      await visit(page, '/settings');
      if (viewport) await page.setViewportSize(viewport);
    }
  },
  baseURL: async ({ portal }, provide) => provide(portal.url),
});

async function arrive(browser: Browser, portal: Portal, user: DemoUser) {
  const context = await browser.newContext({ baseURL: portal.url });
  const page = await context.newPage();
  await signInAs(page, user);
  return page;
}

const TITLES = {
  olivia: 'Olivia Ortega',
  daniel: 'Daniel Danso',
  priya: 'Priya Patel',
  paul: 'Paul Petrov',
  vera: 'Vera Visser',
} as const;

/**
 * Signs in by the sign-in page, which the portal shows first wherever a link leads. Lasts for this page
 * (tab); another page can be another user.
 *
 * @param path - where the link leads: there it costs one load of the app, where another `goto` costs two
 */
export async function signInAs(
  page: Page,
  user: keyof typeof TITLES,
  path = '/',
) {
  await page.goto(path);
  await page
    .getByRole('button', { name: `Sign in as ${TITLES[user]}` })
    .click();
  // In the sidebar; once it has loaded, the page's breadcrumbs have one as well.
  await page
    .getByRole('link', { name: 'Catalog', exact: true })
    .first()
    .waitFor();
}

/** Goes to another view of the app without loading it again, as its own links do. */
export async function visit(page: Page, path: string) {
  await page.evaluate(to => window.history.pushState(null, '', to), path);
}

const registryPath = (name: string, tab: string) =>
  `/catalog/default/resource/${name}${tab}`;

const registryShown = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true }).waitFor();

/** Opens the page of a registry entity, or one of its tabs. */
export async function openRegistry(page: Page, name: string, tab = '') {
  await visit(page, registryPath(name, tab));
  await registryShown(page, name);
}

/** Opens a registry by a link of its tab, as a user who has to sign in first. */
export async function openRegistryAs(
  page: Page,
  { user, name, tab = '' }: { user: DemoUser; name: string; tab?: string },
) {
  await signInAs(page, user, registryPath(name, tab));
  await registryShown(page, name);
}
