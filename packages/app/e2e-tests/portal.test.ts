import {
  expect,
  openRegistry,
  openRegistryAs,
  signInAs,
  test,
} from './support';

test('an owner signs in and finds a registry in the catalog', async ({
  page,
}) => {
  await signInAs(page, 'olivia');
  await expect(page.getByRole('link', { name: 'shop-images' })).toBeVisible();

  await openRegistry(page, 'shop-images');
  await expect(page.getByText('Images of the web shop')).toBeVisible();
});

test('the encryption tab shows key URI, version mode and identity', async ({
  page,
}) => {
  await openRegistryAs(page, { user: 'olivia', name: 'shop-images' });
  await page.getByRole('link', { name: 'Encryption', exact: true }).click();

  const registry = page.getByRole('region', { name: 'shopimages' });
  await expect(
    registry.getByText(
      'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
    ),
  ).toBeVisible();
  await expect(
    registry.getByText('Automatic: uses new versions within about an hour'),
  ).toBeVisible();
  await expect(registry.getByText('id-shopimages').first()).toBeVisible();
});

test('a reload keeps the user signed in, and another tab can be another user', async ({
  page,
  context,
}) => {
  await signInAs(page, 'olivia');
  await page.goto('/settings');
  await expect(page.getByText('Olivia Ortega').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('Olivia Ortega').first()).toBeVisible();

  const other = await context.newPage();
  await signInAs(other, 'priya');
  await other.goto('/settings');
  await expect(other.getByText('Priya Patel').first()).toBeVisible();
});

test('a backend that was killed restarts with its users and its Azure', async ({
  portal,
}) => {
  await portal.killBackend('SIGKILL');
  await expect(portal.token('olivia')).rejects.toThrow();

  await portal.startBackend();
  const { status, body } = await portal.api(
    'olivia',
    'GET',
    '/api/catalog/entities/by-name/resource/default/shop-images',
  );
  expect(status).toBe(200);
  expect(body.spec.owner).toBe('team-shop');
  expect((await portal.azure.pull('shopimages')).status).toBe(200);
});

test('nobody has access without signing in, or as somebody who is not a user of the demo', async ({
  portal,
}) => {
  const anonymous = await portal.api(undefined, 'GET', '/api/catalog/entities');
  expect(anonymous.status).toBe(401);
  await expect(portal.token('mallory' as 'olivia')).rejects.toThrow(
    "one of the demo's users",
  );
});
