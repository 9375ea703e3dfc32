/** What people could reach that was not theirs, tried in the tab. Azure's log is the witness. */
import type { Page } from '@playwright/test';
import { DemoUser, expect, openRegistryAs, Portal, test } from './support';

/** A portal starts for these tests, beside whatever else the machine does. */
const TEST_TAKES = 240_000;
const OPERATION_TAKES = 60_000;

/** A query that Azure takes as a POST. */
const QUERY = /\/Microsoft\.ResourceGraph\/resources$/i;

/** What has been changed in Azure since the log was cleared, without tokens and challenges. */
async function writes({ azure }: Portal): Promise<string[]> {
  return (await azure.requests())
    .filter(({ method, path }) => method !== 'GET' && !QUERY.test(path))
    .filter(({ path, status }) => !path.endsWith('/token') && status !== 401)
    .map(({ method, path }) => `${method} ${path}`);
}

/** The section of one registry on its entity's tab. */
async function openTab(page: Page, user: DemoUser, registry: string) {
  await openRegistryAs(page, {
    user,
    name: registry.replace(/images$/, '-images'),
    tab: '/encryption',
  });
  const section = page.getByRole('region', { name: registry, exact: true });
  await expect(section.getByText('Key URI')).toBeVisible();
  return section;
}

test("another team's key is not offered, and its URI is refused with the remedy", async ({
  page,
  portal,
}) => {
  const section = await openTab(page, 'daniel', 'catalogimages');
  await portal.azure.clearRequests();
  await section.getByRole('button', { name: 'Rotate', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Another key/ }).check();
  await dialog.getByRole('combobox', { name: 'Vault', exact: true }).click();
  const vault = page.getByRole('option', { name: /kv-contoso-rbac/ });
  if (await vault.isVisible()) {
    await vault.click();
    await dialog.getByRole('combobox', { name: 'Key', exact: true }).click();
    await expect(
      page.getByRole('option', { name: /^shopimages/ }),
    ).toBeHidden();
  }
  await page.keyboard.press('Escape');

  await dialog
    .getByLabel('Key URI')
    .fill('https://kv-contoso-rbac.vault.azure.net/keys/shopimages');
  await expect(
    dialog.getByText(
      /The key shopimages .* is not open to resource:default\/catalog-images/,
    ),
  ).toBeVisible();
  await dialog
    .getByRole('checkbox', { name: /^Grant the identity the access/ })
    .check();
  await expect(dialog.getByText(/is not open to/)).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: 'Change key' }),
  ).toBeDisabled();
  expect(await writes(portal)).toEqual([]);
});

test('a revoke that needed two people can be kept only by someone other than its requester', async ({
  browser,
}) => {
  test.setTimeout(TEST_TAKES);
  const portal = await Portal.start('portal-two-people', {
    acrCmk_approvals_revoke: 'required',
  });
  try {
    const tabOf = async (user: DemoUser) => {
      const context = await browser.newContext({ baseURL: portal.url });
      const page = await context.newPage();
      return { page, section: await openTab(page, user, 'ordersimages') };
    };
    const priya = await tabOf('priya');
    await portal.azure.clearRequests();
    await priya.section
      .getByRole('button', { name: 'Revoke', exact: true })
      .click();
    const ask = priya.page.getByRole('dialog');
    await ask.getByLabel('Restore automatically').selectOption('240');
    await ask.getByLabel('Reason').fill('The key may have leaked');
    await ask.getByLabel('Type ordersimages to confirm').fill('ordersimages');
    await ask.getByRole('button', { name: /^(Revoke|Request)/ }).click();
    await expect(ask.getByText(/wait.* approval/i).first()).toBeVisible();
    expect(await writes(portal)).toEqual([]);

    const paul = await tabOf('paul');
    await paul.section
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await paul.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Approve/ })
      .click();
    await expect
      .poll(async () => (await portal.azure.pull('ordersimages')).status, {
        timeout: OPERATION_TAKES,
      })
      .toBe(403);

    // Not offered to whoever asked for it.
    await paul.page.reload();
    await paul.section
      .getByRole('button', { name: 'Keep revoked', exact: true })
      .click();
    await priya.page.reload();
    await expect(
      priya.section.getByRole('button', { name: 'Restore', exact: true }),
    ).toBeEnabled();
    await expect(
      priya.section.getByRole('button', { name: 'Keep revoked', exact: true }),
    ).toBeHidden();
    const { body } = await portal.api(
      'priya',
      'GET',
      '/api/acr-cmk/v1/operations?entityRef=resource:default/orders-images&limit=1',
    );
    const alone = await portal.api(
      'priya',
      'POST',
      `/api/acr-cmk/v1/operations/${body.items[0].id}/confirm`,
      { reason: 'For good' },
    );
    expect([alone.status, alone.body.error.message]).toEqual([
      403,
      expect.stringContaining('another person has to make it permanent'),
    ]);

    const other = paul.page.getByRole('dialog');
    await other.getByLabel('Reason').fill('For good');
    await other.getByRole('button', { name: 'Keep revoked' }).click();
    await expect
      .poll(
        async () =>
          (
            await portal.api(
              'priya',
              'GET',
              `/api/acr-cmk/v1/operations/${body.items[0].id}`,
            )
          ).body.confirmedBy,
      )
      .toBe('user:default/paul');
  } finally {
    await portal.stop();
  }
});
