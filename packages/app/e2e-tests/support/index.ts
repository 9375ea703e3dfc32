import { Page, test as base } from '@playwright/test';
import { Portal } from './Portal';

export { expect } from '@playwright/test';
export { axeFindings } from './axe';
export { EmulatedAzure } from './EmulatedAzure';
export { tabTo } from './keyboard';
export { Portal } from './Portal';
export type { DemoUser } from './Portal';

/**
 * Playwright's `test` with a portal. The portal is shared by the tests of a worker, because
 * starting one takes seconds: a test changes its own registries only, and puts back whatever
 * it did to Azure's clock, faults and log that others would see.
 */
export const test = base.extend<{}, { portal: Portal }>({
  portal: [
    // Playwright reads the names of a fixture's dependencies from the first pattern.
    async ({}, provide, { workerIndex }) => {
      const portal = await Portal.start(`portal-${workerIndex}`);
      await provide(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ portal }, provide) => provide(portal.url),
});

const TITLES = {
  olivia: 'Olivia Ortega',
  daniel: 'Daniel Danso',
  priya: 'Priya Patel',
  paul: 'Paul Petrov',
  vera: 'Vera Visser',
} as const;

/**
 * Signs in by the sign-in page, which the portal shows first wherever a link leads. Lasts for this page
 * (tab); another page can be somebody else.
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

const registryPath = (name: string, tab: string) =>
  `/catalog/default/resource/${name}${tab}`;

const registryShown = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true }).waitFor();

/** Opens the page of a registry entity, or one of its tabs. */
export async function openRegistry(page: Page, name: string, tab = '') {
  await page.goto(registryPath(name, tab));
  await registryShown(page, name);
}

/** The same, by a link that somebody follows who has to sign in first. */
export async function openRegistryAs(
  page: Page,
  {
    user,
    name,
    tab = '',
  }: { user: keyof typeof TITLES; name: string; tab?: string },
) {
  await signInAs(page, user, registryPath(name, tab));
  await registryShown(page, name);
}
