import type { Page } from '@playwright/test';
import {
  DemoUser,
  expect,
  GROUP,
  Portal,
  registryId,
  stateOf,
  test,
  visit,
} from './support';

/** A task from its start to what is looked for, on a machine that is busy with other things. */
const TASK_TAKES = 120_000;

/** Opens the form of a template. */
async function openTemplate(page: Page, name: string, title: string) {
  await visit(page, `/create/templates/default/${name}`);
  await expect(page.getByText(title).first()).toBeVisible();
}

async function choose(page: Page, label: string | RegExp, option: RegExp) {
  const field = page.getByRole('combobox', { name: label });
  await expect(field).toBeEnabled();
  await field.click();
  await page.getByRole('option', { name: option }).click();
}

/** Expects the error that the scaffolder lists above a page with invalid values. */
async function refused(page: Page, text: string) {
  await expect(
    page.getByRole('listitem').filter({ hasText: text }).first(),
  ).toBeVisible();
}

/** The page before the last: what will happen, read before anything does. */
async function planShown(page: Page) {
  await page.getByRole('button', { name: 'Next' }).click();
  const plan = page.getByRole('region', { name: 'What will happen' });
  await expect(plan.getByText('Affected registries and teams')).toBeVisible();
  return plan;
}

async function reviewAndCreate(page: Page) {
  await planShown(page);
  await review(page);
}

async function review(page: Page) {
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL(/\/create\/tasks\//);
}

/** Starts a template without its form. */
async function startTask(
  portal: Portal,
  user: DemoUser,
  template: string,
  values: object,
): Promise<string> {
  const { status, body } = await portal.api(
    user,
    'POST',
    '/api/scaffolder/v2/tasks',
    { templateRef: `template:default/${template}`, values, secrets: {} },
  );
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

function taskStatus(portal: Portal, user: DemoUser, id: string) {
  return async () =>
    (await portal.api(user, 'GET', `/api/scaffolder/v2/tasks/${id}`)).body
      .status;
}

async function taskLog(portal: Portal, user: DemoUser, id: string) {
  const { body } = await portal.api(
    user,
    'GET',
    `/api/scaffolder/v2/tasks/${id}/events`,
  );
  return body.map((event: any) => event.body.message).join('\n') as string;
}

test('an owner rotates the key of a registry with the template: one new version, in use', async ({
  signedIn,
  portal,
}) => {
  const before = await stateOf(portal, 'shop-images');
  await portal.azure.clearRequests();
  const page = await signedIn('olivia');
  await openTemplate(page, 'rotate-registry-key', 'Rotate a registry');
  await page.getByLabel(/^Reason/).fill('ok');
  await page.getByRole('button', { name: 'Next' }).click();
  await refused(page, 'Select a registry');
  await refused(page, 'Enter a reason of 3 to 500 characters');
  // In words for people: nothing of JSON Schema.
  await expect(page.getByText(/must (NOT )?have/)).toHaveCount(0);
  await page.getByLabel(/^Reason/).fill('Quarterly rotation');
  await choose(page, /Registry/, /shop-images/);
  await reviewAndCreate(page);
  await expect(page.getByText(/^The registry uses version/)).toBeVisible({
    timeout: TASK_TAKES,
  });

  const after = await stateOf(portal, 'shop-images');
  expect(after.key.versions).toHaveLength(before.key.versions.length + 1);
  expect(after.key.versionInUse).toBe(after.key.latestVersion);
  expect(
    (await portal.azure.writes()).filter(one => one.endsWith('/rotate')),
  ).toHaveLength(1);
  await page.getByRole('link', { name: 'Encryption of the registry' }).click();
  await expect(
    page.getByRole('region', { name: 'shopimages', exact: true }),
  ).toBeVisible();
});

test('the template offers a person of another team no registry, and a task that is started past it is refused with the message of the tab', async ({
  signedIn,
  portal,
}) => {
  const { body } = await portal.api('daniel', 'POST', '/api/acr-cmk/v1/plans', {
    entityRef: 'resource:default/shop-images',
    registryId: registryId('shopimages'),
    intent: { kind: 'rotate' },
  });
  const message = body.error.message as string;
  expect(message).toMatch(/^You need the permission acr-cmk\.registry\.read/);
  await portal.azure.clearRequests();
  const page = await signedIn('daniel');
  await openTemplate(page, 'rotate-registry-key', 'Rotate a registry');
  await page.getByRole('combobox', { name: /Registry/ }).click();
  const offered = page.getByRole('option');
  await expect(offered.filter({ hasText: 'catalog-images' })).toBeVisible();
  await expect(offered.filter({ hasText: 'shop-images' })).toHaveCount(0);
  const id = await startTask(portal, 'daniel', 'rotate-registry-key', {
    registry: {
      entityRef: 'resource:default/shop-images',
      registryId: registryId('shopimages'),
    },
    reason: 'Quarterly rotation',
  });
  await expect
    .poll(taskStatus(portal, 'daniel', id), { timeout: TASK_TAKES })
    .toBe('failed');
  expect(await taskLog(portal, 'daniel', id)).toContain(message);
  expect(await portal.azure.writes()).toEqual([]);
});

test('the form of a new registry names what is taken or not suitable, and shows the plan before anything is created', async ({
  signedIn,
  portal,
}) => {
  await portal.azure.clearRequests();
  const page = await signedIn('priya');
  await openTemplate(
    page,
    'encrypted-container-registry',
    'Encrypted container registry',
  );
  const next = () => page.getByRole('button', { name: 'Next' }).click();
  const said = (text: string | RegExp) =>
    expect(page.getByText(text).first()).toBeVisible();

  const entity = page.getByLabel(/Name in the catalog/);
  await entity.fill('shop-images');
  await page.getByLabel(/^Team/).click();
  await page.getByRole('option', { name: /Platform/ }).click();
  await said(/There is already resource:default\/shop-images/);
  await next();
  await refused(page, 'There is already resource:default/shop-images');
  await entity.fill('fresh-images');
  await said(
    'resource:default/fresh-images is not in the catalog yet, as far as you can see.',
  );
  await next();

  const name = page.getByLabel(/Name in Azure/);
  await name.fill('shopimages');
  await said(/The name shopimages is taken in Azure/);
  await next();
  await refused(page, 'The name shopimages is taken');
  await name.fill('freshimages');
  await said('The name freshimages is free in Azure.');
  await next();

  const vault = page.getByRole('combobox', { name: /Vault/ });
  await expect(vault).toBeEnabled();
  await vault.click();
  const closed = page.getByRole('option', { name: /kv-contoso-closed/ });
  await expect(closed).toContainText(
    'Not suitable: its firewall is closed to registries',
  );
  await expect(closed).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('option', { name: /kv-contoso-rbac/ }).click();
  await expect(page.getByLabel(/Create a new version every/)).toHaveValue('90');
  // The vault stays when the other kind of key is looked at.
  const kind = page.getByRole('button', { name: /Key to use/ });
  await kind.click();
  await page.getByRole('option', { name: 'An existing key' }).click();
  await expect(vault).toHaveValue('kv-contoso-rbac');
  await choose(page, /^Key \*/, /platform-shared/);
  await kind.click();
  await page.getByRole('option', { name: /^A new key/ }).click();
  await expect(vault).toHaveValue('kv-contoso-rbac');
  const key = page.getByLabel(/Key name/);
  await key.fill('platform-shared');
  await said(/kv-contoso-rbac already has a key platform-shared/);
  await next();
  await refused(page, "'Key Name' The vault kv-contoso-rbac already has a key");
  await key.fill('freshimages');
  await said('The vault kv-contoso-rbac has no key freshimages yet.');
  await expect(page.getByRole('combobox', { name: /Identity/ })).toHaveValue(
    'A new identity for this registry',
  );

  const plan = await planShown(page);
  const summary =
    /Create the Premium registry freshimages in westeurope, encrypted with the key freshimages/;
  await expect(plan.getByText(summary)).toBeVisible();
  await expect(plan.getByText(/bills a Premium registry/)).toBeVisible();
  await expect(plan.getByText('Cannot be undone')).toBeVisible();
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('button', { name: 'Create' })).toBeVisible();
  await expect(page.getByText(summary)).toBeVisible();
  // What was answered for the other kind of key has no row.
  await expect(page.getByText('Key > Identifier')).toBeHidden();
  expect(await portal.azure.writes()).toEqual([]);
});

test('a dry run of every template writes nothing to Azure', async ({
  portal,
}) => {
  const shop = {
    registry: {
      entityRef: 'resource:default/shop-images',
      registryId: registryId('shopimages'),
    },
    reason: 'Dry run',
  };
  const templates: Record<string, object> = {
    'rotate-registry-key': shop,
    'emergency-revoke': shop,
    // A dry run refuses what a run would refuse: here, a registry that has its key.
    'restore-registry-key': {
      registry: {
        entityRef: 'resource:default/revoked-images',
        registryId: registryId('revokedimages'),
      },
      reason: 'Dry run',
    },
    'automatic-key-rotation': { ...shop, days: 90, expiry: 'P2Y' },
    'encrypted-container-registry': {
      entityName: 'dry-images',
      owner: 'group:default/team-shop',
      name: 'dryimages',
      resourceGroupId: GROUP,
      location: 'westeurope',
      key: {
        kind: 'new-key',
        vaultName: 'kv-contoso-rbac',
        name: 'dryimages',
      },
      reason: 'Dry run',
    },
  };
  await portal.azure.clearRequests();
  for (const [name, values] of Object.entries(templates)) {
    const { body: template } = await portal.api(
      'priya',
      'GET',
      `/api/catalog/entities/by-name/template/default/${name}`,
    );
    const { status, body } = await portal.api(
      'priya',
      'POST',
      '/api/scaffolder/v2/dry-run',
      { template, values, directoryContents: [], secrets: {} },
    );
    expect(status).toBe(200);
    const log = body.log.map((line: any) => line.body.message).join('\n');
    expect(log).toMatch(/Plan [0-9a-f-]{36} for/);
    expect(log).toContain('A dry run: nothing was written to Azure');
    expect(await portal.azure.writes()).toEqual([]);
  }
  // Not one by one: plans of the same second share what was read.
  expect((await portal.azure.requests()).length).toBeGreaterThan(0);
});

test('bad input ends a task with a message that names the field', async ({
  portal,
}) => {
  const id = await startTask(portal, 'olivia', 'rotate-registry-key', {
    registry: {
      entityRef: 'resource:default/shop-images',
      registryId: 'shopimages',
    },
    reason: 'Quarterly rotation',
  });
  await expect
    .poll(taskStatus(portal, 'olivia', id), { timeout: TASK_TAKES })
    .toBe('failed');
  expect(await taskLog(portal, 'olivia', id)).toMatch(
    /InputError: registryId: .*\(INVALID_INPUT\)/,
  );
});

test('only the person who started a task can read its log', async ({
  portal,
}) => {
  const id = await startTask(portal, 'olivia', 'rotate-registry-key', {
    registry: {
      entityRef: 'resource:default/shop-images',
      registryId: 'shopimages',
    },
    reason: 'Quarterly rotation',
  });
  const path = `/api/scaffolder/v2/tasks/${id}/events`;
  expect((await portal.api('olivia', 'GET', path)).status).toBe(200);
  expect((await portal.api('vera', 'GET', path)).status).toBe(403);
});
