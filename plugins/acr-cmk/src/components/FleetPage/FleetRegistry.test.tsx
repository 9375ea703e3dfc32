import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fleetRegistry } from '../../fixtures/fleet';
import { registryId } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { operationStates } from '../../fixtures/operationStates';
import { registryWith } from '../../fixtures/registry';
import { renderView } from '../../__testUtils__/render';
import { openDetails, press } from '../../__testUtils__/user';
import { FleetRegistries } from './FleetRegistries';

function show(api = new InMemoryAcrCmk(), search = '') {
  renderView(<FleetRegistries />, { api, search });
  return api;
}

const rows = async () => screen.findAllByRole('rowheader');

describe('a registry of the list', () => {
  it('leads to the tab of the entity, or to a view of its own', async () => {
    const api = show();
    expect(await rows()).toHaveLength(6);

    expect(screen.getByRole('link', { name: 'ordersimages' })).toHaveAttribute(
      'href',
      '/catalog/default/resource/orders-images/encryption?registry=ordersimages',
    );
    await userEvent.click(screen.getByRole('link', { name: 'legacyimages' }));
    expect(
      await screen.findByRole('heading', { name: 'legacyimages' }),
    ).toBeVisible();
    expect(screen.getByText(/No entity names this registry/)).toBeVisible();
    // The focused element is gone.
    expect(document.body).not.toHaveFocus();
    await userEvent.tab();
    expect(screen.getByRole('link', { name: 'All registries' })).toHaveFocus();
    await openDetails();
    // Without an entity there is neither a link to one nor a history of it.
    expect(screen.getByText('Access to the key')).toBeVisible();
    expect(screen.queryByText('Link to this entity')).toBeNull();
    expect(screen.queryByText('Operations')).toBeNull();
    expect(screen.queryByText('No finished operations.')).toBeNull();
    await press('Refresh legacyimages');
    await waitFor(() =>
      expect(api.inputsOf('fleet.registry')).toEqual(
        [false, true].map(refresh => ({
          id: registryId('legacyimages'),
          refresh,
        })),
      ),
    );
    await userEvent.click(screen.getByRole('link', { name: 'All registries' }));
    expect(await rows()).toHaveLength(6);
    expect(document.body).not.toHaveFocus();
    await userEvent.tab();
    expect(screen.getByRole('button', { name: /^Expired/ })).toHaveFocus();
  });

  it.each([
    [
      'hidden ones alone',
      { entities: [], hiddenEntities: 2 },
      /^Only entities that you cannot see name this registry, [^.]*\.$/,
      [],
    ],
    [
      'hidden ones and others',
      {
        entities: [{ entityRef: 'resource:default/shared' }],
        hiddenEntities: 2,
      },
      /^To change it, .*: shared, 2 entities that you cannot see$/,
      ['/catalog/default/resource/shared/encryption?registry=shared'],
    ],
  ])(
    'says where a registry can be changed that entities name: %s',
    async (_, named, text, links) => {
      const api = new InMemoryAcrCmk();
      api.fleet.items = [fleetRegistry('shared', named)];
      show(api, `?registry=${encodeURIComponent(registryId('shared'))}`);
      const [note] = await screen.findAllByText((_text, element) =>
        text.test(element?.textContent ?? ''),
      );
      expect(
        within(note)
          .queryAllByRole('link')
          .map(link => link.getAttribute('href')),
      ).toEqual(links);
    },
  );

  it.each([
    ['in its waiting period', /^Current · /, 'Starts'],
    ['running', /^Operation in progress · As last read: Current · /, 'Running'],
  ] as const)(
    'says in its head whether an operation is in progress: %s',
    async (state, head, operationText) => {
      const operation = operationStates[state]();
      const api = new InMemoryAcrCmk({ operations: [operation] });
      api.fleet.items = [fleetRegistry('shopimages')];
      api.fleet.registry = async () => ({
        registry: registryWith({ runningOperationId: operation.id }),
        entities: [],
        hiddenEntities: 0,
      });
      const gate = api.hold('events');
      api.hold('operation');
      show(api, `?registry=${encodeURIComponent(registryId('shopimages'))}`);
      const section = await screen.findByRole('region', {
        name: 'shopimages',
      });
      const inHead = () => within(section).getAllByRole('status')[0];
      // Nothing is claimed of an operation that is not known yet.
      expect(inHead()).toHaveTextContent(/^Current · /);
      gate.open();
      expect(
        await within(section).findByText(operationText, { exact: false }),
      ).toBeVisible();
      expect(inHead()).toHaveTextContent(head);
    },
  );

  it('says that other registries may use the key, also such as the viewer cannot see', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.items = [fleetRegistry('shopimages')];
    api.fleet.registry = async () => ({
      registry: registryWith({ consumersComplete: false }),
      entities: [],
      hiddenEntities: 0,
    });
    show(api, `?registry=${encodeURIComponent(registryId('shopimages'))}`);
    expect(
      await screen.findByText(
        'Not known · some have not been read, or you cannot see them',
      ),
    ).toBeVisible();
  });
});
