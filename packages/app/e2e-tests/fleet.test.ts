import type { Download, Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import {
  API,
  axeFindings,
  expect,
  Portal,
  signInAs,
  tabTo,
  test as base,
  visit,
} from './support';
import { approvalTests, APPROVALS } from './approvals';
import { campaignTests } from './campaigns';
import { registriesOfTeam } from './support/demoCatalog';
import {
  askForRotation,
  readableRegistries,
  startFleet,
  summaryOf,
  SYNC_TAKES,
  UNREADABLE,
} from './support/fleet';

// All share one portal, which takes longer to start than they do.
base.describe.configure({ mode: 'default' });

const FLEET = 60;
const DAY_MS = 24 * 60 * 60_000;
/** The reader's role in the emulated Azure, and its principal. */
/** Principal of the read credential, and its roles: for registries, and for other Azure services. */
const READER = {
  roles: [
    'cccccccc-0000-4000-8000-000000000002',
    'cccccccc-0000-4000-8000-000000000007',
  ],
  principal: 'bbbbbbbb-0000-4000-8000-000000000002',
};

const test = base.extend<{}, { portal: Portal }>({
  portal: [
    async ({}, provide) => {
      const portal = await startFleet('portal-fleet', FLEET, {
        acrCmk_approvals_rotate: 'required',
        ...APPROVALS,
      });
      await provide(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 600_000 },
  ],
});

/** Opens a tab of the page. */
async function open(page: Page, path = 'registries') {
  await visit(page, `/acr-cmk/${path}`);
}

const table = (page: Page) =>
  page.getByRole('table', { name: 'Registries', exact: true });
const row = (page: Page, registry: string) =>
  table(page).getByRole('row').filter({ hasText: registry });
const stateButton = (page: Page, state: string) =>
  page
    .getByRole('group', { name: 'Filter by state' })
    .getByRole('button', { name: new RegExp(`^${state} \\d+$`) });
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name });

/** Names of the registries that the table shows, in its order. */
async function names(page: Page): Promise<string[]> {
  const links = table(page).getByRole('rowheader').getByRole('link');
  return (await links.allInnerTexts()).map(text => text.trim());
}

/** Expects the table to show exactly these, in any order. */
async function expectNames(page: Page, expected: readonly string[]) {
  await expect
    .poll(async () => (await names(page)).sort())
    .toEqual([...expected].sort());
}

const moreFilters = (page: Page) =>
  page.getByRole('button', { name: 'More filters' }).click();

async function pick(page: Page, label: string, option: RegExp) {
  const field = page.getByRole('combobox', { name: label, exact: true });
  const chosen = field.getByRole('option', { name: option });
  await field.selectOption(await chosen.innerText());
}

/** Presses a state, and waits for as many rows as its button counts; for fewer than a page. */
async function filterBy(page: Page, state: string): Promise<number> {
  const button = stateButton(page, state);
  const count = Number(/\d+$/.exec((await button.innerText()).trim())?.[0]);
  await button.click();
  await expect(table(page).getByRole('rowheader')).toHaveCount(count);
  return count;
}

const inDays = (days: number) =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

test('filters by the pinned-key trap; a reload and Back keep the view', async ({
  signedIn,
}) => {
  const page = await signedIn('priya');
  await page.getByRole('link', { name: 'Registry keys' }).first().click();
  await expect(heading(page, /^\d+ registries$/)).toBeVisible();

  const count = await filterBy(page, 'Pinned-key trap');
  await expect(page).toHaveURL(/[?&]state=pinned-key-trap/);
  await expect(row(page, 'checkoutimages')).toContainText('Manual');
  await expect(row(page, 'checkoutimages')).toContainText(
    'Pinned, vault rotates',
  );
  const pinned = await names(page);
  await expect(
    table(page).getByRole('row').filter({ hasText: 'Pinned-key trap' }),
  ).toHaveCount(count);

  await page.reload();
  await expect(stateButton(page, 'Pinned-key trap')).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expectNames(page, pinned);
  await page.goBack();
  await expect(stateButton(page, 'Pinned-key trap')).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  await expect(table(page).getByRole('rowheader')).toHaveCount(50);
});

test('filters by expiry, which the calendar shows too @all', async ({
  signedIn,
}) => {
  const page = await signedIn('priya');
  await open(page);
  await moreFilters(page);
  await page.getByLabel('Expires before').fill(inDays(90));
  await expect(page).toHaveURL(/expiresBefore=/);
  await table(page).getByRole('button', { name: 'Expires' }).click();
  await expect(row(page, 'catalogimages')).toContainText('At risk');
  await expect(row(page, 'legacyimages')).toContainText('Expired');
  await expect(row(page, 'shopimages')).toBeHidden();

  await page.getByRole('tab', { name: 'Calendar' }).click();
  await expect(page.getByRole('img', { name: /^Week of/ })).toBeVisible();
  const due = page
    .getByRole('table', { name: 'Expiry and rotation by week' })
    .getByRole('row');
  await expect(due.filter({ hasText: 'catalogimages' })).toContainText(
    'Expires',
  );
  await expect(due.filter({ hasText: 'legacyimages' })).toContainText(
    'Expired',
  );
});

test('lists the registries of a vault with their owners @all', async ({
  signedIn,
}) => {
  const page = await signedIn('priya');
  await open(page);
  await pick(page, 'Vault', /^kv-contoso-policy /);
  await expectNames(page, [
    'checkoutimages',
    'ordersimages',
    'paymentsimages',
    'reportsimages',
    'revokedimages',
  ]);
  await expect(row(page, 'ordersimages')).toContainText('Team Shop');
  await expect(row(page, 'reportsimages')).toContainText('Team Payments');

  await pick(page, 'Owner', /^team-payments /);
  await expectNames(page, ['paymentsimages', 'reportsimages']);
});

test('filters by registries that are behind, with their owners @all', async ({
  signedIn,
}) => {
  const page = await signedIn('priya');
  await open(page);
  const count = await filterBy(page, 'Behind');
  await expect(row(page, 'searchimages')).toContainText(/behind \d+ days/);
  await expect(row(page, 'searchimages')).toContainText('Team Shop');
  await expect(
    table(page)
      .getByRole('row')
      .filter({ hasText: /behind \d+ day/ }),
  ).toHaveCount(count);
});

test('filters by registries without an entity, which can be viewed @all', async ({
  signedIn,
}) => {
  const page = await signedIn('priya');
  await open(page);
  await moreFilters(page);
  await pick(page, 'Entity', /^Without an entity/);
  await expect(row(page, 'shareddata')).toBeVisible();
  await expect(row(page, 'shopimages')).toBeHidden();

  await table(page).getByRole('link', { name: 'shareddata' }).click();
  const registry = page.getByRole('region', {
    name: 'shareddata',
    exact: true,
  });
  await expect(
    registry.getByRole('group', { name: 'What uses this key' }),
  ).toContainText('platform-shared');
  await expect(page.getByText('No entity names this registry')).toBeVisible();
  await expect(registry.getByRole('button', { name: 'Rotate' })).toHaveCount(0);

  await page.getByRole('link', { name: 'All registries' }).click();
  await expect(row(page, 'shareddata')).toBeVisible();
  await expect(row(page, 'shopimages')).toBeHidden();
});

test('lists operations that wait for approval, with plan and decision', async ({
  signedIn,
  portal,
}) => {
  const page = await signedIn('priya');
  await open(page, 'waiting');
  await expect(
    heading(page, 'Nothing is waiting for your approval'),
  ).toBeVisible();
  await askForRotation(portal, 'The yearly rotation');
  await page.reload();
  await expect(
    heading(page, '1 request is waiting for your approval'),
  ).toBeVisible();

  const item = page.getByRole('region', { name: /: shopimages$/ });
  await expect(item).toContainText('The yearly rotation');
  await expect(item).toContainText(/requested by olivia/i);
  await item.getByRole('button', { name: 'Review' }).click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByRole('group', { name: 'What changes' }).first(),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(
    heading(page, 'Nothing is waiting for your approval'),
  ).toBeVisible();

  // The requester cannot approve.
  const { body } = await portal.api('olivia', 'GET', `${API}/fleet/waiting`);
  expect(body.items).toEqual([]);
});

/** The registry names of a CSV. */
async function namesIn(download: Download): Promise<string[]> {
  const [header, ...lines] = (await readFile(await download.path(), 'utf8'))
    .trim()
    .split(/\r?\n/);
  const at = header.split(',').indexOf('registry');
  return lines.map(line => line.split(',')[at]);
}

async function downloaded(page: Page): Promise<string[]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  return namesIn(await download);
}

const sum = (values: readonly number[]) =>
  values.reduce((total, value) => total + value, 0);

/** The numbers on the buttons of the states. */
async function statesCounted(page: Page): Promise<number> {
  const texts = await page
    .getByRole('group', { name: 'Filter by state' })
    .getByRole('button')
    .allInnerTexts();
  return sum(texts.map(text => Number(/(\d+)$/.exec(text.trim())?.[1])));
}

/** Rows of one page. */
const PAGE = 50;

test('two people see exactly their rows, and counts, rows and CSV agree', async ({
  signedIn,
  portal,
}) => {
  const all = await readableRegistries(portal);
  const owned = [
    ...registriesOfTeam('team-shop'),
    ...all
      .filter(({ tags }) => tags.owner === 'group:default/team-shop')
      .filter(({ tags }) => tags['backstage-entity-ref'])
      .map(({ name }) => name),
  ].sort();
  const everything = all.map(({ name }) => name).sort();
  expect(owned.length).toBeGreaterThan(10);
  expect(owned.length).toBeLessThan(50);

  for (const [user, expected] of [
    ['olivia', owned],
    ['priya', everything],
  ] as const) {
    const page = await signedIn(user);
    await open(page, 'registries?sort=name');
    await expect(heading(page, `${expected.length} registries`)).toBeVisible();
    // The rows in view come first, then the others and the counts.
    await expect.poll(() => statesCounted(page)).toBe(expected.length);
    await expect(table(page).getByRole('rowheader')).toHaveCount(
      Math.min(expected.length, PAGE),
    );
    const shown = await names(page);
    const next = page.getByRole('button', { name: 'Next page' });
    while ((await next.count()) > 0 && (await next.isEnabled())) {
      const [last] = shown.slice(-1);
      await next.click();
      await expect.poll(async () => (await names(page))[0] > last).toBe(true);
      shown.push(...(await names(page)));
    }
    expect([...shown].sort()).toEqual(expected);
    expect((await downloaded(page)).sort()).toEqual(expected);
    await expect(
      user === 'olivia'
        ? page.getByText(
            `You see ${owned.length} of ${everything.length} registries.`,
          )
        : heading(page, `${everything.length} registries`),
    ).toBeVisible();
  }
  const vera = await portal.api('vera', 'GET', `${API}/fleet/registries`);
  expect(vera.status).toBe(403);
});

test('the page works by keyboard alone @all', async ({ signedIn }) => {
  const page = await signedIn('priya');
  await open(page);
  await expect(table(page).getByRole('rowheader')).toHaveCount(50);
  const press = async (wanted: Locator, key = 'Enter') => {
    await tabTo(wanted);
    await page.keyboard.press(key);
  };

  // Not past every link of every row.
  await table(page).getByRole('link').last().focus();
  await press(page.getByRole('button', { name: 'Next page' }));
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('button', { name: 'Next page' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'First page' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(table(page).getByRole('rowheader')).toHaveCount(50);

  await page.getByRole('tab', { name: 'Registries' }).focus();
  await press(stateButton(page, 'Behind'), 'Space');
  await expect(row(page, 'searchimages')).toBeVisible();
  await expect(stateButton(page, 'Behind')).toBeFocused();
  await tabTo(page.getByRole('searchbox', { name: 'Search' }));
  await page.keyboard.type('searchimages');
  await expectNames(page, ['searchimages']);
  await press(table(page).getByRole('link', { name: 'searchimages' }));
  await expect(page).toHaveURL(/search-images\/encryption/);
  await expect(
    page.getByRole('region', { name: 'searchimages', exact: true }),
  ).toBeVisible();
});

/** The plugin's part of the page: the sidebar and the tabs belong to the portal. */
const OURS = { include: ['#root'], exclude: ['nav', '[role=tablist]'] };

/** The button that opens the versions of keys with this in their name or that of their vault. */
const versionsOf = (page: Page, key: string) =>
  page.getByRole('button', { name: new RegExp(`^Versions of .*${key}`) });

const VIEWS: [tab: string, ready: (page: Page) => Locator][] = [
  [
    'Registries',
    page =>
      table(page).or(
        page.getByRole('list', { name: 'Registries', exact: true }),
      ),
  ],
  ['By key', page => versionsOf(page, 'kv-contoso-closed').first()],
  ['Calendar', page => page.getByRole('img', { name: /^Week of/ })],
  ['Waiting for you', page => heading(page, /waiting for your approval/)],
  ['Installation', page => page.getByRole('button', { name: 'Check again' })],
];

for (const [theme, widths, tag] of [
  ['light', [1400], ''],
  ['light', [360], ' @all'],
  ['dark', [1400, 360], ' @all'],
] as const) {
  test(`axe finds nothing in any view: ${theme}, ${widths.join(
    ' and ',
  )} pixels wide${tag}`, async ({ page }) => {
    await page.addInitScript(
      chosen => localStorage.setItem('theme', chosen),
      theme,
    );
    await signInAs(page, 'priya', '/acr-cmk/registries');
    await expect(page.locator(`body[data-theme-mode=${theme}]`)).toBeAttached();
    const findings: string[] = [];
    for (const [tab, ready] of VIEWS) {
      await page.getByRole('tab', { name: tab }).click();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await expect(ready(page)).toBeVisible();
        findings.push(
          ...(await axeFindings(page, OURS)).map(
            finding => `${tab}, ${width}: ${finding}`,
          ),
        );
      }
      await page.setViewportSize({ width: 1400, height: 900 });
    }
    expect(findings).toEqual([]);
  });
}

/** Bottom of the window, and of each line that is in it as a whole. */
async function linesInView(page: Page) {
  const { height } = page.viewportSize()!;
  const lines = await page.locator('tbody > tr').evaluateAll(rows =>
    rows.map(line => {
      const { bottom, height: own } = line.getBoundingClientRect();
      return { bottom, height: own };
    }),
  );
  return {
    highest: Math.max(...lines.map(line => line.height)),
    inView: lines.filter(({ bottom }) => bottom <= height).length,
    count: lines.length,
  };
}

/** Height of all that the page holds, and how much wider than the window it is. */
const extentOf = (page: Page) =>
  page.evaluate(() => ({
    height: Math.max(
      ...[...document.querySelectorAll('body, body *')].map(
        ({ scrollHeight }) => scrollHeight,
      ),
    ),
    beside: document.documentElement.scrollWidth - window.innerWidth,
  }));

for (const [theme, tag] of [
  ['light', ''],
  ['dark', ' @all'],
] as const) {
  test(`lists can be scanned, ${theme}: 11 registries at 1400 x 900, 50 keys in 3,000 pixels, cards at 360 x 740${tag}`, async ({
    page,
  }) => {
    await page.addInitScript(
      chosen => localStorage.setItem('theme', chosen),
      theme,
    );
    await page.setViewportSize({ width: 1400, height: 900 });
    await signInAs(page, 'priya', '/acr-cmk/registries');
    await expect(table(page).getByRole('rowheader')).toHaveCount(50);
    await expect(
      stateButton(page, 'Pinned-key trap'),
      'the counts are there, and need a second line',
    ).toBeVisible();
    const top = (await table(page).boundingBox())!.y;
    expect(top).toBeLessThanOrEqual(260);
    const registries = await linesInView(page);
    expect(registries.highest).toBeLessThanOrEqual(48);
    expect(registries.inView).toBeGreaterThanOrEqual(11);

    await page.getByRole('tab', { name: 'By key' }).click();
    await expect(versionsOf(page, 'kv-contoso-closed').first()).toBeVisible();
    const keys = await linesInView(page);
    expect(keys.count).toBe(50);
    expect(keys.highest).toBeLessThanOrEqual(48);
    expect((await extentOf(page)).height).toBeLessThanOrEqual(3000);

    await page.getByRole('tab', { name: 'Calendar' }).click();
    await expect(page.getByRole('img', { name: /^Week of/ })).toBeVisible();
    expect((await linesInView(page)).highest).toBeLessThanOrEqual(48);

    await page.setViewportSize({ width: 360, height: 740 });
    for (const [path, label] of [
      ['registries', 'Registries'],
      ['keys', 'Keys'],
      ['calendar', 'Expiry and rotation by week'],
    ]) {
      await open(page, path);
      const cards = page
        .getByRole('list', { name: label, exact: true })
        .getByRole('listitem');
      await expect(cards.first()).toBeVisible();
      await expect(page.getByRole('table')).toHaveCount(0);
      expect((await extentOf(page)).beside, path).toBeLessThanOrEqual(0);
      if (path === 'registries') {
        const { y } = (await cards.first().boundingBox())!;
        expect(y, 'the first card').toBeLessThanOrEqual(360);
      }
      if (path === 'keys') {
        await page
          .getByRole('button', { name: /^Versions of/ })
          .first()
          .click();
        await expect(
          page.getByText('Created', { exact: true }).first(),
        ).toBeVisible();
        await expect(page.getByRole('table')).toHaveCount(0);
        expect((await extentOf(page)).beside, path).toBeLessThanOrEqual(0);
      }
    }
    await open(page, 'waiting');
    await expect(heading(page, /waiting for your approval$/)).toBeVisible();
    expect((await extentOf(page)).beside, 'waiting').toBeLessThanOrEqual(0);
    // No tab is beyond the edge of the screen.
    for (const tab of await page.getByRole('tab').all()) {
      const { x, width } = (await tab.boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(360);
    }
  });
}

/** Gives the reader its roles in the subscription that it cannot read. */
async function makeReadable(portal: Portal) {
  const token = await portal.azure.adminToken('https://management.azure.com');
  const scope = `/subscriptions/${UNREADABLE}/providers/Microsoft.Authorization`;
  for (const role of READER.roles) {
    const { status, text } = await portal.azure.request(
      `https://management.azure.com${scope}/roleAssignments/${role}?api-version=2022-04-01`,
      {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          properties: {
            roleDefinitionId: `${scope}/roleDefinitions/${role}`,
            principalId: READER.principal,
            principalType: 'ServicePrincipal',
          },
        }),
      },
    );
    expect(status, text).toBe(201);
  }
}

/** Runs after the other tests: then every subscription can be read. */
test('shows since when no registry uses an old version, or who still does; not while a subscription cannot be read @all', async ({
  signedIn,
  portal,
}) => {
  const page = await signedIn('priya');
  const versions = (name: string) =>
    page.getByRole('table', { name, exact: true });
  const shared = 'platform-shared · kv-contoso-rbac';
  await open(page, 'keys?search=platform-shared');
  await expect(page.getByRole('row').filter({ hasText: shared })).toContainText(
    'Platform Team',
  );
  await versionsOf(page, shared).click();
  await expect(versions(shared)).toContainText('Still used by shareddata');

  await open(page, 'keys?vault=kv-contoso-rbac');
  // Other services are on the old version of billingimages.
  const unbound = 'unboundimages · kv-contoso-rbac';
  const free = versions(unbound);
  await versionsOf(page, unbound).click();
  await expect(free).toContainText('Not known');
  await page
    .getByRole('button', { name: 'Old versions without a known user' })
    .click();
  await expect(heading(page, '0 keys')).toBeVisible();
  await expect(
    page.getByText('No key that matches the filters is known to have'),
  ).toBeVisible();

  await makeReadable(portal);
  await portal.api('priya', 'POST', `${API}/inventory/sync`);
  await portal.trigger('acr-cmk', 'acr-cmk-inventory');
  await expect
    .poll(
      async () =>
        (await summaryOf(portal, 'priya')).scope.unreadableSubscriptions,
      { timeout: SYNC_TAKES, intervals: [1000] },
    )
    .toBe(0);
  await page.reload();
  await versionsOf(page, unbound).click();
  await expect(free).toContainText(
    /No known registry uses it since \d+ \w{3} \d{4}/,
  );
  await expect(page.getByText('1 subscription cannot be read.')).toBeHidden();
});

approvalTests(test);
campaignTests(test);
