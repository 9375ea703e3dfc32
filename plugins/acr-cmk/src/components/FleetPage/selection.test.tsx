import { act, renderHook, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { fleetRegistry } from '../../fixtures/fleet';
import { registryId } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { CAMPAIGN_ID, HASH } from '../../fixtures/campaigns';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { FleetKeys } from './FleetKeys';
import { FleetRegistries } from './FleetRegistries';
import { SelectionBar } from './SelectionBar';
import { useSelection } from './useSelection';

const pinned = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    fleetRegistry(`pinned${String(n).padStart(3, '0')}`, {
      state: { id: 'pinned-key-trap', message: 'Pinned' },
      versionMode: 'manual',
    }),
  );

function show(
  options: { count?: number; mayCreate?: boolean; search?: string } = {},
) {
  const { count = 6, mayCreate = true } = options;
  const api = new InMemoryAcrCmk();
  api.campaigns.mayCreate = mayCreate;
  api.fleet.pageSize = 4;
  api.fleet.items = [...pinned(count), fleetRegistry('current1')];
  renderView(
    <>
      <FleetRegistries />
      <Path />
    </>,
    { api, search: options.search },
  );
  return api;
}

function Path() {
  return <output aria-label="Path">{useLocation().pathname}</output>;
}

const bar = () => screen.getByRole('group', { name: 'Selection' });
const box = (name: RegExp | string) => screen.findByRole('checkbox', { name });

describe('the selection of registries', () => {
  it('is there only for people who may create a campaign', async () => {
    const api = show({ mayCreate: false });
    expect(await screen.findByRole('table')).toBeVisible();
    await waitFor(() => expect(api.inputsOf('campaigns.list')).toHaveLength(1));
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  });

  it('sends the registries that are ticked, one by one', async () => {
    const api = show();
    await userEvent.click(await box('Select pinned001'));
    await userEvent.click(await box('Select pinned003'));
    expect(bar()).toHaveTextContent('2 selected');
    expect(await box('Select all on this page')).toBePartiallyChecked();
    expect(await axeFindings()).toEqual([]);

    await press('Change…');
    const dialog = await screen.findByRole('dialog', {
      name: 'Change 2 registries',
    });
    await press('Preview', dialog);
    await waitFor(() =>
      expect(api.inputsOf('campaigns.create')).toEqual([
        {
          intent: { kind: 'automatic-mode' },
          selection: {
            registryIds: [registryId('pinned001'), registryId('pinned003')],
          },
        },
      ]),
    );
  });

  it('sends the filter for all that match, also those of other pages', async () => {
    const api = show({
      search: '?state=pinned-key-trap&mode=manual',
    });
    await userEvent.click(await box('Select all on this page'));
    expect(bar()).toHaveTextContent('4 selected');
    await press('Select all 6 that match');
    expect(bar()).toHaveTextContent('All 6 that match are selected');
    await press('Change…');
    await press('Preview');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.create')).toMatchObject([
        {
          selection: {
            filter: { state: ['pinned-key-trap'], mode: 'manual' },
          },
        },
      ]),
    );
  });

  it('keeps what was ticked when a page is turned, and forgets it with another filter', async () => {
    show();
    await userEvent.click(await box('Select pinned000'));
    await press('Next page');
    await userEvent.click(await box('Select pinned005'));
    expect(bar()).toHaveTextContent('2 selected');

    await press(/^Pinned-key trap 6/);
    await waitFor(() =>
      expect(
        screen.queryByRole('group', { name: 'Selection' }),
      ).not.toBeInTheDocument(),
    );
  });

  it('says that more than 100 cannot be selected one by one', () => {
    const page = pinned(160).map(({ registryId: id }) => id);
    const { result } = renderHook(() =>
      useSelection({ of: 'registries', filter: {}, page, total: 200 }),
    );
    act(() => result.current.togglePage());
    expect(result.current).toMatchObject({ count: 160, request: undefined });
    renderView(
      <SelectionBar of="registries" selection={result.current} total={200} />,
      { api: new InMemoryAcrCmk() },
    );
    expect(screen.getByRole('alert')).toHaveTextContent(
      'At most 100 can be selected one by one',
    );
    expect(screen.getByRole('button', { name: 'Change…' })).toBeDisabled();
  });

  it('sends the filter when more than 100 are ticked and nothing else matches', () => {
    const page = pinned(160).map(({ registryId: id }) => id);
    const { result } = renderHook(() =>
      useSelection({
        of: 'registries',
        filter: { mode: 'manual' },
        page,
        total: 160,
      }),
    );
    act(() => result.current.togglePage());
    expect(result.current.request).toEqual({ filter: { mode: 'manual' } });
  });

  it('sends no filter for keys with unused versions, because the API has none', () => {
    const page = Array.from({ length: 160 }, (_, n) => `key${n}`);
    const { result } = renderHook(() =>
      useSelection({
        filter: { owner: 'group:default/team-shop', unused: true },
        page,
        total: 160,
        of: 'keys',
      }),
    );
    expect(result.current.chooseAll).toBeUndefined();
    act(() => result.current.togglePage());
    expect(result.current).toMatchObject({ count: 160, request: undefined });
    act(() => result.current.clear());
    act(() => result.current.toggle('key7'));
    expect(result.current.request).toEqual({ keys: ['key7'] });
  });

  it('keeps the focus near the list when it is cleared', async () => {
    show();
    await userEvent.click(await box('Select pinned001'));
    await press('Clear');
    expect(document.body).not.toHaveFocus();
    expect(await box('Select pinned001')).not.toBeChecked();
  });

  it('takes six presses and one typed field from the page to a started campaign', async () => {
    const api = show();
    await press(/^Pinned-key trap 6/);
    await waitFor(() => expect(screen.getByText('6 registries')).toBeVisible());
    await userEvent.click(await box('Select all on this page'));
    await press('Select all 6 that match');
    await press('Change…');
    await press('Preview');
    await userEvent.type(
      await screen.findByLabelText('Reason'),
      'Follow new versions',
    );
    await press('Start');

    await waitFor(() =>
      expect(screen.getByLabelText('Path')).toHaveTextContent(
        `/campaigns/${CAMPAIGN_ID}`,
      ),
    );
    expect(api.inputsOf('campaigns.start')).toMatchObject([
      { id: CAMPAIGN_ID, hash: HASH, reason: 'Follow new versions' },
    ]);
  });
});

const shopKey = {
  uri: 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
  vaultName: 'kv-contoso-rbac',
  keyName: 'shopimages',
  registries: 2,
  hiddenRegistries: 0,
  services: [],
  servicesLookedAt: 'all' as const,
  owners: [],
  otherOwners: 0,
  versions: [],
  moreVersions: 0,
};

describe('the selection of keys', () => {
  it('forgets all that match when only keys with unused versions are shown', async () => {
    const api = new InMemoryAcrCmk();
    api.campaigns.mayCreate = true;
    api.fleet.keysAnswer = {
      total: 500,
      searchIncomplete: false,
      items: [shopKey],
    };
    renderView(<FleetKeys />, { api });
    await userEvent.click(await box('Select shopimages · kv-contoso-rbac'));
    await press('Select all 500 that match');
    expect(bar()).toHaveTextContent('All 500 that match are selected');

    api.fleet.keysAnswer = { ...api.fleet.keysAnswer, total: 3 };
    await press('Old versions without a known user');
    expect(await screen.findByText('3 keys')).toBeVisible();
    expect(
      screen.queryByRole('group', { name: 'Selection' }),
    ).not.toBeInTheDocument();

    await userEvent.click(await box('Select shopimages · kv-contoso-rbac'));
    expect(bar()).toHaveTextContent('1 selected');
    expect(
      screen.queryByRole('button', { name: /that match$/ }),
    ).not.toBeInTheDocument();
  });

  it('sends the URIs of the keys, and offers a new version first', async () => {
    const api = new InMemoryAcrCmk();
    api.campaigns.mayCreate = true;
    api.fleet.keysAnswer = {
      total: 1,
      searchIncomplete: false,
      items: [shopKey],
    };
    renderView(<FleetKeys />, { api });
    await userEvent.click(await box('Select shopimages · kv-contoso-rbac'));
    await press('Change…');
    expect(
      await screen.findByRole('radio', { name: /^New key version/ }),
    ).toBeChecked();
    await press('Preview');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.create')).toEqual([
        {
          intent: { kind: 'new-version' },
          selection: {
            keys: [shopKey.uri],
          },
        },
      ]),
    );
  });
});
