import { expect, type Locator, type Page } from '@playwright/test';
import { actionButton, actionItem } from './actions';
import { accept, operationState } from './api';
import { CountedPage } from './CountedPage';
import { DemoUser, Portal } from './Portal';
import { type SignedIn, visit } from '.';

/** Names of what the journey creates: by Daniel, who is new, in a vault that is open to both teams. */
export const MADE = {
  entity: 'refund-images',
  registry: 'refundimages',
  vault: 'kv-contoso-policy',
};
/** Olivia's, whose vault rotates the key while the registry stays on its version. */
export const PINNED = { entity: 'checkout-images', registry: 'checkoutimages' };
/** Olivia's. It gets the same key in the middle of the journey. */
export const SHARING = { entity: 'search-images', registry: 'searchimages' };

/** An operation or a task from its start to its end, on a machine that is busy with other things. */
const AZURE_TAKES = 120_000;

/** People who go through the portal by clicks and typing, each in a browser of their own. */
export interface Traveller {
  portal: Portal;
  signedIn: SignedIn;
  effort: CountedPage;
}

/** Signs in, on the first page of the portal. */
async function pageOf({ signedIn }: Traveller, user: DemoUser): Promise<Page> {
  const page = await signedIn(user);
  await visit(page, '/');
  return page;
}

const sectionOf = (page: Page, registry: string) =>
  page.getByRole('region', { name: registry, exact: true });

const button = (of: Page | Locator, name: string | RegExp) =>
  of.getByRole('button', { name, exact: typeof name === 'string' });

async function succeeded(of: Locator) {
  await expect(of.getByRole('status').first()).toContainText('Succeeded', {
    timeout: AZURE_TAKES,
  });
}

/** Gives the reason for the plan in a dialog, and what it wants to have typed. */
async function giveReason(
  { effort }: Traveller,
  dialog: Locator,
  { reason, name }: { reason: string; name?: string },
) {
  await effort.type(dialog.getByLabel('Reason'), reason);
  if (name)
    await effort.type(dialog.getByLabel(`Type ${name} to confirm`), name);
}

/** Presses the button that accepts the plan, waits for the end, and closes the dialog. */
async function carryOut(
  traveller: Traveller,
  dialog: Locator,
  confirm: string,
) {
  const { effort } = traveller;
  await expect(button(dialog, confirm)).toBeEnabled();
  await effort.click(button(dialog, confirm));
  await succeeded(dialog);
  await effort.click(button(dialog, 'Close'));
}

/** A person who has never made one: from the start page to the registry's own tab. */
export async function createByTemplate(traveller: Traveller) {
  const { effort } = traveller;
  const page = await pageOf(traveller, 'daniel');
  const next = () => effort.click(page.getByRole('button', { name: 'Next' }));

  effort.begin('create');
  await effort.click(page.getByRole('link', { name: /^Create/ }).first());
  await effort.click(
    page
      .getByText('Encrypted container registry', { exact: true })
      .locator('xpath=following::button[normalize-space()="Choose"][1]'),
  );
  await effort.type(page.getByLabel(/Name in the catalog/), MADE.entity);
  await effort.pick(page, page.getByLabel(/^Team/), /Team Payments/);
  await next();
  await effort.type(page.getByLabel(/Name in Azure/), MADE.registry);
  // Selected once the list has loaded, which takes longer than the name.
  await expect(
    page.getByRole('combobox', { name: /Resource group/ }),
  ).not.toHaveValue('');
  await next();
  const vault = page.getByRole('combobox', { name: /Vault/ });
  await expect(vault).toBeEnabled();
  await effort.pick(page, vault, new RegExp(MADE.vault));
  await effort.type(page.getByLabel(/Key name/), MADE.registry);
  await next();
  const plan = page.getByRole('region', { name: 'What will happen' });
  await expect(plan.getByText('Affected registries and teams')).toBeVisible();
  await effort.click(page.getByRole('button', { name: 'Review' }));
  await effort.click(button(page, 'Create'));
  await page.waitForURL(/\/create\/tasks\//);
  await expect(page.getByText('Create the encrypted registry')).toBeVisible();

  // An access policy is for the whole vault, so the platform team has to agree.
  const approver = await pageOf(traveller, 'priya');
  effort.begin('approve');
  await approveWaiting(
    traveller,
    approver,
    `Create registry: ${MADE.registry}`,
  );
  effort.begin('open what was created');
  const link = page.getByRole('link', { name: 'Encryption of the registry' });
  await expect(link).toBeVisible({ timeout: AZURE_TAKES });
  await effort.click(link);
  const section = sectionOf(page, MADE.registry);
  // The task has waited until the catalog has what it registered.
  await expect(section.getByText('Current').first()).toBeVisible({
    timeout: AZURE_TAKES,
  });
  return page;
}

/** Approves an operation on the page of approvals. */
async function approveWaiting(traveller: Traveller, page: Page, title: string) {
  const { effort } = traveller;
  await effort.click(page.getByRole('link', { name: 'Registry keys' }));
  await effort.click(page.getByRole('tab', { name: 'Waiting for you' }));
  const item = page.getByRole('region', { name: title });
  await item.waitFor({ timeout: AZURE_TAKES });
  await approveIn(traveller, item);
}

/** Approves an operation where it is shown, after a look at it. */
async function approveIn({ effort }: Traveller, item: Locator) {
  const page = item.page();
  await effort.click(button(item, 'Review'));
  const dialog = page.getByRole('dialog');
  await effort.click(button(dialog, 'Approve'));
  await expect(dialog).toBeHidden();
}

/** Waits until the facts are from after the operations of the registry, and say this state. */
async function shows(section: Locator, state: string) {
  const head = section.getByRole('status').first();
  await expect(head).toHaveText(new RegExp(`^${state}`), {
    timeout: AZURE_TAKES,
  });
}

/** Distance of what uses the key from the top of its section. */
async function placeOfKeyUsage(section: Locator): Promise<number> {
  const { y: top } = (await section.boundingBox())!;
  const { y } = (await section
    .getByRole('group', { name: 'What uses this key' })
    .boundingBox())!;
  return y - top;
}

/** An owner finds the registry that needs attention, from the card of the home page to its tab. */
export async function findAndFix(traveller: Traveller): Promise<Page> {
  const { effort } = traveller;
  const page = await pageOf(traveller, 'olivia');
  effort.begin('find what needs attention');
  await effort.click(
    page.getByRole('link', { name: 'Home', exact: true }).first(),
  );
  await effort.click(
    page
      .getByRole('heading', { name: /registries need attention$/ })
      .getByRole('link'),
  );
  await effort.click(
    page
      .getByRole('group', { name: 'Filter by state' })
      .getByRole('button', { name: /^Pinned-key trap/ }),
  );
  await effort.click(
    page.getByRole('link', { name: PINNED.registry, exact: true }),
  );
  const section = sectionOf(page, PINNED.registry);
  await expect(section.getByRole('status').first()).toContainText(
    'Pinned-key trap',
  );

  effort.begin('fix a pinned registry');
  await effort.click(button(section, 'Review the fix'));
  const dialog = page.getByRole('dialog');
  await giveReason(traveller, dialog, { reason: 'Follow the rotation' });
  await carryOut(traveller, dialog, 'Change mode');
  await shows(section, 'Current');
  return page;
}

/** Its owner: a new version, back to the one before, and automatic rotation again. */
export async function rotateAndGoBack(traveller: Traveller, page: Page) {
  const { effort } = traveller;
  const section = sectionOf(page, PINNED.registry);
  const dialog = page.getByRole('dialog');

  const before = await placeOfKeyUsage(section);
  effort.begin('rotate');
  await effort.click(button(section, 'Rotate'));
  await giveReason(traveller, dialog, { reason: 'Quarterly rotation' });
  await carryOut(traveller, dialog, 'Rotate key');
  await shows(section, 'Current');
  // Ended operations are below the facts, which do not move.
  expect(await placeOfKeyUsage(section)).toBeCloseTo(before, -1);

  effort.begin('go back to the old version');
  await effort.click(section.getByText('Show versions as a table'));
  await effort.click(button(section, /^Use version/).first());
  const afterwards = dialog.getByRole('group', { name: 'Afterwards' });
  await expect(afterwards).toContainText('Pinned-key trap');
  await effort.click(
    afterwards.getByRole('checkbox', {
      name: 'Also turn off automatic rotation of the key',
    }),
  );
  await expect(afterwards).toContainText('Behind by choice');
  await giveReason(traveller, dialog, {
    reason: 'The new one caused problems',
  });
  await carryOut(traveller, dialog, 'Change version');
  await shows(section, 'Behind by choice');
}

/** Its owner: new versions are made by policy, and the registry follows them. */
export async function rotateAutomatically(traveller: Traveller, page: Page) {
  const { effort } = traveller;
  const section = sectionOf(page, PINNED.registry);
  const dialog = page.getByRole('dialog');
  const confirm = 'Set up automatic rotation';
  effort.begin('automatic rotation');
  await effort.click(button(section, confirm).first());
  await giveReason(traveller, dialog, { reason: 'The cause is mended' });
  await carryOut(traveller, dialog, confirm);
  await expect(section.getByLabel('At a glance')).toContainText(
    /Automatic, every \d+ days/,
  );
}

/** An owner: which keys expire before the quarter ends. */
export async function findWhatExpires(traveller: Traveller, page: Page) {
  const { effort } = traveller;
  effort.begin('find what expires this quarter');
  await effort.click(page.getByRole('link', { name: 'Registry keys' }).first());
  await effort.click(page.getByRole('tab', { name: 'Calendar' }));
  const quarter = button(page, 'This quarter');
  await effort.click(quarter);
  await expect(quarter).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/expiresBefore=/);
  await expect(
    page
      .getByRole('img', { name: /^Week of/ })
      .or(page.getByText(/^No known expiry/)),
  ).toBeVisible();
}

/** Gives the other team's registry the same key, by a program and not in the browser. */
export async function shareTheKey({ portal }: Traveller) {
  const id = await accept(portal, 'priya', {
    ...SHARING,
    intent: {
      kind: 'rotate',
      grantAccess: true,
      key: {
        kind: 'existing',
        keyIdentifier: `https://${MADE.vault}.vault.azure.net/keys/${MADE.registry}`,
      },
    },
    reason: 'Both handle refunds',
  });
  await expect
    .poll(operationState(portal, id), { timeout: AZURE_TAKES })
    .toBe('succeeded');
}

/** Opens the tab of a registry from the catalog. */
async function openFromCatalog(
  { effort }: Traveller,
  page: Page,
  { entity, registry }: { entity: string; registry: string },
) {
  await effort.click(page.getByRole('link', { name: entity, exact: true }));
  await effort.click(
    page.getByRole('link', { name: 'Encryption', exact: true }),
  );
  const section = sectionOf(page, registry);
  await section.getByLabel('At a glance').waitFor();
  return section;
}

/** Opens the tab of a registry from the list of all registries. */
async function openFromFleet(
  { effort }: Traveller,
  page: Page,
  registry: string,
) {
  await effort.click(page.getByRole('link', { name: 'Registry keys' }));
  await effort.type(page.getByRole('searchbox', { name: 'Search' }), registry);
  // A row that is drawn again between pressing and releasing the button takes no click.
  await page.waitForURL(/search=/);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await effort.click(page.getByRole('link', { name: registry }));
  return sectionOf(page, registry);
}

/** The owner who shares the key rotates it with the other owner's consent. */
export async function rotateTogether(traveller: Traveller) {
  const { effort } = traveller;
  const page = await pageOf(traveller, 'olivia');
  effort.begin('rotate a shared key');
  const section = await openFromCatalog(traveller, page, SHARING);
  await effort.click(button(section, 'Rotate'));
  const dialog = page.getByRole('dialog');
  await giveReason(traveller, dialog, { reason: 'Our yearly rotation' });
  await expect(button(dialog, 'Request approval')).toBeEnabled();
  await expect(
    dialog.getByText(/^Needs approval from team-payments/),
  ).toBeVisible();
  await effort.click(button(dialog, 'Request approval'));
  await expect(dialog.getByRole('status').first()).toContainText(
    'Awaiting approval',
  );
  await effort.click(button(dialog, 'Close'));

  effort.begin('approve for another team');
  const other = await pageOf(traveller, 'daniel');
  await openFromCatalog(traveller, other, MADE);
  // On the tab of his own registry, which shares the key.
  const request = other.getByRole('region', {
    name: `Rotate key: ${SHARING.registry}`,
  });
  await expect(request).toContainText('awaits your approval');
  await approveIn(traveller, request);
  await expect(request).toContainText('You approved');
  await expect(section).toContainText(/Rotate key: Succeeded/, {
    timeout: AZURE_TAKES,
  });
  await expect(request).toContainText(/You approved.*Succeeded/, {
    timeout: AZURE_TAKES,
  });

  await other.getByRole('link', { name: 'Registry keys' }).first().click();
  await other.getByRole('tab', { name: 'Waiting for you' }).click();
  await expect(
    other
      .getByRole('list', { name: /^Your decisions/ })
      .getByRole('listitem')
      .filter({ hasText: `Rotate key: ${SHARING.registry}` }),
  ).toContainText(/Succeeded.*You approved/);
  return page;
}

/** The key has leaked: a platform engineer revokes it, and gives it back; the other owner sees both. */
export async function revokeAndRestore(traveller: Traveller, sharer: Page) {
  const { effort, portal } = traveller;
  const page = await pageOf(traveller, 'priya');
  const dialog = page.getByRole('dialog');

  effort.begin('revoke');
  const section = await openFromFleet(traveller, page, MADE.registry);
  await effort.click(actionButton(section, 'Revoke'));
  await effort.click(actionItem(section, 'Revoke'));
  await effort.click(
    dialog.getByRole('radio', { name: /^Disable all versions/ }),
  );
  await giveReason(traveller, dialog, {
    reason: 'The key has leaked',
    name: MADE.registry,
  });
  await carryOut(traveller, dialog, 'Revoke access');
  expect((await portal.azure.pull(MADE.registry)).status).toBe(403);
  expect((await portal.azure.pull(SHARING.registry)).status).toBe(403);

  effort.begin("see it on the other team's tab");
  const head = sectionOf(sharer, SHARING.registry).getByRole('status').first();
  await expect(head).toContainText('Revoked', { timeout: AZURE_TAKES });
  await expect(head).toContainText(MADE.registry);
  await expect(head).toContainText('The key has leaked');
  await expect(head).toContainText('Priya Patel');

  effort.begin('restore');
  await effort.click(button(section, 'Restore'));
  await giveReason(traveller, dialog, { reason: 'It was a false alarm' });
  await carryOut(traveller, dialog, 'Restore access');
  expect((await portal.azure.pull(MADE.registry)).status).toBe(200);
  expect((await portal.azure.pull(SHARING.registry)).status).toBe(200);
  await expect(head).not.toContainText('Revoked', { timeout: AZURE_TAKES });
}

/** A leak at night, by the template: it waits for a second person, who approves on the tab. */
export async function revokeByTemplate(traveller: Traveller) {
  const { effort, portal } = traveller;
  const page = await pageOf(traveller, 'priya');
  const next = () => effort.click(button(page, 'Next'));
  effort.begin('revoke by template');
  await effort.click(page.getByRole('link', { name: /^Create/ }).first());
  await effort.click(
    page
      .getByText('Emergency revoke', { exact: true })
      .locator('xpath=following::button[normalize-space()="Choose"][1]'),
  );
  const registry = page.getByRole('combobox', { name: /Registry/ });
  await expect(registry).toBeEnabled();
  await effort.pick(page, registry, new RegExp(MADE.entity));
  await next();
  await effort.type(page.getByLabel(/Reason/), 'Credentials were stolen');
  await next();
  const plan = page.getByRole('region', { name: 'What will happen' });
  await expect(plan.getByText('Affected registries and teams')).toBeVisible();
  await expect(plan.getByText(/second person/).first()).toBeVisible();
  await effort.click(button(page, 'Review'));
  await effort.click(button(page, 'Create'));
  await page.waitForURL(/\/create\/tasks\//);
  const [, task] = /\/create\/tasks\/([0-9a-f-]+)/.exec(page.url())!;
  const path = `/api/scaffolder/v2/tasks/${task}`;
  const log = async () => {
    const { body } = await portal.api('priya', 'GET', `${path}/events`);
    return body.map((event: any) => event.body.message).join('\n') as string;
  };
  await expect
    .poll(log, { timeout: AZURE_TAKES })
    .toMatch(/Waits for a second person/);
  expect((await portal.azure.pull(MADE.registry)).status).toBe(200);

  const second = await pageOf(traveller, 'paul');
  effort.begin('approve the revoke');
  const section = await openFromFleet(traveller, second, MADE.registry);
  await effort.click(button(section, 'Approve').first());
  const dialog = second.getByRole('dialog');
  // A program asked, so the person who agrees types the name.
  await effort.type(
    dialog.getByLabel(`Type ${MADE.registry} to confirm`),
    MADE.registry,
  );
  await effort.click(button(dialog, 'Approve'));
  await expect
    .poll(async () => (await portal.api('priya', 'GET', path)).body.status, {
      timeout: AZURE_TAKES,
    })
    .toBe('completed');
  expect(await log()).toMatch(/Approved by user:default\/paul/);
  expect((await portal.azure.pull(MADE.registry)).status).toBe(403);

  effort.begin('restore what the template revoked');
  await effort.click(
    page.getByRole('link', { name: /^Encryption of the registry/ }),
  );
  const own = sectionOf(page, MADE.registry);
  await effort.click(button(own, 'Restore'));
  const restore = page.getByRole('dialog');
  await giveReason(traveller, restore, { reason: 'New credentials are out' });
  await carryOut(traveller, restore, 'Restore access');
  expect((await portal.azure.pull(MADE.registry)).status).toBe(200);
}
