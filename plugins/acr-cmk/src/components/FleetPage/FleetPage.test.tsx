import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  FleetExpiries,
  FleetKeys as Keys,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactElement } from 'react';
import { daysAgo, registryId, version } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { leavePhone, takePhone } from '../../__testUtils__/phone';
import { press } from '../../__testUtils__/user';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { endOfQuarter, FleetCalendar } from './FleetCalendar';
import { FleetKeys } from './FleetKeys';
import { FleetWaiting } from './FleetWaiting';

function show(
  view: ReactElement,
  options: { api?: InMemoryAcrCmk; search?: string } = {},
) {
  const api = options.api ?? new InMemoryAcrCmk();
  renderView(view, { api, search: options.search });
}

const keysAnswer: Keys = {
  total: 1,
  searchIncomplete: false,
  items: [
    {
      uri: 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
      vaultName: 'kv-contoso-rbac',
      keyName: 'shopimages',
      latestVersion: version(3),
      rotatesByPolicy: true,
      rotatesAt: daysAgo(-20),
      registries: 2,
      hiddenRegistries: 1,
      services: [{ service: 'SQL server', count: 2 }],
      servicesLookedAt: 'all',
      owners: ['group:default/team-shop'],
      otherOwners: 1,
      moreVersions: 2,
      versions: [
        {
          version: version(3),
          enabled: true,
          newest: true,
          created: daysAgo(10),
          registries: 1,
          hiddenRegistries: 1,
          holders: [
            { registryId: registryId('shopimages'), name: 'shopimages' },
          ],
        },
        {
          version: version(2),
          enabled: true,
          newest: false,
          created: daysAgo(100),
          registries: 1,
          hiddenRegistries: 0,
          holders: [
            { registryId: registryId('ordersimages'), name: 'ordersimages' },
          ],
          retirement: { answer: 'in-use', message: 'ordersimages uses it' },
        },
        {
          version: version(1),
          enabled: true,
          newest: false,
          created: daysAgo(200),
          registries: 0,
          hiddenRegistries: 0,
          holders: [],
          retirement: {
            answer: 'unused',
            since: '2026-11-20T08:00:00.000Z',
            message: 'No known registry uses it since 20 Nov 2026.',
          },
        },
      ],
    },
  ],
};

describe('the keys', () => {
  afterEach(leavePhone);

  it('has a line for each key, and below it which registries use each version', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.keysAnswer = keysAnswer;
    show(<FleetKeys />, { api });

    const line = await screen.findByRole('row', {
      name: /shopimages · kv-contoso-rbac/,
    });
    expect(line).toHaveTextContent('1 without a known user, 1 in use');
    expect(line).toHaveTextContent('2 others');
    expect(screen.getByText('1 key', { selector: 'h2' })).toBeVisible();
    expect(screen.getByRole('link', { name: '2 registries' })).toHaveAttribute(
      'href',
      expect.stringMatching(
        /registries\?vault=kv-contoso-rbac&key=shopimages$/,
      ),
    );
    const name = 'shopimages · kv-contoso-rbac';
    expect(screen.queryByRole('table', { name })).not.toBeInTheDocument();
    await press(`Versions of ${name}`);
    expect(
      screen.getByText(/^Also used by 2 × SQL server\. .* were looked at\.$/),
    ).toBeVisible();
    const table = screen.getByRole('table', { name });
    const [, newest, held, old] = within(table).getAllByRole('row');
    expect(newest).toHaveTextContent(
      /newest enabled.*shopimages.*1 registry that you cannot see/,
    );
    expect(held).toHaveTextContent(/In use.*ordersimages uses it/);
    expect(old).toHaveTextContent(
      /no known registry.*No known user.*No known registry uses it since 20 Nov 2026/,
    );
  });

  it.each([
    ['no', 'Other Azure services: not looked at.'],
    ['partly', 'Not all other Azure services could be looked at.'],
  ] as const)(
    'says of a key how far other services were looked at: %s',
    async (servicesLookedAt, words) => {
      const api = new InMemoryAcrCmk();
      const [key] = keysAnswer.items;
      api.fleet.keysAnswer = {
        ...keysAnswer,
        items: [{ ...key, services: [], servicesLookedAt }],
      };
      show(<FleetKeys />, { api });
      const line = await screen.findByRole('row', { name: /shopimages/ });
      expect(line).not.toHaveTextContent(/\d others?/);
      await press('Versions of shopimages · kv-contoso-rbac');
      expect(screen.getByText(words)).toBeVisible();
    },
  );

  it('does not call a version used or unused of which that is not known', async () => {
    const [key] = keysAnswer.items;
    const message = 'Not all registries could be listed, so others may use it.';
    const api = new InMemoryAcrCmk();
    api.fleet.keysAnswer = {
      ...keysAnswer,
      items: [
        {
          ...key,
          versions: key.versions.map(({ retirement, ...others }) => ({
            ...others,
            ...(retirement && { retirement: { answer: 'unknown', message } }),
          })),
        },
      ],
    };
    show(<FleetKeys />, { api });
    const name = 'shopimages · kv-contoso-rbac';
    await press(`Versions of ${name}`);
    const [, , held, old] = within(
      screen.getByRole('table', { name }),
    ).getAllByRole('row');
    for (const row of [held, old]) {
      expect(row).toHaveTextContent(`Not known${message}`);
      expect(row).not.toHaveTextContent(/In use|no (known )?registry/i);
    }
  });

  it('says in the row of a key why nothing is known of its versions', async () => {
    const [key] = keysAnswer.items;
    const problem = 'The key shopimages was deleted on 2 Dec 2026';
    const api = new InMemoryAcrCmk();
    api.fleet.keysAnswer = {
      ...keysAnswer,
      items: [{ ...key, problem, versions: [] }],
    };
    show(<FleetKeys />, { api });
    expect(await screen.findByText(problem)).toBeVisible();
  });

  it('has a card for each version on a phone', async () => {
    takePhone();
    const api = new InMemoryAcrCmk();
    api.fleet.keysAnswer = keysAnswer;
    show(<FleetKeys />, { api });
    const name = 'shopimages · kv-contoso-rbac';
    await press(`Versions of ${name}`);
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    const [, held] = within(screen.getByRole('list', { name })).getAllByRole(
      'listitem',
    );
    expect(held).toHaveTextContent(
      /Used byordersimages.*RetirementIn useordersimages uses it/,
    );
    expect(await axeFindings()).toEqual([]);
  });

  it('filters by what is safe to retire, and downloads the keys of the filter', async () => {
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => undefined;
    const api = new InMemoryAcrCmk();
    show(<FleetKeys />, { api, search: '?vault=kv-contoso-rbac' });
    const toggle = await screen.findByRole('button', {
      name: 'Old versions without a known user',
    });
    expect(toggle).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(toggle);
    const filter = { vault: 'kv-contoso-rbac', unused: true };
    await waitFor(() =>
      expect(api.inputsOf('fleet.keys')).toContainEqual(filter),
    );
    expect(
      await screen.findByText(
        /No key that matches the filters is known to have an old version without a user\. That is known only where/,
      ),
    ).toBeVisible();
    await press('Download CSV');
    await waitFor(() =>
      expect(api.inputsOf('fleet.keysCsv')).toEqual([filter]),
    );
  });
});

it('a key counts owners that the viewer may not see, also when they may see none', async () => {
  const api = new InMemoryAcrCmk();
  const [key] = keysAnswer.items;
  api.fleet.keysAnswer = {
    ...keysAnswer,
    items: [{ ...key, owners: [], otherOwners: 3 }],
  };
  show(<FleetKeys />, { api });
  expect(
    await screen.findByRole('row', { name: /shopimages/ }),
  ).toHaveTextContent('3 more');
});

describe('the calendar', () => {
  afterEach(() => jest.restoreAllMocks());

  const calendarAnswer: FleetExpiries = {
    complete: true,
    searchIncomplete: false,
    weeks: [
      { start: '2026-11-23T00:00:00.000Z', expiries: 0, rotations: 0 },
      { start: '2026-11-30T00:00:00.000Z', expiries: 2, rotations: 1 },
    ],
    items: [
      {
        kind: 'expiry',
        at: '2026-12-01T00:00:00.000Z',
        vaultName: 'kv-contoso-rbac',
        keyName: 'shopimages',
        version: version(1),
        registries: 2,
        holders: [{ registryId: registryId('shopimages'), name: 'shopimages' }],
        owners: ['group:default/team-shop'],
        otherOwners: 1,
      },
      {
        kind: 'rotation',
        at: '2026-12-02T00:00:00.000Z',
        vaultName: 'kv-contoso-rbac',
        keyName: 'orders',
        registries: 0,
        pinned: 1,
        holders: [{ registryId: registryId('orders'), name: 'orders' }],
        owners: [],
        otherOwners: 0,
      },
    ],
  };

  it.each([
    ['2026-11-30T23:59:59.999Z', 'Expires'],
    ['2026-12-01T00:00:00.000Z', 'Expired'],
  ])('shows at %s the same as a chart and as a table', async (now, what) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
    const api = new InMemoryAcrCmk();
    api.fleet.expiriesAnswer = calendarAnswer;
    show(<FleetCalendar />, { api });

    expect(
      await screen.findByRole('img', {
        name: 'Week of Nov 30, 2026, keys of 2 registries expire, 1 key rotates',
      }),
    ).toBeVisible();
    const [, expiry, rotation] = within(
      screen.getByRole('table', { name: 'Expiry and rotation by week' }),
    ).getAllByRole('row');
    expect(expiry).toHaveTextContent(
      new RegExp(
        `Dec 1, 2026.*${what}.*shopimages.*2 registries.*team-shop.*1 more`,
      ),
    );
    const linksOf = (line: HTMLElement) =>
      within(line)
        .getAllByRole('link')
        .map(link => [
          link.textContent,
          link.getAttribute('href')?.replace(/^.*\/(?=registries|keys)/, ''),
        ]);
    const ofShop = 'vault=kv-contoso-rbac&key=shopimages';
    expect(linksOf(expiry).slice(0, 2)).toEqual([
      [
        expect.stringContaining('shopimages · kv-contoso-rbac'),
        `keys?${ofShop}`,
      ],
      ['2 registries', `registries?${ofShop}`],
    ]);
    const ofOrders = 'vault=kv-contoso-rbac&key=orders';
    expect(linksOf(rotation)).toEqual([
      ['orders · kv-contoso-rbac', `keys?${ofOrders}`],
      [
        'orders',
        `registries?registry=${encodeURIComponent(registryId('orders'))}`,
      ],
      ['1 will not follow', `registries?${ofOrders}&mode=manual`],
    ]);
  });

  it('leads to the registries that an entry counts under the filter of the page', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.expiriesAnswer = calendarAnswer;
    show(<FleetCalendar />, {
      api,
      search: '?owner=group:default/team-shop&expiresBefore=2027-01-01',
    });
    const queryOf = async (name: string) => {
      const link = await screen.findByRole('link', { name });
      const href = link.getAttribute('href') ?? '';
      return Object.fromEntries(new URL(href, 'http://localhost').searchParams);
    };
    const filter = {
      vault: 'kv-contoso-rbac',
      owner: 'group:default/team-shop',
    };
    expect(await queryOf('2 registries')).toEqual({
      ...filter,
      key: 'shopimages',
    });
    expect(await queryOf('1 will not follow')).toEqual({
      ...filter,
      key: 'orders',
      mode: 'manual',
    });
  });

  it('shows this quarter at a click, and downloads what it shows', async () => {
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => undefined;
    const api = new InMemoryAcrCmk();
    show(<FleetCalendar />, { api });
    await press('This quarter');
    const filter = { expiresBefore: endOfQuarter(new Date()) };
    await waitFor(() =>
      expect(api.inputsOf('fleet.expiries')).toEqual([{}, filter]),
    );
    await press('Download CSV');
    await waitFor(() =>
      expect(api.inputsOf('fleet.expiriesCsv')).toEqual([filter]),
    );
  });

  it.each([
    ['2026-11-29', '2027-01-01'],
    ['2026-12-31', '2027-01-01'],
    ['2027-01-01', '2027-04-01'],
    ['2027-06-15', '2027-07-01'],
  ])('the quarter of %s ends before %s', (day, end) => {
    expect(endOfQuarter(new Date(day))).toBe(end);
  });

  it.each([
    [
      'the calendar',
      <FleetCalendar />,
      (api: InMemoryAcrCmk) => {
        api.fleet.expiriesAnswer = {
          complete: true,
          searchIncomplete: true,
          weeks: [],
          items: [],
        };
      },
    ],
    [
      'keys',
      <FleetKeys />,
      (api: InMemoryAcrCmk) => {
        api.fleet.keysAnswer = {
          total: 0,
          searchIncomplete: true,
          items: [],
        };
      },
    ],
  ] as const)(
    'a search that leaves entities out says so by %s',
    async (_page, page, prepare) => {
      const api = new InMemoryAcrCmk();
      prepare(api);
      show(page, { api, search: '?search=shop' });
      expect(
        await screen.findByText(/entity names were left out/),
      ).toBeVisible();
    },
  );

  it('says when nothing is due', async () => {
    show(<FleetCalendar />);
    expect(await screen.findByText(/No known expiry/)).toBeVisible();
  });
});

describe('axe', () => {
  const withKeys = new InMemoryAcrCmk();
  withKeys.fleet.keysAnswer = keysAnswer;
  it.each([
    ['keys', <FleetKeys />, () => screen.findByRole('table')],
    ['calendar', <FleetCalendar />, () => screen.findByText(/Nothing/)],
    ['waiting', <FleetWaiting />, () => screen.findByText(/Nothing/)],
  ])('finds nothing: %s', async (_, view, ready) => {
    show(view, { api: withKeys });
    await ready();
    expect(await axeFindings()).toEqual([]);
  });
});
