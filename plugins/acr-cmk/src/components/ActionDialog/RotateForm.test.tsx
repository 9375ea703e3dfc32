import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PlanRequest } from 'backstage-plugin-acr-cmk-common';
import { IDENTITIES, VAULTS } from '../../fixtures/formOptions';
import { version } from '../../fixtures/ids';
import { keyWith } from '../../fixtures/keys';
import { planWith } from '../../fixtures/plans';
import { refusals } from '../../fixtures/refusals';
import { registryStates } from '../../fixtures/registryStates';
import { fill, pickRadio, press } from '../../__testUtils__/user';
import { axeFindings } from '../../__testUtils__/render';
import {
  apiWith,
  choose,
  lastIntent,
  openDialog,
} from './__testUtils__/dialogs';
import { showTab } from '../EncryptionTab/__testUtils__/showTab';

describe('the form to rotate', () => {
  it('offers five methods, and asks only what the selected one needs', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());

    const asked = () =>
      within(dialog)
        .queryAllByRole('combobox')
        .map(input => input.getAttribute('id'))
        .map(id => dialog.querySelector(`label[for="${id}"]`)?.textContent);
    expect(asked()).toEqual([]);
    const methods = within(dialog).getByRole('group', {
      name: 'What do you want to change?',
    });
    expect(within(methods).getAllByRole('radio')).toHaveLength(5);
    await pickRadio(/^Another key/, dialog);
    expect(asked()).toEqual(['Vault', 'Key']);
    await pickRadio(/^Identity only/, dialog);
    expect(asked()).toEqual(['Identity']);
    expect(await axeFindings()).toEqual([]);
  });

  it('keeps the reason while another plan is loading', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    const reason = within(dialog).getByRole('textbox', { name: 'Reason' });
    await fill(reason, 'Quarterly rotation');
    const gate = api.hold('plan');

    await pickRadio(/^Within about an hour/, dialog);

    expect(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
    ).toBeDisabled();
    expect(reason).toHaveValue('Quarterly rotation');
    gate.open();
    await waitFor(() =>
      expect(
        within(dialog).getByRole('button', { name: 'Rotate key' }),
      ).toBeEnabled(),
    );
  });

  it('asks for the policy that a key of a Managed HSM needs first', async () => {
    const api = apiWith({
      key: keyWith({ vaultName: 'hsm-shop.managedhsm', type: 'RSA-HSM' }),
    });
    const { dialog } = await openDialog('Rotate', api);
    const days = within(dialog).getByRole('textbox', {
      name: 'Days between versions of the rotation policy',
    });
    expect(days).toHaveValue('90');
    expect(dialog).toHaveTextContent(
      'A Managed HSM rotates no key without a rotation policy, and this one has none.',
    );
    await userEvent.clear(days);
    await userEvent.paste('27');
    expect(days).toBeInvalid();
    expect(dialog).toHaveTextContent('28 to 3650 days');
    await userEvent.clear(days);
    await userEvent.paste('60');
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        follow: 'now',
        rotateEveryDays: 60,
      }),
    );
  });

  it('selects another key from the lists of vaults and keys', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^Another key/, dialog);
    expect(
      within(dialog).getByRole('button', { name: 'Change key' }),
    ).toBeDisabled();
    await choose(dialog, /^Vault/, /kv-platform/);
    await choose(dialog, /^Key$/, /registries/);

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: 'https://kv-platform.vault.azure.net/keys/registries',
        },
      }),
    );
    expect(dialog).toHaveTextContent('will use new versions');
    // The options are those of the entity, regardless of the viewer.
    const { entityRef, registryId } = api.inputsOf('plan')[0] as PlanRequest;
    expect(api.inputsOf('vaults')).toEqual([{ entityRef, registryId }]);
    expect(api.inputsOf('keys')).toEqual([
      { vaultName: 'kv-platform', entityRef, registryId },
    ]);
  });

  it('validates a pasted key URI at once, and says what it means', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^Another key/, dialog);
    const uri = within(dialog).getByRole('textbox', { name: 'Key URI' });

    await userEvent.click(uri);
    await userEvent.paste(
      'https://kv-shop.vault.azure.net.evil.example/keys/a',
    );
    expect(uri).toBeInvalid();
    expect(dialog).toHaveTextContent('is not the host of a vault');
    await userEvent.clear(uri);
    await userEvent.paste(
      `https://kv-shop.vault.azure.net/keys/orders/${version(1)}`,
    );

    expect(uri).toBeValid();
    expect(dialog).toHaveTextContent('stay on version 3f2a91c1…');
    expect(within(dialog).getByRole('combobox', { name: 'Vault' })).toHaveValue(
      'kv-shop',
    );
    await userEvent.click(
      within(dialog).getByRole('checkbox', {
        name: /the access that is missing/,
      }),
    );
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: `https://kv-shop.vault.azure.net/keys/orders/${version(
            1,
          )}`,
        },
        grantAccess: true,
      }),
    );
  });

  it('plans a new key of the requested type', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^New key/, dialog);
    await choose(dialog, /^Vault/, /kv-platform/);
    await fill(
      within(dialog).getByRole('textbox', { name: 'Key name' }),
      'orders-2',
    );
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'Size' }),
      '4096',
    );

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: {
          kind: 'new-key',
          vaultName: 'kv-platform',
          keyName: 'orders-2',
          mode: 'automatic',
          size: 4096,
        },
      }),
    );
    expect(await axeFindings()).toEqual([]);
  });

  it('shows keys that a registry cannot use, with the reason, and lets nobody choose them', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^Another key/, dialog);
    await choose(dialog, /^Vault/, /kv-shop.*covers all keys of the vault/);
    await userEvent.click(
      within(dialog).getByRole('combobox', { name: /^Key$/ }),
    );
    const unsuitable = await screen.findByRole('option', {
      name: /signing.*Not suitable: a registry needs RSA or RSA-HSM/,
    });
    expect(unsuitable).toHaveAttribute('aria-disabled', 'true');
  });

  it('keeps the vault when the other kind of key is selected', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());
    const pick = (name: RegExp) => pickRadio(name, dialog);
    const vault = () =>
      within(dialog).getByRole('combobox', { name: /^Vault/ });
    await pick(/^New key/);
    await choose(dialog, /^Vault/, /kv-platform/);
    await pick(/^Another key/);
    expect(vault()).toHaveValue('kv-platform');
    await pick(/^New key/);
    expect(vault()).toHaveValue('kv-platform');
  });

  it('says of each identity whether it is attached already', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());
    await pickRadio(/^Identity only/, dialog);
    await userEvent.click(
      within(dialog).getByRole('combobox', { name: /Identity/ }),
    );
    expect(
      await screen.findByRole('option', { name: /id-shopimages.*attached/ }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('option', { name: /id-platform.*the plan attaches it/ }),
    ).toBeInTheDocument();
  });

  it('offers to turn automatic rotation off where the plan would pin the registry', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    const offer = { name: /^Also turn off automatic rotation/ };
    api.nextPlan = planWith({
      intent: { kind: 'rotate', key: { kind: 'current', mode: 'manual' } },
      afterwards: {
        state: { id: 'pinned-key-trap', message: 'The vault goes on alone' },
        begins: [
          {
            id: 'pinned-key-trap',
            severity: 'error',
            verdict: 'found',
            message: 'The vault goes on alone',
          },
        ],
        ends: [],
        stopRotation: true,
      },
    });
    expect(
      within(dialog).queryByRole('checkbox', offer),
    ).not.toBeInTheDocument();
    await pickRadio(/^Version mode only/, dialog);
    const afterwards = await within(dialog).findByRole('group', {
      name: 'Afterwards',
    });
    expect(afterwards).toHaveTextContent('Pinned-key trap');
    await userEvent.click(within(afterwards).getByRole('checkbox', offer));
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: { kind: 'current', mode: 'manual' },
        stopRotation: true,
      }),
    );
    // It is about a registry that stays on a version.
    await pickRadio(/^Automatic.*current/, dialog);
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: { kind: 'current', mode: 'automatic' },
      }),
    );
    expect(
      within(dialog).queryByRole('checkbox', offer),
    ).not.toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  it('has one name in its title and on its button, whatever is selected', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());
    for (const [choice, name] of [
      [/^Version mode only/, 'Change mode'],
      [/^Identity only/, 'Change identity'],
      [/^New version/, 'Rotate key'],
    ] as const) {
      await pickRadio(choice, dialog);
      expect(within(dialog).getByRole('button', { name })).toBeInTheDocument();
      expect(dialog).toHaveAccessibleName(`${name}: shopimages`);
    }
  });

  it('plans a change of the mode alone, and marks the current mode', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^Version mode only/, dialog);

    expect(
      within(dialog).getByRole('radio', { name: /^Automatic.*current/ }),
    ).not.toBeChecked();
    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: { kind: 'current', mode: 'manual' },
      }),
    );
  });

  it.each<
    [how: string, pick: (dialog: HTMLElement) => Promise<unknown>, sent: string]
  >([
    [
      'from the list',
      dialog => choose(dialog, /Identity/, /id-platform/),
      IDENTITIES[1].resourceId,
    ],
    [
      'as the registry’s own',
      dialog => choose(dialog, /Identity/, /^system/),
      'system',
    ],
    [
      'by what is typed',
      dialog =>
        userEvent.type(
          within(dialog).getByRole('combobox', { name: /Identity/ }),
          'id-elsewhere',
        ),
      'id-elsewhere',
    ],
  ])(
    'plans a change of the identity alone: %s',
    async (_how, pick, identity) => {
      const api = apiWith();
      const { dialog } = await openDialog('Rotate', api);
      await pickRadio(/^Identity only/, dialog);
      await pick(dialog);

      await waitFor(() =>
        expect(lastIntent(api)).toEqual({
          kind: 'rotate',
          key: { kind: 'current' },
          identity,
        }),
      );
    },
  );

  it('asks for a vault or HSM where there is an HSM', async () => {
    const api = apiWith();
    api.vaults = async () => ({
      items: [...VAULTS, { ...VAULTS[0], name: 'hsm-shop.managedhsm' }],
      complete: true,
    });
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^New key/, dialog);
    expect(
      await within(dialog).findByRole('combobox', { name: 'Vault or HSM' }),
    ).toBeEnabled();
  });

  it('accepts typed text when a list cannot be read, and says why', async () => {
    const api = apiWith();
    api.refuse('vaults', refusals.listsDenied);
    const { dialog } = await openDialog('Rotate', api);
    await pickRadio(/^New key/, dialog);

    expect(
      await within(dialog).findByText(
        /permission acr-cmk.use.*You can enter a value/,
      ),
    ).toBeVisible();
    await fill(
      within(dialog).getByRole('combobox', { name: 'Vault' }),
      'kv-hidden',
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Key name' }),
      'a',
    );
    await waitFor(() =>
      expect(lastIntent(api)).toEqual(
        expect.objectContaining({
          key: expect.objectContaining({ vaultName: 'kv-hidden' }),
        }),
      ),
    );
  });

  it('opens from the head with the plan that fixes the finding', async () => {
    const api = showTab(registryStates['pinned-key trap']());
    await press('Review the fix');

    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByRole('radio', { name: /^Version mode only/ }),
    ).toBeChecked();
    expect(lastIntent(api)).toEqual({
      kind: 'rotate',
      key: { kind: 'current', mode: 'automatic' },
    });
  });
});

it.each<[method: RegExp, button: string]>([
  [/^New version of the key/, 'Rotate key'],
  [/^Another key/, 'Change key'],
  [/^New key/, 'Change key'],
  [/^Version mode only/, 'Change mode'],
  [/^Identity only/, 'Change identity'],
])('has a button that says what it does: %s', async (method, button) => {
  const { dialog } = await openDialog('Rotate', apiWith());
  await pickRadio(method, dialog);
  expect(within(dialog).getByRole('button', { name: button })).toBeVisible();
});
