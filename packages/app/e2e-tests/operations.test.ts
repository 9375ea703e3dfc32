import {
  accept,
  actionButton,
  API,
  DemoUser,
  expect,
  openRegistry,
  openRegistryAs,
  operationState,
  Portal,
  pressAction,
  registryId,
  SignedIn,
  stateOf,
  test,
} from './support';

/** Time for an operation on a busy machine. */
const OPERATION_TAKES = 120_000;

async function latestOperation(portal: Portal, entity: string) {
  const { body } = await portal.api(
    'priya',
    'GET',
    `${API}/operations?entityRef=resource:default/${entity}&limit=1`,
  );
  return body.items[0] as
    | { id: string; state: string; intent: { kind: string } }
    | undefined;
}

/**
 * Expects that `act` starts an operation of this kind and that it succeeds, by the API: evidence contains the
 * word as well.
 */
async function expectOperation(
  portal: Portal,
  entity: string,
  kind: string,
  act: () => Promise<void>,
) {
  const before = await latestOperation(portal, entity);
  await act();
  await expect
    .poll(
      async () => {
        const latest = await latestOperation(portal, entity);
        return latest && latest.id !== before?.id
          ? `${latest.intent.kind} ${latest.state}`
          : 'none yet';
      },
      { timeout: OPERATION_TAKES },
    )
    .toBe(`${kind} succeeded`);
}

/** The section of one registry on its entity's tab. */
async function openTab(signedIn: SignedIn, user: DemoUser, registry: string) {
  const page = await signedIn(user);
  await openRegistry(
    page,
    registry.replace(/images$/, '-images'),
    '/encryption',
  );
  const section = page.getByRole('region', { name: registry, exact: true });
  await expect(section.getByLabel('At a glance')).toBeVisible();
  return section;
}

for (const [mode, registry, vault] of [
  ['manual', 'ordersimages', 'kv-contoso-policy'],
  ['automatic', 'shopimages', 'kv-contoso-rbac'],
] as const) {
  test(`an owner rotates the key of a registry in ${mode} mode: one new version, in use, with evidence`, async ({
    signedIn,
    portal,
  }) => {
    const section = await openTab(signedIn, 'olivia', registry);
    await portal.azure.clearRequests();
    await section.getByRole('button', { name: 'Rotate', exact: true }).click();
    const dialog = section.page().getByRole('dialog', {
      name: `Rotate key: ${registry}`,
    });
    await dialog.getByLabel('Reason').fill('Quarterly rotation');
    const entity = registry.replace(/images$/, '-images');
    await expectOperation(portal, entity, 'rotate', () =>
      dialog.getByRole('button', { name: 'Rotate key' }).click(),
    );
    await expect(dialog.getByText('version in use').first()).toBeVisible();

    expect(await portal.azure.writes()).toEqual([
      `POST /keys/${registry}/rotate`,
      expect.stringMatching(
        new RegExp(`^PATCH .*/registries/${registry}$`, 'i'),
      ),
    ]);
    const current = () => stateOf(portal, entity);
    await expect.poll(async () => (await current()).state.id).toBe('current');
    const seen = await current();
    expect(seen.versionMode).toBe(mode);
    expect(seen.key.vaultName).toBe(vault);
    expect(seen.key.versionInUse).toBe(seen.key.latestVersion);
  });
}

/** Less than an operation takes in the list, and more than a line: ages above the key change their words. Pixels. */
const ONE_OPERATION = 30;
/** One more than the tab lists before **More**. */
const MORE_THAN_LISTED = 6;

test('after more operations than the tab lists, the uses of the key are where they were before the first @all', async ({
  page,
  portal,
}) => {
  // Compares two fresh loads: a page that stays open keeps showing the operations it has followed.
  await openRegistryAs(page, {
    user: 'olivia',
    name: 'shop-images',
    tab: '/encryption',
  });
  const section = page.getByRole('region', { name: 'shopimages', exact: true });
  /** Distance from the top of the section, independent of scrolling. Pixels. */
  const placeOfKey = async () => {
    // The last thing above it to load.
    await expect(section.getByText('Details · 1 note')).toBeVisible();
    const key = section.getByRole('group', { name: 'What uses this key' });
    const [inPage, top] = [
      await key.boundingBox(),
      await section.boundingBox(),
    ];
    return inPage!.y - top!.y;
  };
  const before = await placeOfKey();
  for (let n = 1; n <= MORE_THAN_LISTED; n += 1) {
    const id = await accept(portal, 'olivia', {
      entity: 'shop-images',
      registry: 'shopimages',
      intent: { kind: 'rotate' },
      reason: 'A browser test',
    });
    await expect
      .poll(operationState(portal, id), { timeout: OPERATION_TAKES })
      .toBe('succeeded');
  }

  await page.reload();
  // Earlier tests may have rotated the key too.
  await section.getByRole('button', { name: /^Show \d+ more$/ }).click();
  const operations = section
    .getByRole('listitem')
    .filter({ hasText: 'A browser test' });
  await expect
    .poll(() => operations.count())
    .toBeGreaterThanOrEqual(MORE_THAN_LISTED);
  await expect
    .poll(async () => Math.abs((await placeOfKey()) - before))
    .toBeLessThan(ONE_OPERATION);
});

test('an owner cannot revoke, and has no button that is always off', async ({
  signedIn,
  portal,
}) => {
  const section = await openTab(signedIn, 'olivia', 'ordersimages');
  await expect(
    section.getByRole('button', { name: 'Rotate', exact: true }),
  ).toBeVisible();
  await expect(actionButton(section, 'Revoke')).toBeHidden();

  const { status, body } = await portal.api('olivia', 'POST', `${API}/plans`, {
    entityRef: 'resource:default/orders-images',
    registryId: registryId('ordersimages'),
    intent: { kind: 'revoke' },
  });
  expect(status).toBe(403);
  expect(body.error.permission).toBe('acr-cmk.key.revoke');
});

test('a platform engineer revokes with the typed name, pulls are refused, and Restore undoes exactly that', async ({
  signedIn,
  portal,
}) => {
  const { azure } = portal;
  const section = await openTab(signedIn, 'priya', 'ordersimages');
  const page = section.page();
  expect((await azure.pull('ordersimages')).status).toBe(200);
  const before = await stateOf(portal, 'orders-images');
  await azure.clearRequests();

  await pressAction(section, 'Revoke');
  const dialog = page.getByRole('dialog', {
    name: 'Revoke access: ordersimages',
  });
  await dialog.getByLabel('Reason').fill('The key may have leaked');
  const typed = dialog.getByLabel('Type ordersimages to confirm');
  await typed.fill('orders');
  await dialog.getByRole('button', { name: 'Revoke access' }).click();
  await expect(dialog.getByText(/^Type the/)).toBeVisible();
  expect(await azure.writes()).toEqual([]);

  await typed.fill('ordersimages');
  await expectOperation(portal, 'orders-images', 'revoke', () =>
    dialog.getByRole('button', { name: 'Revoke access' }).click(),
  );
  expect(await azure.writes()).toEqual([
    expect.stringMatching(
      /^PUT .*\/vaults\/kv-contoso-policy\/accessPolicies\/remove$/i,
    ),
  ]);
  expect((await azure.pull('ordersimages')).status).toBe(403);
  expect((await stateOf(portal, 'orders-images')).state.id).toBe('revoked');

  await dialog.getByRole('button', { name: 'Close' }).click();
  await section.getByRole('button', { name: 'Restore', exact: true }).click();
  const restore = page.getByRole('dialog', {
    name: 'Restore access: ordersimages',
  });
  await restore.getByLabel('Reason').fill('The key is safe');
  await expectOperation(portal, 'orders-images', 'restore', () =>
    restore.getByRole('button', { name: 'Restore access' }).click(),
  );
  expect((await azure.pull('ordersimages')).status).toBe(200);
  // The end of an operation invalidates the facts, so the first request reads them again.
  const after = await stateOf(portal, 'orders-images');
  expect(after.accessPaths).toEqual(before.accessPaths);
  expect(after.encryption).toEqual(before.encryption);
});

// container-registry-vnet.md: a client outside of the network rules gets 403, whether or not the registry has its key.
test('of a registry with closed network rules, a revoke and its restore say that pulls could not be tested @all', async ({
  signedIn,
  portal,
}) => {
  const { azure } = portal;
  await azure.patchRegistry(registryId('ordersimages'), {
    networkRuleSet: { defaultAction: 'Deny' },
  });
  await expect
    .poll(async () => (await azure.pull('ordersimages')).status)
    .toBe(403);
  const section = await openTab(signedIn, 'priya', 'ordersimages');
  const page = section.page();
  const before = await stateOf(portal, 'orders-images');
  const closed =
    /Pulls could not be tested: the registry is closed to this portal/;
  const pullsOfLatest = async () => {
    const { body } = await portal.api(
      'priya',
      'GET',
      `${API}/operations?entityRef=resource:default/orders-images&limit=1`,
    );
    return body.items[0].pulls;
  };

  await pressAction(section, 'Revoke');
  const dialog = page.getByRole('dialog', {
    name: 'Revoke access: ordersimages',
  });
  await dialog.getByLabel('Reason').fill('The key may have leaked');
  await dialog.getByLabel('Type ordersimages to confirm').fill('ordersimages');
  await expectOperation(portal, 'orders-images', 'revoke', () =>
    dialog.getByRole('button', { name: 'Revoke access' }).click(),
  );
  await expect(dialog.getByText(closed).first()).toBeVisible();
  await expect(dialog.getByText(/Pulls are refused/)).toHaveCount(0);
  expect(await pullsOfLatest()).toMatchObject({
    wanted: 'refused',
    state: 'untested',
    reason: 'closed',
    how: 'anonymous',
    status: 403,
  });
  expect((await stateOf(portal, 'orders-images')).state.id).toBe('revoked');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(section.getByText(closed).first()).toBeVisible();

  await section.getByRole('button', { name: 'Restore', exact: true }).click();
  const restore = page.getByRole('dialog', {
    name: 'Restore access: ordersimages',
  });
  await restore.getByLabel('Reason').fill('The key is safe');
  await expectOperation(portal, 'orders-images', 'restore', () =>
    restore.getByRole('button', { name: 'Restore access' }).click(),
  );
  await expect(restore.getByText(closed).first()).toBeVisible();
  expect(await pullsOfLatest()).toMatchObject({
    wanted: 'answered',
    state: 'untested',
    reason: 'closed',
  });
  const after = await stateOf(portal, 'orders-images');
  expect(after.accessPaths).toEqual(before.accessPaths);
  expect(after.network).toEqual({
    publicNetworkAccess: true,
    defaultAction: 'deny',
    ipRules: [],
  });
});

test('neither a developer of another team nor a visitor can rotate or read', async ({
  portal,
}) => {
  const rotate = await portal.api('daniel', 'POST', `${API}/plans`, {
    entityRef: 'resource:default/shop-images',
    registryId: registryId('shopimages'),
    intent: { kind: 'rotate' },
  });
  expect(rotate.status).toBe(403);
  expect(rotate.body.error.permission).toBe('acr-cmk.registry.read');

  for (const user of ['daniel', 'vera'] as const) {
    const look = await portal.api(
      user,
      'GET',
      `${API}/entities/resource/default/shop-images/registries`,
    );
    expect(look.status).toBe(403);
    expect(look.body.error.permission).toBe('acr-cmk.registry.read');
  }
});

test('a registry without a verified link to its entity can be viewed, and shows why changes are refused', async ({
  signedIn,
  portal,
}) => {
  const section = await openTab(signedIn, 'priya', 'unboundimages');
  await expect(section.getByText(/backstage-entity-ref/).first()).toBeVisible();
  // Which of them appear depends on the known facts of the key; none is enabled.
  await expect(actionButton(section, 'Revoke')).toBeHidden();
  for (const action of ['Rotate', 'Restore', 'Review the fix']) {
    await expect(
      section.getByRole('button', {
        name: action,
        exact: true,
        disabled: false,
      }),
    ).toHaveCount(0);
  }
  await portal.azure.clearRequests();
  const { status, body } = await portal.api('priya', 'POST', `${API}/plans`, {
    entityRef: 'resource:default/unbound-images',
    registryId: registryId('unboundimages'),
    intent: { kind: 'rotate' },
  });
  expect(status).toBe(403);
  expect(body.error.message).toContain('backstage-entity-ref');
  expect(await portal.azure.writes()).toEqual([]);
});
