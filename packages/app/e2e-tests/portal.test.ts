import { expect, signInAs, test } from './support';

test('an owner signs in and finds a registry in the catalog, whose tab shows key URI, version mode and identity; a reload keeps the user signed in, and another tab can be another user', async ({
  page,
  context,
}) => {
  await signInAs(page, 'olivia');
  await page.getByRole('link', { name: 'shop-images' }).click();
  await page
    .getByRole('heading', { name: 'shop-images', exact: true })
    .waitFor();
  await expect(page.getByText('Images of the web shop')).toBeVisible();

  await page.getByRole('link', { name: 'Encryption', exact: true }).click();
  const registry = page.getByRole('region', { name: 'shopimages' });
  await registry.locator('summary', { hasText: /^Details/ }).click();
  await expect(
    registry.getByText(
      'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
    ),
  ).toBeVisible();
  await expect(
    registry.getByText('Automatic: uses new versions within about an hour'),
  ).toBeVisible();
  await expect(registry.getByText('id-shopimages').first()).toBeVisible();

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('Olivia Ortega').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('Olivia Ortega').first()).toBeVisible();

  const other = await context.newPage();
  await signInAs(other, 'priya', '/settings');
  await expect(other.getByText('Priya Patel').first()).toBeVisible();
});

test('access requires signing in as a user of the demo', async ({ portal }) => {
  const anonymous = await portal.api(undefined, 'GET', '/api/catalog/entities');
  expect(anonymous.status).toBe(401);
  await expect(portal.token('mallory' as 'olivia')).rejects.toThrow(
    "one of the demo's users",
  );
});
