import type { Locator, Page } from '@playwright/test';
import {
  API,
  axeFindings,
  expect,
  openRegistryAs,
  type Portal,
  signInAs,
  stateOf,
  test,
} from './support';

/** Signals, notifications and the card of the home page. */

const CHANNEL = 'acr-cmk:changes';
/** Time limit for background work of the backend on a busy machine. Milliseconds. */
const BACKEND_TAKES = 120_000;

/** Longer than views wait after a signal, and shorter than they wait between two questions of their own. */
const AFTER_SIGNAL_MS = 4_000;

/** Messages that a page receives on its socket. Create it before the page opens one. */
class Socket {
  readonly #page: Page;
  readonly #sent: string[] = [];
  readonly #received: string[] = [];

  constructor(page: Page) {
    this.#page = page;
    page.on('websocket', socket => {
      socket.on('framesent', ({ payload }) => this.#sent.push(String(payload)));
      socket.on('framereceived', ({ payload }) =>
        this.#received.push(String(payload)),
      );
    });
  }

  /** Stops the page's clock, so that it sends no request by itself. */
  async untilListening(): Promise<void> {
    await expect
      .poll(() => this.#sent.some(frame => frame.includes(CHANNEL)))
      .toBe(true);
    await this.#page.clock.pauseAt(Date.now() + 10_000);
    this.#received.length = 0;
  }

  /** A signal of this registry has come, and the page has had the time to ask about it. */
  async untilTold(token: string): Promise<void> {
    await expect
      .poll(
        () =>
          this.#received.some(
            frame => frame.includes(CHANNEL) && frame.includes(token),
          ),
        { timeout: BACKEND_TAKES },
      )
      .toBe(true);
    await this.#page.clock.runFor(AFTER_SIGNAL_MS);
  }
}

/** The people of the vault limit the version in use, and the portal reads it. */
async function expireIn(
  portal: Portal,
  { entity, days }: { entity: string; days: number },
) {
  const { name, encryption, key } = await stateOf(portal, entity);
  const exp = Math.floor(Date.now() / 1000) + days * 24 * 60 * 60;
  const token = await portal.azure.adminToken('https://vault.azure.net');
  const [version] = encryption.keyIdentifier
    .split('/keys/')[1]
    .split('/')
    .slice(1);
  const url = `${encryption.keyIdentifier.replace(/\/[0-9a-f]{32}$/, '')}/${
    version ?? key.latestVersion
  }`;
  const { status, text } = await portal.azure.request(
    `${url}?api-version=7.4`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ attributes: { exp } }),
    },
  );
  expect(status, text).toBe(200);
  await expect
    .poll(async () => {
      // Facts younger than five seconds are not read again.
      await stateOf(portal, entity);
      const listed = await portal.api(
        'priya',
        'GET',
        `${API}/fleet/registries?search=${name}`,
      );
      return listed.body.items[0].expiresAt;
    })
    .toBe(new Date(exp * 1000).toISOString());
}

const ENTITY = 'unbound-images';
const REGISTRY = 'unboundimages';

test('what changes elsewhere shows on an open tab and an open page, by a signal and not by polling', async ({
  page,
  context,
  portal,
}) => {
  const list = await context.newPage();
  const sockets = [page, list].map(each => new Socket(each));
  for (const each of [page, list]) await each.clock.install();
  await openRegistryAs(page, {
    user: 'olivia',
    name: ENTITY,
    tab: '/encryption',
  });
  const section = page.getByRole('region', { name: REGISTRY, exact: true });
  await expect(section.getByRole('status').first()).toContainText('Current');
  await signInAs(list, 'olivia', `/acr-cmk/registries?search=${REGISTRY}`);
  const row = list.getByRole('row').filter({ hasText: REGISTRY });
  await expect(row).toContainText('Current');

  const { changeToken } = await stateOf(portal, ENTITY);
  for (const socket of sockets) await socket.untilListening();
  await expireIn(portal, { entity: ENTITY, days: 20 });

  for (const socket of sockets) await socket.untilTold(changeToken);
  await expect(section.getByRole('status').first()).toContainText('At risk');
  await expect(row).toContainText('At risk');
});

/** Unread notifications of Olivia, by what they say. */
async function unread(portal: Portal): Promise<string[]> {
  const { status, body } = await portal.api(
    'olivia',
    'GET',
    '/api/notifications/notifications?read=false',
  );
  expect(status, JSON.stringify(body)).toBe(200);
  return body.notifications.map(
    ({ payload }: { payload: { title: string; description: string } }) =>
      `${payload.title}: ${payload.description}`,
  );
}

test('an owner gets one notification about changes since the last digest', async ({
  signedIn,
  portal,
}) => {
  // Its tag names its entity: owners are notified about linked registries only.
  const [entity, registry] = ['revoked-images', 'revokedimages'];
  const page = await signedIn('olivia');
  await portal.makeDigests();
  const before = await unread(portal);
  const bell = page.getByRole('link', { name: /^Notifications/ });
  const unreadCount = bell.getByLabel('Unread notifications');
  await expect(unreadCount).toHaveText(String(before.length));

  await expireIn(portal, { entity, days: 5 });
  await portal.makeDigests();
  const sentence = 'the key version in use expires within 7 days';
  await expect(unreadCount).toHaveText(String(before.length + 1));
  await portal.makeDigests();
  const now = await unread(portal);
  expect(now).toHaveLength(before.length + 1);
  expect(now.filter(text => text.includes(sentence))).toHaveLength(1);

  await bell.click();
  await page
    .getByRole('link', { name: new RegExp(sentence) })
    .first()
    .click();
  await expect(
    page.getByRole('region', { name: registry, exact: true }),
  ).toBeVisible();
});

/** The title of Backstage's home page is empty unless it is configured. */
const CARDS = {
  include: ['#root article'],
  exclude: ['[data-testid=header-title]'],
};

/** Numbers of registries that Olivia can see: of those with a warning or an error, and of all. */
async function countsNow(portal: Portal) {
  const { body } = await portal.api('olivia', 'GET', `${API}/fleet/summary`);
  const attention: number = body.counts.severity
    .filter(({ value }: { value: string }) => /error|warning/.test(value))
    .reduce((sum: number, each: { count: number }) => sum + each.count, 0);
  return { attention, total: body.total as number };
}

/**
 * Waits until an element says what is counted now. The backend links, reads and judges registries in the background, also
 * those that other tests have changed, so a number that was counted before the page may never be on it.
 */
async function untilCounted(
  portal: Portal,
  element: Locator,
  inWords: (counts: Awaited<ReturnType<typeof countsNow>>) => string,
) {
  await expect(async () => {
    const words = inWords(await countsNow(portal));
    await expect(element).toHaveText(words, { timeout: 1_000 });
  }).toPass({ timeout: BACKEND_TAKES });
}

test('the card of the home page says how many registries need attention, and leads to them', async ({
  signedIn,
  portal,
}) => {
  const page = await signedIn('olivia');
  await page.getByRole('link', { name: 'Home', exact: true }).first().click();
  const says = page.getByRole('heading', {
    name: /registries needs? attention$/,
  });
  await untilCounted(
    portal,
    says,
    ({ attention, total }) =>
      `${attention} of ${total} registries ${attention === 1 ? 'needs' : 'need'} attention`,
  );
  expect(await axeFindings(page, CARDS)).toEqual([]);

  await says.getByRole('link').click();
  await expect(page).toHaveURL(/acr-cmk\/registries\?.*severity=/);
  await untilCounted(
    portal,
    page.getByRole('heading', { name: /^\d+ registr(y|ies)$/ }),
    ({ attention }) =>
      `${attention} ${attention === 1 ? 'registry' : 'registries'}`,
  );
});
