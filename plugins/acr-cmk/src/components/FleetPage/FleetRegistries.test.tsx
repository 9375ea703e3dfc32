import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { fleetRegistry } from '../../fixtures/fleet';
import { daysAgo, minutesAgo, uuid } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { refusals } from '../../fixtures/refusals';
import { leavePhone, takePhone } from '../../__testUtils__/phone';
import { press } from '../../__testUtils__/user';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { FleetRegistries } from './FleetRegistries';

function Url() {
  return <output aria-label="URL">{useLocation().search}</output>;
}

function show(options: { api?: InMemoryAcrCmk; search?: string } = {}) {
  const api = options.api ?? new InMemoryAcrCmk();
  renderView(
    <>
      <FleetRegistries />
      <Url />
    </>,
    { api, search: options.search },
  );
  return api;
}

const url = () => screen.getByLabelText('URL').textContent;
const rows = async () =>
  (
    await within(await screen.findByRole('table')).findAllByRole('rowheader')
  ).map(cell => within(cell).getByRole('link').textContent);

describe('the list of registries', () => {
  afterEach(leavePhone);

  it('has no axe findings', async () => {
    show();
    await rows();
    expect(await axeFindings()).toEqual([]);
  });

  it('shows the worst first, with state, key, mode and owner', async () => {
    show();

    expect(await rows()).toEqual([
      'legacyimages',
      'ordersimages',
      'catalogimages',
      'hrimages',
      'shopimages',
      'plainimages',
    ]);
    const orders = screen.getByRole('row', { name: /ordersimages/ });
    expect(orders).toHaveTextContent('Pinned-key trap');
    expect(orders).toHaveTextContent('ordersimages · kv-contoso-rbac');
    expect(orders).toHaveTextContent('Manual');
    expect(orders).toHaveTextContent('team-orders');
    expect(screen.getByText('6 registries', { selector: 'h2' })).toBeVisible();
  });

  it('says why a registry needs attention whose state does not, and filters by severity', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = [
      fleetRegistry('one', {
        severity: 'warning',
        findings: ['purge-protection-off', 'key-expires-soon'],
      }),
      fleetRegistry('two'),
    ];
    show({ api, search: '?severity=error,warning' });
    expect(await rows()).toEqual(['one']);
    expect(screen.getByRole('row', { name: /one/ })).toHaveTextContent(
      'No purge protection +1',
    );
    const filter = screen.getByLabelText('Severity');
    expect(filter).toHaveDisplayValue('Needs attention');
    expect(
      within(filter)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Any',
      'Needs attention',
      'Problems',
      'Warnings',
      'Notes',
      'Nothing found',
    ]);
    await userEvent.selectOptions(filter, 'Any');
    await waitFor(async () => expect(await rows()).toEqual(['one', 'two']));
    expect(url()).not.toContain('severity');
  });

  it('has a button for each state that has registries, and for one that is chosen', async () => {
    show({ search: '?state=revoked' });
    await screen.findByRole('button', { name: 'Expired 1' });
    const buttons = within(
      screen.getByRole('group', { name: 'Filter by state' }),
    )
      .getAllByRole('button')
      .map(({ textContent }) => textContent?.trim());
    expect(buttons).toEqual([
      'Revoked 0',
      'Expired 1',
      'Pinned-key trap 1',
      'At risk 1',
      'Unknown 1',
      'Current 1',
      'No customer-managed key 1',
    ]);
  });

  it('has the filters that few people use behind a button, which says how many of them apply', async () => {
    show();
    await rows();
    expect(screen.queryByLabelText('Expires before')).not.toBeInTheDocument();
    await press('More filters');
    await userEvent.selectOptions(
      screen.getByLabelText('Version mode'),
      'Manual',
    );
    await waitFor(async () => expect(await rows()).toEqual(['ordersimages']));
    await press('More filters (1)');
    expect(screen.queryByLabelText('Version mode')).not.toBeInTheDocument();
    expect(url()).toBe('?mode=manual');
  });

  it('shows the filters of a link', async () => {
    show({ search: '?expiresBefore=2100-01-01' });
    await rows();
    expect(screen.getByLabelText('Expires before')).toHaveValue('2100-01-01');
  });

  it('says why in a few words, and the rest on hover', async () => {
    const api = new InMemoryAcrCmk();
    const message = 'The vault kv rotates the key by policy, but one is pinned';
    api.fleet.items = [
      fleetRegistry('one', {
        state: { id: 'pinned-key-trap', message },
        severity: 'error',
        findings: ['pinned-key-trap', 'purge-protection-off'],
      }),
    ];
    show({ api });
    await rows();
    const why = screen.getByText('Pinned, vault rotates +1');
    expect(why).toHaveAttribute(
      'title',
      expect.stringContaining(
        `${message}\nPinned, vault rotates\nNo purge protection`,
      ),
    );
    expect(screen.queryByText(message)).not.toBeInTheDocument();
  });

  it('is a card for each registry on a phone', async () => {
    takePhone();
    show({ search: '?state=pinned-key-trap' });
    const cards = await screen.findByRole('list', { name: 'Registries' });
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    const [card] = within(cards).getAllByRole('listitem');
    expect(
      within(card).getByRole('link', { name: 'ordersimages' }),
    ).toBeVisible();
    expect(card).toHaveTextContent('StatePinned-key trap');
    expect(await axeFindings()).toEqual([]);
    await userEvent.selectOptions(screen.getByLabelText('Sort by'), 'Registry');
    await waitFor(() => expect(url()).toContain('sort=name'));
    await press(/^Ascending/);
    await waitFor(() => expect(url()).toContain('direction=desc'));
  });

  it('has its filters behind one button on a phone, and says first how much of the fleet is seen', async () => {
    takePhone();
    const api = new InMemoryAcrCmk();
    show({
      api,
      search: '?state=pinned-key-trap&owner=group:default/team-orders',
    });
    const cards = await screen.findByRole('list', { name: 'Registries' });
    const filters = screen.getByRole('button', { name: 'Filters (2)' });
    expect(filters).toHaveAttribute('aria-expanded', 'false');
    expect(
      screen.queryByRole('group', { name: 'Filter by state' }),
    ).not.toBeInTheDocument();
    expect(screen.queryByLabelText('Severity')).not.toBeInTheDocument();
    expect(screen.getByRole('searchbox', { name: 'Search' })).toBeVisible();

    await userEvent.click(filters);
    expect(
      screen.getByRole('group', { name: 'Filter by state' }),
    ).toBeVisible();
    await userEvent.selectOptions(
      screen.getByLabelText('Version mode'),
      'Manual',
    );
    await waitFor(() => expect(url()).toContain('mode=manual'));
    expect(screen.getByRole('button', { name: 'Filters (3)' })).toBeVisible();
    expect(cards).toBeVisible();
    // The ages of the readings are behind a line.
    expect(screen.getByText(/Oldest reading/)).not.toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  it('says that the counts could not be loaded, and loads them when asked', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('fleet.summary', async () => new Error('No answer'));
    show({ api });
    await rows();
    expect(
      await screen.findByText(/The counts.*could not be loaded: No answer/),
    ).toBeVisible();
    await press('Try again');
    expect(
      await screen.findByRole('button', { name: 'Expired 1' }),
    ).toBeVisible();
    expect(screen.queryByText(/The counts/)).not.toBeInTheDocument();
  });

  it('asks for the counts once where nothing is filtered', async () => {
    const api = show();
    await rows();
    expect(api.inputsOf('fleet.summary')).toEqual([{}]);

    await press('More filters');
    await userEvent.selectOptions(
      screen.getByLabelText('Version mode'),
      'Manual',
    );
    await waitFor(() =>
      expect(api.inputsOf('fleet.summary')).toEqual([{}, { mode: 'manual' }]),
    );
  });

  it('shows the cached rows when it is opened again, and loads them anew', async () => {
    const api = new InMemoryAcrCmk();
    const first = renderView(<FleetRegistries />, { api });
    await rows();
    await screen.findByRole('button', { name: /^Expired 1/ });
    first.unmount();

    api.hold('fleet.registries');
    renderView(<FleetRegistries />, { api });
    expect(await rows()).toHaveLength(6);
    expect(screen.getByRole('button', { name: /^Expired 1/ })).toBeVisible();
    expect(api.inputsOf('fleet.registries')).toHaveLength(2);
  });

  it('shows no cached rows to a viewer who has lost the permission', async () => {
    const api = new InMemoryAcrCmk();
    const first = renderView(<FleetRegistries />, { api });
    await rows();
    first.unmount();
    api.refuse('fleet.registries', refusals.permissionMissing);
    const second = renderView(<FleetRegistries />, { api });
    await screen.findByText('You do not have access');
    second.unmount();

    api.hold('fleet.registries');
    renderView(<FleetRegistries />, { api });
    expect(await screen.findByRole('progressbar')).toBeInTheDocument();
    expect(screen.queryByRole('rowheader')).not.toBeInTheDocument();
  });

  it('asks for the rows before the counts', async () => {
    const api = new InMemoryAcrCmk();
    const { open } = api.hold('fleet.registries');
    show({ api });
    await waitFor(() =>
      expect(api.inputsOf('fleet.registries')).toHaveLength(1),
    );
    expect(api.inputsOf('fleet.summary')).toEqual([]);
    open();
    await waitFor(() => expect(api.inputsOf('fleet.summary')).toEqual([{}]));
  });

  it('filters by the states that are pressed, and keeps them in the URL', async () => {
    show();
    await rows();
    await screen.findByRole('button', { name: /^Expired 1/ });

    await press(/^Expired 1/);
    await waitFor(async () => expect(await rows()).toEqual(['legacyimages']));
    expect(url()).toBe('?state=expired');
    expect(screen.getByRole('button', { name: /^Expired 1/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );

    await press(/^At risk 1/);
    await waitFor(async () =>
      expect(await rows()).toEqual(['legacyimages', 'catalogimages']),
    );
    await press('Clear filters');
    expect(screen.getByLabelText('Search')).toHaveFocus();
    await waitFor(async () => expect(await rows()).toHaveLength(6));
    expect(url()).toBe('');
  });

  it('asks for what was typed when the typing pauses', async () => {
    const api = show();
    await rows();

    jest.useFakeTimers();
    try {
      for (const [value, ms] of [
        ['ord', 299],
        ['orders', 300],
      ] as const) {
        fireEvent.change(screen.getByLabelText('Search'), {
          target: { value },
        });
        await act(() => jest.advanceTimersByTimeAsync(ms));
      }
    } finally {
      jest.useRealTimers();
    }
    await waitFor(() => expect(url()).toBe('?search=orders'));
    await waitFor(async () => expect(await rows()).toEqual(['ordersimages']));
    expect(
      api
        .inputsOf('fleet.registries')
        .map(input => (input as { search?: string }).search),
    ).toEqual([undefined, 'orders']);
  });

  it('applies the filter, order and columns of a link', async () => {
    show({
      search: '?mode=manual&sort=name&direction=desc&columns=location',
    });

    expect(await rows()).toEqual(['ordersimages']);
    expect(
      screen.getAllByRole('columnheader').map(({ textContent }) => textContent),
    ).toEqual(['Registry', 'State', 'Location']);
    expect(
      screen.getByRole('columnheader', { name: 'Registry' }),
    ).toHaveAttribute('aria-sort', 'descending');
  });

  it('calls the last operation by the name that the tab gives it', async () => {
    const api = new InMemoryAcrCmk();
    const lastOperation = {
      id: uuid(100),
      kind: 'change-mode' as const,
      state: 'succeeded' as const,
      at: daysAgo(1),
    };
    api.fleet.items = [fleetRegistry('one', { lastOperation })];
    show({ api, search: '?columns=operation' });
    await waitFor(() =>
      expect(screen.getByRole('row', { name: /one/ })).toHaveTextContent(
        'Change mode: Succeeded',
      ),
    );
  });

  it('says when the registries were read, and by how much the source may lag', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.scope = {
      ages: { observedAt: minutesAgo(2), lagSeconds: 300, older: [] },
    };
    show({ api });
    expect(
      await screen.findByText(/may lag by up to 5 minutes/),
    ).toHaveTextContent(/2 minutes ago \(may lag by up to 5 minutes\)\./);
  });

  it('adds and removes columns', async () => {
    show();
    await rows();
    await press('Columns');
    await userEvent.click(
      screen.getByRole('menuitemcheckbox', { name: 'Location' }),
    );
    await userEvent.click(
      screen.getByRole('menuitemcheckbox', { name: 'Key' }),
    );
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('menu')).not.toBeInTheDocument(),
    );

    const heads = screen
      .getAllByRole('columnheader')
      .map(({ textContent }) => textContent);
    expect(heads).toContain('Location');
    expect(heads).not.toContain('Key');
  });

  it('turns pages, and goes back to the first', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = Array.from({ length: 60 }, (_, n) =>
      fleetRegistry(`images${String(n).padStart(2, '0')}`),
    );
    show({ api });
    expect(await rows()).toHaveLength(50);
    expect(screen.getByText('1–50 of 60')).toBeVisible();

    await press('Next page');
    await waitFor(async () => expect(await rows()).toHaveLength(10));
    expect(url()).toBe('?cursor=50&from=50');
    expect(screen.getByText('51–60 of 60')).toBeVisible();
    await press('First page');
    await waitFor(async () => expect(await rows()).toHaveLength(50));
  });

  it('says how much is seen, and what cannot be read', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.scope = {
      visible: 9812,
      known: 10000,
      unreadableSubscriptions: 1,
      problems: [
        {
          subscriptionId: '99999999-2222-4333-8444-555555555555',
          message: 'The role Reader is missing',
          listedAt: daysAgo(3),
        },
      ],
    };
    show({ api });

    expect(
      await screen.findByText(/You see 9,812 of 10,000 registries/),
    ).toBeVisible();
    expect(screen.getByText(/1 subscription cannot be read/)).toBeVisible();
    await userEvent.click(screen.getByText('Show which'));
    expect(
      screen.getByText(/A plan that could harm one, such as a revoke/),
    ).toBeVisible();
    expect(screen.getByText(/The role Reader is missing/)).toBeVisible();
  });

  it('says of subscriptions that they were not listed yet, and not that they cannot be', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.scope = { unreadableSubscriptions: 3, unlistedSubscriptions: 3 };
    show({ api });

    expect(
      await screen.findByText(/3 subscriptions have not been listed yet/),
    ).toBeVisible();
    expect(screen.queryByText(/cannot be read/)).not.toBeInTheDocument();
  });

  it('says so when subscriptions of a management group may be unknown', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.scope = { unreadableGroups: 2 };
    show({ api });

    expect(
      await screen.findByText(
        /The subscriptions of 2 management groups are not all known/,
      ),
    ).toBeVisible();
  });

  it('says how old most data is, which is older and why, and how long a reading takes', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.scope = {
      ages: {
        observedAt: minutesAgo(6),
        older: [
          { reason: 'failed', count: 1, observedAt: minutesAgo(180) },
          { reason: 'following', count: 1355, observedAt: minutesAgo(46) },
        ],
      },
      reading: { left: 8310, endsAt: minutesAgo(-4.1) },
    };
    show({ api });
    const line = await screen.findByText(/Oldest reading/);
    // The number stands beside it.
    expect(line).not.toHaveTextContent('6 registries');
    expect(line).toHaveTextContent(
      'Oldest reading 6 minutes ago, except ' +
        '1 registry that could not be read (oldest: 3 hours ago); ' +
        '1,355 registries not yet on the latest version, read hourly (oldest: 46 minutes ago). ' +
        'Reading from Azure: 8,310 items left, expected to end in 4 minutes.',
    );
  });

  it('distinguishes an empty inventory from a filter without results', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = [];
    show({ api });
    expect(await screen.findByText('No registry is known yet.')).toBeVisible();
    expect(await screen.findByText(/no scope has a registry/)).toBeVisible();
  });

  it('does not say that the scopes were listed where the line above says that one was not', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = [];
    api.fleet.scope = {
      visible: 0,
      known: 0,
      unreadableSubscriptions: 1,
      unlistedSubscriptions: 1,
    };
    show({ api });
    expect(
      await screen.findByText(/because of what the line above says/),
    ).toBeVisible();
    expect(
      screen.getByText(/^1 subscription has not been listed yet/),
    ).toBeVisible();
    expect(screen.queryByText(/was listed/)).not.toBeInTheDocument();
  });

  it('does not call the inventory empty where the viewer sees nothing of it', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = [];
    api.fleet.scope = { visible: 0, known: 316 };
    show({ api });
    expect(
      await screen.findByText('No registry that you can see.'),
    ).toBeVisible();
    expect(screen.queryByText(/is known yet/)).not.toBeInTheDocument();
  });

  it('says that nothing matches', async () => {
    show({ search: '?search=nothing' });
    expect(
      await screen.findByText('No registry matches the filters.'),
    ).toBeVisible();
  });

  it('says which permission is missing', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('fleet.registries', refusals.permissionMissing);
    show({ api });
    expect(await screen.findByText('You do not have access')).toBeVisible();
  });

  it('downloads the registries of the filter', async () => {
    const made: Blob[] = [];
    URL.createObjectURL = blob => {
      made.push(blob as Blob);
      return 'blob:x';
    };
    URL.revokeObjectURL = () => undefined;
    const api = show({ search: '?state=expired' });
    await rows();

    await press('Download CSV');
    await waitFor(() => expect(made).toHaveLength(1));
    expect(api.inputsOf('fleet.csv')).toEqual([{ state: ['expired'] }]);
  });
});
