import { screen } from '@testing-library/react';
import type { WaitingOperation } from 'backstage-plugin-acr-cmk-common';
import { fleetRegistry } from '../../fixtures/fleet';
import { daysAgo, registryId } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { refusals } from '../../fixtures/refusals';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { HomeCard } from '.';

function show(prepare: (api: InMemoryAcrCmk) => void = () => undefined) {
  const api = new InMemoryAcrCmk();
  prepare(api);
  renderView(<HomeCard pagePath="/keys" />, { api });
  return api;
}

const attention = '/keys/registries?severity=error,warning';

const waitingFor = (name: string): WaitingOperation => ({
  id: `operation-${name}`,
  planHash: 'h'.repeat(64),
  kind: 'revoke',
  summary: 'Revoke the key',
  registryId: registryId(name),
  registryName: name,
  requestedBy: 'user:default/olivia',
  reason: 'It may have leaked',
  createdAt: daysAgo(0),
  consumers: 0,
  needs: [],
});

describe('the card of the home page', () => {
  it('says how many registries need attention, each number with the filter that it counts', async () => {
    const api = show();
    expect(
      await screen.findByRole('heading', {
        name: '3 of 6 registries need attention',
      }),
    ).toBeVisible();
    expect(
      await screen.findByText(': The key expired on 20 Nov 2026', {
        exact: false,
      }),
    ).toBeVisible();
    expect(
      screen
        .getAllByRole('link')
        .map(link => [link.textContent, link.getAttribute('href')]),
    ).toEqual([
      ['3 of 6 registries need attention', attention],
      ['2 with problems', '/keys/registries?severity=error'],
      ['1 with warnings', '/keys/registries?severity=warning'],
      ['1 could not be checked', '/keys/registries?state=unknown'],
      [
        '1 unreachable, revoked or expired',
        '/keys/registries?state=unreachable,revoked,expired',
      ],
      [
        'legacyimages',
        `/keys/registries?registry=${encodeURIComponent(
          registryId('legacyimages'),
        )}`,
      ],
    ]);
    expect(api.inputsOf('fleet.summary')).toEqual([{}]);
    expect(await axeFindings()).toEqual([]);
  });

  it('names registries that are unreachable, revoked or expired, up to five, and counts the others', async () => {
    show(api => {
      api.fleet.items = ['a', 'b', 'c', 'd', 'e', 'f'].map(name =>
        fleetRegistry(name, {
          state: { id: 'revoked', message: `The key ${name} was deleted` },
          severity: 'error',
        }),
      );
    });
    expect(
      await screen.findByRole('link', {
        name: '6 unreachable, revoked or expired',
      }),
    ).toBeVisible();
    expect(screen.getByText(/The key e was deleted/)).toBeVisible();
    expect(screen.queryByText(/The key f was deleted/)).not.toBeInTheDocument();
    expect(screen.getByText('and 1 more')).toBeVisible();
  });

  it('says that none need attention', async () => {
    show(api => {
      api.fleet.items = ['one', 'two'].map(name => fleetRegistry(name));
    });
    expect(
      await screen.findByText('None of 2 registries need attention'),
    ).toBeVisible();
    expect(
      screen
        .getAllByRole('link')
        .map(link => [link.textContent, link.getAttribute('href')]),
    ).toEqual([['None of 2 registries need attention', '/keys/registries']]);
  });

  it.each([
    ['one', 'The registry could not be checked'],
    ['one two', '1 of 2 registries could not be checked'],
  ])(
    'does not call a registry that could not be checked fine: %s',
    async (names, heading) => {
      show(api => {
        const [first, ...others] = names.split(' ');
        api.fleet.items = [
          fleetRegistry(first, {
            state: { id: 'unknown', message: 'The key could not be read' },
          }),
          ...others.map(name => fleetRegistry(name)),
        ];
      });
      expect(
        await screen.findByRole('heading', { name: heading }),
      ).toBeVisible();
      expect(screen.getByRole('link', { name: heading })).toHaveAttribute(
        'href',
        '/keys/registries?state=unknown',
      );
    },
  );

  it('calls what waits for its first reading not checked yet, and no failure', async () => {
    show(api => {
      api.fleet.items = ['one', 'two'].map(name =>
        fleetRegistry(name, {
          state: { id: 'unknown', message: 'It has not been read yet' },
        }),
      );
      api.fleet.scope = {
        reading: { left: 700, endsAt: daysAgo(0), first: true },
      };
    });
    expect(
      await screen.findByRole('link', {
        name: '2 of 2 registries are not checked yet',
      }),
    ).toHaveAttribute('href', '/keys/registries?state=unknown');
    expect(screen.queryByText(/could not/)).not.toBeInTheDocument();
  });

  it('calls what could not be read so while all of it is read again', async () => {
    show(api => {
      api.fleet.items = [
        fleetRegistry('one', {
          state: { id: 'unknown', message: 'The vault refused to list' },
        }),
        fleetRegistry('two'),
      ];
      api.fleet.scope = { reading: { left: 700, endsAt: daysAgo(0) } };
    });
    expect(
      await screen.findByRole('heading', {
        name: '1 of 2 registries could not be checked',
      }),
    ).toBeVisible();
  });

  it('says so when there is nothing to see', async () => {
    show(api => {
      api.fleet.items = [];
    });
    expect(
      await screen.findByText('There are no registries that you can see.'),
    ).toBeVisible();
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });

  it('names what waits for the viewer’s approval, up to five, each with its request', async () => {
    show(api => {
      api.fleet.waitingAnswer = {
        decided: [],
        decidedStages: [],
        campaigns: [],
        items: ['shop', 'orders', 'search', 'hr', 'web', 'legacy'].map(
          waitingFor,
        ),
        complete: true,
      };
    });
    expect(
      await screen.findByRole('link', {
        name: '6 requests are waiting for your approval',
      }),
    ).toHaveAttribute('href', '/keys/waiting');
    expect(
      screen.getByRole('link', { name: 'Revoke access: orders' }),
    ).toHaveAttribute('href', '/keys/waiting?request=operation-orders');
    expect(screen.queryByText('Revoke access: legacy')).not.toBeInTheDocument();
    expect(screen.getByText('and 1 more')).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  it('is loading until the counts are there', async () => {
    let gate: { open(): void } | undefined;
    show(api => {
      gate = api.hold('fleet.summary');
    });
    expect(
      await screen.findByRole('progressbar', {
        name: 'Loading the registries',
      }),
    ).toBeInTheDocument();
    gate!.open();
    expect(
      await screen.findByText('3 of 6 registries need attention'),
    ).toBeVisible();
  });

  it('says why it could not be loaded, and tries again', async () => {
    show(api => api.refuse('fleet.summary', refusals.backendDown));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /could not be loaded/,
    );
    await press('Try again');
    expect(
      await screen.findByText('3 of 6 registries need attention'),
    ).toBeVisible();
  });

  it('says that what it shows is out of date', async () => {
    const api = new InMemoryAcrCmk();
    const first = renderView(<HomeCard pagePath="/keys" />, { api });
    await screen.findByText('3 of 6 registries need attention');
    first.unmount();
    api.refuse('fleet.summary', refusals.backendDown);
    renderView(<HomeCard pagePath="/keys" />, { api });
    expect(await screen.findByText(/This data is out of date/)).toBeVisible();
    expect(screen.getByText('3 of 6 registries need attention')).toBeVisible();
  });

  it.each([[['one']], [[]]])(
    'says how many subscriptions and management groups cannot be read, with these registries: %s',
    async names => {
      show(api => {
        api.fleet.items = names.map(name => fleetRegistry(name));
        api.fleet.scope = {
          unreadableSubscriptions: 3,
          unlistedSubscriptions: 1,
          unreadableGroups: 1,
        };
      });
      expect(
        await screen.findByText('2 subscriptions cannot be read.'),
      ).toBeVisible();
      expect(
        screen.getByText('1 subscription has not been listed yet.'),
      ).toBeVisible();
      expect(
        screen.getByText(
          'The subscriptions of 1 management group are not all known.',
        ),
      ).toBeVisible();
    },
  );

  it('says which permission is missing, and still what waits for approval', async () => {
    show(api => {
      api.refuse('fleet.summary', refusals.permissionMissing);
      api.fleet.waitingAnswer = {
        decided: [],
        decidedStages: [],
        campaigns: [],
        items: [waitingFor('shop')],
        complete: true,
      };
    });
    expect(
      await screen.findByRole('heading', { name: 'You do not have access' }),
    ).toBeInTheDocument();
    expect(screen.getByText('Revoke access: shop')).toBeVisible();
  });

  it('shows the registries also when what waits cannot be loaded', async () => {
    show(api => api.refuse('fleet.waiting', refusals.backendDown));
    expect(
      await screen.findByText('3 of 6 registries need attention'),
    ).toBeVisible();
    expect(
      await screen.findByText(
        /The operations that are waiting for your approval could not be loaded/,
      ),
    ).toBeVisible();
  });
});
