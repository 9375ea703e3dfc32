import { screen, within } from '@testing-library/react';
import type { FleetKeys as Keys } from 'backstage-plugin-acr-cmk-common';
import type { ReactElement } from 'react';
import { daysAgo, registryId, version } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { FleetCalendar } from './FleetCalendar';
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
      vaultName: 'kv-contoso-rbac',
      keyName: 'shopimages',
      latestVersion: version(3),
      rotatesByPolicy: true,
      rotatesAt: daysAgo(-20),
      registries: 2,
      hiddenRegistries: 1,
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
            message: 'No registry uses it',
          },
        },
      ],
    },
  ],
};

describe('the keys', () => {
  it('says which registries use each version, and since when it can be retired', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.keysAnswer = keysAnswer;
    show(<FleetKeys />, { api });

    const table = await screen.findByRole('table', {
      name: 'kv-contoso-rbac / shopimages',
    });
    const [, newest, held, old] = within(table).getAllByRole('row');
    expect(newest).toHaveTextContent(
      /latest.*shopimages.*1 registry that you cannot see/,
    );
    expect(held).toHaveTextContent(/In use.*ordersimages uses it/);
    expect(old).toHaveTextContent(
      /no registry.*No registry uses it since Nov 20, 2026/,
    );
    expect(screen.getByRole('link', { name: '2 registries' })).toHaveAttribute(
      'href',
      expect.stringMatching(
        /registries\?vault=kv-contoso-rbac&key=shopimages$/,
      ),
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
  expect(await screen.findByText(/Owne.*3 more/)).toBeVisible();
});

describe('the calendar', () => {
  it('shows the same as a chart and as a table', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.expiriesAnswer = {
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
          holders: [
            { registryId: registryId('shopimages'), name: 'shopimages' },
          ],
        },
        {
          kind: 'rotation',
          at: '2026-12-02T00:00:00.000Z',
          vaultName: 'kv-contoso-rbac',
          keyName: 'orders',
          registries: 0,
          pinned: 1,
          holders: [],
        },
      ],
    };
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
      /Dec 1, 2026.*Expires.*shopimages.*1 more/,
    );
    expect(rotation).toHaveTextContent(/Rotates.*orders.*1 will not follow/);
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
    expect(await screen.findByText(/Nothing expires/)).toBeVisible();
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
