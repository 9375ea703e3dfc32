import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { keyWith } from '../../fixtures/keys';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press, pickRadio } from '../../__testUtils__/user';
import { EncryptionTab } from '../EncryptionTab';
import { apiWith, lastIntent } from './__testUtils__/dialogs';

describe('the dialog for automatic rotation', () => {
  const open = async (api: InMemoryAcrCmk, button: string) => {
    renderView(<EncryptionTab />, { api });
    await press(button);
    return screen.findByRole('dialog', {
      name: /utomatic rotation: shopimages$/,
    });
  };

  it('proposes every 90 days without an expiry, and asks for a plan only with days that Key Vault allows', async () => {
    const api = apiWith();
    const dialog = await open(api, 'Set up automatic rotation');
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
      }),
    );
    expect(
      within(dialog).getByRole('button', { name: 'Set up automatic rotation' }),
    ).toBeVisible();
    expect(within(dialog).queryByRole('radio')).not.toBeInTheDocument();

    const days = within(dialog).getByRole('textbox', { name: 'Days' });
    await userEvent.clear(days);
    await userEvent.paste('6');
    expect(dialog).toHaveTextContent('7 to 3650 days');
    expect(dialog).toHaveTextContent('Complete the form');
    expect(await axeFindings()).toEqual([]);
  });

  it('adds a notice to an expiry, and needs one to count back from', async () => {
    const api = apiWith();
    const dialog = await open(api, 'Set up automatic rotation');
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'New version' }),
      'days before the newest version expires',
    );
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'automatic-rotation',
        rotation: {
          kind: 'on',
          policy: { timeBeforeExpiry: 'P30D', expiryTime: 'P2Y' },
        },
      }),
    );
    const expiry = within(dialog).getByRole('combobox', {
      name: 'New versions expire',
    });
    await userEvent.selectOptions(expiry, 'Never');
    expect(dialog).toHaveTextContent('Choose an expiry to count back from.');
    await userEvent.selectOptions(expiry, 'After 1 year');
    await waitFor(() =>
      expect(lastIntent(api)).toMatchObject({
        rotation: {
          policy: { expiryTime: 'P1Y', notifyBeforeExpiry: 'P30D' },
        },
      }),
    );
  });

  it('turns off what is set up, and says so on its button', async () => {
    const api = apiWith({
      key: keyWith({
        rotatesByPolicy: true,
        rotationPolicy: { timeAfterCreate: 'P180D' },
      }),
    });
    const dialog = await open(api, 'Change automatic rotation');
    expect(within(dialog).getByRole('textbox', { name: 'Days' })).toHaveValue(
      '180',
    );
    await pickRadio(/^Off/, dialog);
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'automatic-rotation',
        rotation: { kind: 'off' },
      }),
    );
    expect(
      within(dialog).getByRole('button', {
        name: 'Turn off automatic rotation',
      }),
    ).toBeVisible();
  });
});
