import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { operationStates } from '../../fixtures/operations';
import { refusals } from '../../fixtures/refusals';
import {
  answerWith,
  registryStates,
  registryWith,
} from '../../fixtures/registries';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { OverviewCard } from '../OverviewCard';
import { EncryptionTab } from './EncryptionTab';
import { tabStates } from './EncryptionTab.states';

describe('the tab', () => {
  it.each(Object.entries(tabStates))(
    'says when it is: %s',
    async (_, state) => {
      renderView(<EncryptionTab />, { api: state.api(), entity: state.entity });

      const { shows } = state;
      const found =
        'role' in shows
          ? await screen.findByRole(shows.role, { name: shows.name })
          : await screen.findByText(shows.text);
      expect(found).toBeVisible();
      expect(await axeFindings()).toEqual([]);
    },
  );

  it.each(Object.entries(registryStates))(
    'says the state of a registry in words: %s',
    async (_, registry) => {
      const of = registry();
      renderView(<EncryptionTab />, {
        api: new InMemoryAcrCmk({ answer: answerWith(of) }),
      });

      const section = await screen.findByRole('region', { name: of.name });
      expect(within(section).getAllByRole('status')[0]).toHaveTextContent(
        of.state.message,
      );
      expect(await axeFindings()).toEqual([]);
    },
  );

  it('answers what, which version and by whom without a click', async () => {
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
    });

    const key = await screen.findByRole('group', { name: 'Key' });
    expect(key).toHaveTextContent(
      'https://kv-shop.vault.azure.net/keys/orders',
    );
    expect(key).toHaveTextContent('Follows new versions, within about an hour');
    expect(
      within(key).getByRole('button', { name: 'Copy: Key URI' }),
    ).toBeVisible();
    const access = screen.getByRole('group', { name: 'Access to the key' });
    expect(access).toHaveTextContent('id-shopimages');
    expect(access).toHaveTextContent('5e1f0a52-3c1d-4a63-9a3e-2f6f4c1f0c11');
    expect(access).toHaveTextContent('0b9b6f1e-6d0b-4a5c-8a94-7f1f3f4f8a22');
    expect(access).toHaveTextContent('get, wrapKey, unwrapKey');
  });

  it('names the version on which a manual registry stays', async () => {
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({
        answer: answerWith(registryStates['behind by choice']()),
      }),
    });

    expect(
      await screen.findByText('Stays on version 3f2a91c2… until changed'),
    ).toBeVisible();
  });

  it('shows beside a button that is off why it is off', async () => {
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
    });

    const revoke = await screen.findByRole('button', { name: 'Revoke' });
    expect(revoke).toBeDisabled();
    expect(revoke).toHaveAccessibleDescription(
      /You need the permission acr-cmk.key.revoke/,
    );
    expect(
      screen.getByText(/You need the permission acr-cmk.key.revoke/),
    ).toBeVisible();
  });

  it('keeps the old data on screen when a refresh fails, and says so', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    renderView(<EncryptionTab />, { api });
    const refresh = await screen.findByRole('button', {
      name: 'Refresh shopimages',
    });

    api.refuse('registriesOf', refusals.backendDown);
    await userEvent.click(refresh);

    expect(await screen.findByText(/a newer reading failed/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(api.inputsOf('registriesOf')).toEqual([
      { entityRef: 'resource:default/shop-images', refresh: false },
      { entityRef: 'resource:default/shop-images', refresh: true },
    ]);
  });

  it('shows at once what the card has read, while it reads anew', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const card = renderView(<OverviewCard />, { api });
    await screen.findByText('Current');
    card.unmount();
    api.hold('registriesOf');

    renderView(<EncryptionTab />, { api });

    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Refresh shopimages' }),
    ).toHaveTextContent('Reading…');
  });

  it('never shows a refusal before the answer is there', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const gate = api.hold('registriesOf');
    renderView(<EncryptionTab />, { api });

    await screen.findByRole('progressbar');
    expect(screen.queryByText(/You may not see this/)).not.toBeInTheDocument();
    gate.open();
    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(screen.queryByText(/You may not see this/)).not.toBeInTheDocument();
  });

  it('shows an operation that somebody else has started, live', async () => {
    const running = operationStates.running();
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryWith({ runningOperationId: running.id })),
      operations: [running],
    });
    renderView(<EncryptionTab />, { api });

    const live = await screen.findByRole('group', {
      name: 'Rotating the key of shopimages',
    });
    expect(within(live).getByRole('status')).toHaveTextContent('Running');
    expect(live).toHaveTextContent('3f2a91c3');
    expect(live).toHaveTextContent('Quarterly rotation');

    api.answer = answerWith(registryWith());
    act(() => api.tell(operationStates.succeeded()));

    await waitFor(() =>
      expect(within(live).getByRole('status')).toHaveTextContent('Succeeded'),
    );
    // The registry and the history are read again.
    await waitFor(() => expect(api.inputsOf('operations')).toHaveLength(2));
    await userEvent.click(
      within(live).getByRole('button', { name: 'Put away' }),
    );
    expect(live).not.toBeInTheDocument();
  });
});
