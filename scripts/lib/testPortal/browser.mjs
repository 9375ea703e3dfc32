// Views of the plugin in a running portal, as a person sees them.
import assert from 'node:assert/strict';
import { chromium, expect } from '@playwright/test';

const ENTITY = 'resource/default/shop-images';
const REGISTRY = 'shopimages';

/** A rotation against the emulator takes about 10 seconds. */
const ROTATION_MS = 120_000;
/** The first page of a development server compiles what it loads. */
const PAGE_MS = 60_000;

/** Browser that keeps the app's files from one page to the next. */
export async function openBrowser(executablePath) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  const person = await browser.newContext({
    viewport: { width: 1280, height: 900 },
  });
  return { person, close: () => browser.close() };
}

async function open(person, running, path, { screenshot, theme } = {}) {
  const page = await person.newPage();
  page.setDefaultTimeout(PAGE_MS);
  // A new portal follows the theme of the system.
  await page.emulateMedia({ colorScheme: theme });
  try {
    await page.goto(`${running.appUrl}${path}`);
    // The guest may be signed in already, by an earlier step or by the old frontend system itself.
    const enter = page.getByRole('button', { name: 'Enter', exact: true });
    const signedIn = page.getByRole('navigation').getByRole('link').first();
    await expect(enter.or(signedIn).first()).toBeVisible({ timeout: PAGE_MS });
    if (await enter.isVisible()) {
      await enter.click();
    }
    return page;
  } catch (error) {
    await page.screenshot({ path: screenshot }).catch(() => undefined);
    throw error;
  }
}

async function versionInUse(running) {
  const answer = await running.get(`/acr-cmk/v1/entities/${ENTITY}/registries`);
  return answer?.registries[0]?.key?.versionInUse;
}

/** Opens a page and checks it. Takes a picture in the end, to look at. */
async function look(person, running, { path, screenshot, theme }, see) {
  const page = await open(person, running, path, { screenshot, theme });
  try {
    await see(page);
    await page.screenshot({ path: screenshot });
  } catch (error) {
    await page.screenshot({ path: screenshot });
    throw new Error(`${error.message}\n\nThe page as it was: ${screenshot}`);
  } finally {
    await page.close();
  }
}

export function seeCard(person, running, screenshot) {
  return look(
    person,
    running,
    { path: `/catalog/default/resource/shop-images`, screenshot },
    page =>
      expect(page.getByText('Encryption key').first()).toBeVisible({
        timeout: PAGE_MS,
      }),
  );
}

/** Opens the fleet page by its link in the sidebar. */
export function seeFleet(person, running, screenshot) {
  return look(person, running, { path: '/catalog', screenshot }, async page => {
    await page
      .getByRole('link', { name: 'Registry keys', exact: true })
      .click();
    await expect(page).toHaveURL(/\/acr-cmk(\/registries)?$/);
    await expect(
      page.getByRole('link', { name: REGISTRY, exact: true }),
    ).toBeVisible({ timeout: PAGE_MS });
  });
}

/** Takes pictures of card and tab among what Backstage shows, in both themes, for somebody to look at. */
export async function seeThemes(person, running, screenshot) {
  for (const theme of ['light', 'dark']) {
    const pictureOf = what =>
      screenshot.replace(/\.png$/, `-${what}-${theme}.png`);
    const path = '/catalog/default/resource/shop-images';
    await look(
      person,
      running,
      { path, theme, screenshot: pictureOf('card') },
      page =>
        expect(page.getByText(/automatic version mode/)).toBeVisible({
          timeout: PAGE_MS,
        }),
    );
    await look(
      person,
      running,
      { path: `${path}/encryption`, theme, screenshot: pictureOf('tab') },
      page =>
        expect(
          page
            .getByRole('region', { name: REGISTRY, exact: true })
            .getByRole('button', { name: 'Rotate', exact: true }),
        ).toBeEnabled({ timeout: PAGE_MS }),
    );
  }
}

export function rotateInTab(person, running, screenshot) {
  return look(
    person,
    running,
    { path: '/catalog/default/resource/shop-images/encryption', screenshot },
    async page => {
      const section = page.getByRole('region', { name: REGISTRY, exact: true });
      await section
        .getByRole('button', { name: 'Rotate', exact: true })
        .click();
      const before = await versionInUse(running);
      assert.ok(before, 'the API names the version in use');
      const dialog = page.getByRole('dialog');
      await dialog
        .getByLabel('Reason')
        .fill('The first rotation in a new portal');
      await dialog
        .getByRole('button', { name: 'Rotate key', exact: true })
        .click();
      await expect
        .poll(() => versionInUse(running), {
          timeout: ROTATION_MS,
          intervals: [1_000],
        })
        .not.toBe(before);
    },
  );
}

/** Checks that the form of a template shows the picker, and not its fallback of text fields. */
export function seeTemplateField(person, running, screenshot) {
  return look(
    person,
    running,
    { path: '/create/templates/default/rotate-registry-key', screenshot },
    async page => {
      const picker = page.getByRole('combobox', { name: 'Registry' });
      await expect(picker).toBeEnabled({ timeout: PAGE_MS });
      await picker.click();
      await expect(
        page.getByRole('option', { name: /shop-images/ }).first(),
      ).toBeVisible();
    },
  );
}

export function seeTabRefused(person, running, screenshot) {
  return look(
    person,
    running,
    { path: '/catalog/default/resource/shop-images/encryption', screenshot },
    async page => {
      await expect(
        page.getByText(/acr-cmk\.registry\.read/).first(),
      ).toBeVisible({ timeout: PAGE_MS });
      await expect(
        page.getByRole('region', { name: REGISTRY, exact: true }),
      ).toHaveCount(0);
    },
  );
}
