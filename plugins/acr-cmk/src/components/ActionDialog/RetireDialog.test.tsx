import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { version } from '../../fixtures/ids';
import { CONSUMERS } from '../../fixtures/keys';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import { axeFindings } from '../../__testUtils__/render';
import { apiWith, lastIntent, openDialog } from './__testUtils__/dialogs';

describe('the dialog to retire', () => {
  it('selects a version with the registries that use it, and lets the plan decide', async () => {
    const api = apiWith({ consumers: CONSUMERS });
    const { dialog } = await openDialog('Retire', api);
    expect(api.inputsOf('plan')).toEqual([]);
    expect(dialog).toHaveTextContent('Complete the form');

    const picker = within(dialog).getByRole('combobox', {
      name: 'Version to retire',
    });
    await userEvent.click(picker);
    expect(
      await screen.findByRole('option', { name: /used by ordersimages/ }),
    ).toBeVisible();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({ kind: 'retire', version: version(1) }),
    );
    expect(await axeFindings()).toEqual([]);
  });

  it('selects it with the other Azure services too, and says how far these were looked at', async () => {
    const api = apiWith({
      services: SERVICES,
      servicesLookedAt: lookedAtWith({ state: 'partly' }),
    });
    const { dialog } = await openDialog('Retire', api);
    await userEvent.click(
      within(dialog).getByRole('combobox', { name: 'Version to retire' }),
    );
    expect(
      await screen.findByRole('option', {
        name: /used by des-shop \(disk encryption set\)/,
      }),
    ).toBeVisible();
    expect(
      screen.getByRole('option', {
        name: /not used by any known registry · 4 resources of other services · not all other services looked at/,
      }),
    ).toBeVisible();
  });
});
