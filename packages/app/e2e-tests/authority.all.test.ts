/** Attempts in the tab to reach what belongs to other teams. Azure's log is the witness. */
import { expect, openRegistry, test } from './support';

test("another team's key is not offered, and its URI is refused with the remedy", async ({
  signedIn,
  portal,
}) => {
  const page = await signedIn('daniel');
  await openRegistry(page, 'catalog-images', '/encryption');
  const section = page.getByRole('region', {
    name: 'catalogimages',
    exact: true,
  });
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
      /resource:default\/catalog-images may not use the key shopimages/,
    ),
  ).toBeVisible();
  await dialog
    .getByRole('checkbox', { name: /^Grant the identity the access/ })
    .check();
  await expect(dialog.getByText(/may not use the key/)).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: /^(Change key|Request approval)$/ }),
  ).toBeDisabled();
  expect(await portal.azure.writes()).toEqual([]);
});
