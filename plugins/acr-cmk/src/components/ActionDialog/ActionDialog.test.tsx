import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PlanRequest } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { operationStates } from '../../fixtures/operationStates';
import { operationWith } from '../../fixtures/operations';
import { blockedPlan, guardedRevokePlan, planWith } from '../../fixtures/plans';
import { IDENTITIES, VAULTS } from '../../fixtures/formOptions';
import { version } from '../../fixtures/ids';
import { refusals } from '../../fixtures/refusals';
import { CONSUMERS, keyWith } from '../../fixtures/keys';
import { ALL_ALLOWED, answerWith, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { EncryptionTab } from '../EncryptionTab';

async function openDialog(
  button: 'Rotate' | 'Revoke' | 'Restore' | 'Retire',
  api: InMemoryAcrCmk,
) {
  renderView(<EncryptionTab />, { api });
  const trigger = await screen.findByRole('button', { name: button });
  await userEvent.click(trigger);
  const dialog = await screen.findByRole('dialog', {
    name: new RegExp(`^${button} .* of shopimages$`),
  });
  return { trigger, dialog };
}

/** The intent of the newest plan that was asked for. */
function lastIntent(api: InMemoryAcrCmk) {
  const inputs = api.inputsOf('plan') as PlanRequest[];
  return inputs[inputs.length - 1]?.intent;
}

async function typeReason(dialog: HTMLElement, reason = 'Quarterly rotation') {
  await userEvent.click(
    await within(dialog).findByRole('textbox', { name: 'Reason' }),
  );
  // At once: a dialog that is rendered for each letter takes seconds.
  await userEvent.paste(reason);
}

async function choose(dialog: HTMLElement, label: RegExp, option: RegExp) {
  const combobox = within(dialog).getByRole('combobox', { name: label });
  await userEvent.click(combobox);
  await userEvent.click(await screen.findByRole('option', { name: option }));
  return combobox;
}

function apiWith(overrides: Parameters<typeof registryWith>[0] = {}) {
  return new InMemoryAcrCmk({
    answer: answerWith(registryWith({ actions: ALL_ALLOWED, ...overrides })),
  });
}

describe('the dialog to rotate', () => {
  it('shows what changes, the checks, the steps, the affected registries and how to undo it', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());

    const changes = await within(dialog).findByRole('group', {
      name: 'What changes',
    });
    const row = within(changes).getByRole('row', { name: /Version in use/ });
    expect(row).toHaveTextContent('the new version');
    expect(within(changes).getAllByText('no change')).toHaveLength(4);
    const checks = within(dialog).getByRole('group', { name: 'Checks' });
    expect(checks).toHaveTextContent('Passed');
    expect(checks).toHaveTextContent('Warning');
    expect(checks).toHaveTextContent('Unknown');
    expect(checks).toHaveTextContent('What to do: Tell their owners.');
    expect(
      within(dialog).getByRole('group', { name: 'Steps' }),
    ).toHaveTextContent('Create a new version of the key');
    const affected = within(dialog).getByRole('group', {
      name: 'Affected registries and teams',
    });
    expect(affected).toHaveTextContent('3 registries');
    expect(affected).toHaveTextContent('2 entities that you cannot see');
    expect(affected).toHaveTextContent('Not in the catalog');
    expect(
      within(dialog).getByRole('group', { name: 'Undo' }),
    ).toHaveTextContent('Cannot be undone');
    expect(await axeFindings()).toEqual([]);
  });

  it('asks when to switch only for a registry with automatic rotation', async () => {
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryStates['behind by choice']()),
    });
    const { dialog } = await openDialog('Rotate', api);

    await within(dialog).findByRole('group', { name: 'Checks' });
    expect(
      within(dialog).queryByRole('radio', { name: /^Within about an hour/ }),
    ).not.toBeInTheDocument();
    expect(api.inputsOf('plan')).toEqual([
      expect.objectContaining({ intent: { kind: 'rotate' } }),
    ]);
  });

  it('requests another plan when the answer changes', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);

    await userEvent.click(
      await within(dialog).findByRole('radio', {
        name: /^Within about an hour/,
      }),
    );

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(api.inputsOf('plan')[1]).toEqual(
      expect.objectContaining({ intent: { kind: 'rotate', follow: 'wait' } }),
    );
  });

  it('accepts the plan once however often the button is pressed, and shows the progress', async () => {
    const api = apiWith();
    const gate = api.hold('accept');
    const { dialog, trigger } = await openDialog('Rotate', api);
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: 'Reason' }),
      'Quarterly rotation',
    );

    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });
    await userEvent.dblClick(confirm);

    // While the request is pending nothing closes the dialog.
    expect(confirm).toBeDisabled();
    expect(
      within(dialog).getByRole('button', { name: 'Cancel' }),
    ).toBeDisabled();
    await userEvent.keyboard('{Escape}');
    expect(dialog).toBeVisible();
    gate.open();

    const live = await within(dialog).findByRole('group', {
      name: 'Rotating the key of shopimages',
    });
    expect(api.inputsOf('accept')).toEqual([
      {
        planId: '00000000-0000-4000-8000-000000000001',
        planHash: 'ab'.repeat(32),
        reason: 'Quarterly rotation',
        idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    act(() => api.emit(operationStates.running()));
    await waitFor(() =>
      expect(within(live).getByRole('status')).toHaveTextContent('Running'),
    );
    act(() => api.emit(operationStates.succeeded()));
    await waitFor(() =>
      expect(within(live).getByRole('status')).toHaveTextContent('Succeeded'),
    );
    expect(live).toHaveTextContent('1d0f2e4a-9f10-4c59-8f5b-5d6a7b8c9d00');

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(trigger).toHaveFocus();
    // How it ended was read in the dialog: the facts are where they were.
    expect(screen.getByRole('group', { name: 'Operations' })).toHaveTextContent(
      'Rotate keySucceeded',
    );
    expect(
      screen.queryByText(/^Rotate key: Succeeded/),
    ).not.toBeInTheDocument();
  });

  it('leaves a line at the top for what ends after it was closed, until its details are read', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await within(dialog).findByRole('group', { name: 'Checks' });
    await typeReason(dialog);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
    );
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());

    act(() => api.emit(operationStates.succeeded()));
    const notice = await screen.findByText(/^Rotate key: Succeeded/);
    await userEvent.click(
      await screen.findByRole('button', { name: /^Details: Rotate key/ }),
    );
    expect(notice).not.toBeInTheDocument();
  });

  it('keeps the idempotency key when the response is lost, and shows the same operation', async () => {
    const api = apiWith();
    api.refuse('accept', refusals.backendDown);
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: 'Reason' }),
      'Quarterly rotation',
    );
    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });

    await userEvent.click(confirm);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      /can safely press the button again/,
    );
    await userEvent.click(confirm);

    await within(dialog).findByRole('group', {
      name: 'Rotating the key of shopimages',
    });
    const keys = api
      .inputsOf('accept')
      .map(input => (input as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('lists what has changed since the plan was shown, and offers a new plan', async () => {
    const api = apiWith();
    api.refuse('accept', refusals.drifted);
    const { dialog } = await openDialog('Rotate', api);
    await within(dialog).findByRole('group', { name: 'Checks' });
    await typeReason(dialog);

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Version in use was 3f2a91c3 and is now 3f2a91c4',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Create a new plan' }),
    );

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(within(dialog).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('disables the button for a plan with a failed check', async () => {
    const api = apiWith();
    api.nextPlan = blockedPlan();
    const { dialog } = await openDialog('Rotate', api);

    const confirm = await within(dialog).findByRole('button', {
      name: 'Rotate key',
    });
    expect(confirm).toBeDisabled();
    expect(confirm).toHaveAccessibleDescription(/A check has failed/);
    expect(dialog).toHaveTextContent(
      'What to do: Attach it: az acr identity assign',
    );
  });

  it('asks for a reason before it sends anything', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await within(dialog).findByRole('group', { name: 'Checks' });
    const reason = within(dialog).getByRole('textbox', { name: 'Reason' });
    await userEvent.type(reason, 'no');

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
    );

    expect(reason).toBeInvalid();
    expect(reason).toHaveFocus();
    expect(reason).toHaveAccessibleDescription(
      'Enter a reason of 3 to 500 characters.',
    );
    expect(api.inputsOf('accept')).toEqual([]);
  });

  it('says why there is no plan, and retries', async () => {
    const api = apiWith();
    api.refuse('plan', refusals.entityUnknown);
    const { dialog } = await openDialog('Rotate', api);

    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'There is no entity resource:default/shop-images that you may see',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Try again' }),
    );
    expect(
      await within(dialog).findByRole('group', { name: 'Checks' }),
    ).toBeVisible();
  });

  it('returns the focus to the button that opened it', async () => {
    const { dialog, trigger } = await openDialog('Rotate', apiWith());

    await userEvent.keyboard('{Escape}');

    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(trigger).toHaveFocus();
  });
});

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
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
    expect(asked()).toEqual(['Vault', 'Key']);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Identity only/ }),
    );
    expect(asked()).toEqual(['Identity']);
    expect(await axeFindings()).toEqual([]);
  });

  it('keeps the reason while another plan is loading', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    const reason = within(dialog).getByRole('textbox', { name: 'Reason' });
    await userEvent.type(reason, 'Quarterly rotation');
    const gate = api.hold('plan');

    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Within about an hour/ }),
    );

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

  it('selects another key from the lists of vaults and keys', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
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
    // What is offered is what may be used for this entity, whoever looks.
    const { entityRef, registryId } = api.inputsOf('plan')[0] as PlanRequest;
    expect(api.inputsOf('vaults')).toEqual([{ entityRef, registryId }]);
    expect(api.inputsOf('keys')).toEqual([
      { vaultName: 'kv-platform', entityRef, registryId },
    ]);
  });

  it('validates a pasted key URI at once, and says what it means', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
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
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^New key/ }),
    );
    await choose(dialog, /^Vault/, /kv-platform/);
    await userEvent.type(
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

  it('plans a change of the mode alone, and marks the current mode', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Version mode only/ }),
    );

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
      await userEvent.click(
        within(dialog).getByRole('radio', { name: /^Identity only/ }),
      );
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
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^New key/ }),
    );
    expect(
      await within(dialog).findByRole('combobox', { name: 'Vault or HSM' }),
    ).toBeEnabled();
  });

  it('accepts typed text when a list cannot be read, and says why', async () => {
    const api = apiWith();
    api.refuse('vaults', refusals.listsDenied);
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^New key/ }),
    );

    expect(
      await within(dialog).findByText(
        /permission acr-cmk.use.*You can enter a value/,
      ),
    ).toBeVisible();
    await userEvent.type(
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
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryStates['pinned-key trap']()),
    });
    renderView(<EncryptionTab />, { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Review the fix' }),
    );

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
  [/^New key/, 'Create and use key'],
  [/^Version mode only/, 'Change mode'],
  [/^Identity only/, 'Change identity'],
])('has a button that says what it does: %s', async (method, button) => {
  const { dialog } = await openDialog('Rotate', apiWith());
  await userEvent.click(within(dialog).getByRole('radio', { name: method }));
  expect(within(dialog).getByRole('button', { name: button })).toBeVisible();
});

it('shows an identity before and after by its name, with its id', async () => {
  const api = apiWith();
  const plan = planWith();
  api.nextPlan = {
    ...plan,
    after: { ...plan.before, identity: IDENTITIES[1].clientId },
  };
  const { dialog } = await openDialog('Rotate', api);

  const row = await within(dialog).findByRole('row', { name: /^Identity/ });
  await waitFor(() =>
    expect(row).toHaveTextContent(
      `id-shopimages${IDENTITIES[0].clientId}→ id-platform${IDENTITIES[1].clientId}`,
    ),
  );
});

it('keeps the reason and the typed name in view with the button', async () => {
  const { dialog } = await openDialog('Revoke', apiWith());
  const typed = await within(dialog).findByRole('textbox', {
    name: 'Type shopimages to confirm',
  });
  const scrolls = within(dialog).getByTestId('scrolling-part');
  expect(scrolls).not.toContainElement(typed);
  expect(scrolls).not.toContainElement(
    within(dialog).getByRole('textbox', { name: 'Reason' }),
  );
});

describe('the dialog to revoke', () => {
  it('offers every method in the backend’s order, with the other affected registries or why it is unavailable', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Revoke', api);

    const methods = await within(dialog).findByRole('group', {
      name: 'How do you want to revoke access?',
    });
    const radios = within(methods).getAllByRole('radio');
    expect(radios).toHaveLength(5);
    expect(radios[0]).toBeChecked();
    expect(radios[0]).toHaveAccessibleName(/Recommended/);
    expect(radios[1]).toBeDisabled();
    expect(radios[1]).toHaveAccessibleName(/work.* with access policies/);
    expect(radios[3]).toHaveAccessibleName(
      /2 other registries also lose their key/,
    );
    await userEvent.click(radios[2]);
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'Restore automatically' }),
      '60',
    );

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'revoke',
        method: 'disable-version',
        restoreAfterMinutes: 60,
      }),
    );
    // The question stayed while the other plan was loading.
    expect(radios[2]).toBeInTheDocument();
    expect(radios[2]).toBeChecked();
  });

  it('says that a second person has to approve, and how long the operation waits', async () => {
    const api = apiWith();
    api.nextPlan = guardedRevokePlan();
    const { dialog } = await openDialog('Revoke', api);

    expect(
      await within(dialog).findByText(/A second person with the permission/),
    ).toBeVisible();
    expect(within(dialog).getByText(/waits 15 minutes/)).toBeVisible();
    await typeReason(dialog, 'Incident 4711');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Revoke access' }),
    );
    expect(await within(dialog).findByText('Awaiting approval')).toBeVisible();
  });

  it('lets the server check the typed name, and shows its refusal in the dialog', async () => {
    const api = apiWith();
    api.refuse('accept', refusals.wrongName);
    const { dialog } = await openDialog('Revoke', api);
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: 'Reason' }),
      'Incident 4711',
    );
    const typed = within(dialog).getByRole('textbox', {
      name: 'Type shopimages to confirm',
    });
    await userEvent.type(typed, 'shopimage');
    const confirm = within(dialog).getByRole('button', {
      name: 'Revoke access',
    });
    expect(confirm).toBeEnabled();

    await userEvent.click(confirm);

    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Must be the name of the registry',
    );
    expect(typed).toBeInvalid();
    expect(typed).toHaveFocus();
    await userEvent.type(typed, 's');
    await userEvent.click(confirm);
    await within(dialog).findByRole('button', { name: 'Close' });
    expect(api.inputsOf('accept')).toEqual([
      expect.objectContaining({ confirmation: 'shopimage' }),
      expect.objectContaining({ confirmation: 'shopimages' }),
    ]);
    expect(await axeFindings()).toEqual([]);
  });
});

describe('the dialog to restore', () => {
  it('requests a plan that undoes the last revoke', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Restore', api);

    expect(
      await within(dialog).findByRole('button', { name: 'Restore access' }),
    ).toBeEnabled();
    expect(api.inputsOf('plan')).toEqual([
      expect.objectContaining({ intent: { kind: 'restore' } }),
    ]);
  });
});

describe('the dialog for automatic rotation', () => {
  const open = async (api: InMemoryAcrCmk, button: string) => {
    renderView(<EncryptionTab />, { api });
    await userEvent.click(await screen.findByRole('button', { name: button }));
    return screen.findByRole('dialog', {
      name: 'Automatic rotation of shopimages',
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
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Off/ }));
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
});

it('moves the focus to the heading when an operation has disabled the button', async () => {
  const api = apiWith();
  const { dialog } = await openDialog('Rotate', api);
  await within(dialog).findByRole('group', { name: 'Checks' });
  await typeReason(dialog);
  const started = operationWith();
  api.answer = answerWith(
    registryWith({
      actions: [{ action: 'rotate', allowed: false, reason: 'One is at work' }],
      runningOperationId: started.id,
    }),
  );
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Rotate key' }),
  );
  await waitFor(() =>
    expect(
      screen.getByRole('button', { name: 'Rotate', hidden: true }),
    ).toBeDisabled(),
  );

  await userEvent.click(
    await within(dialog).findByRole('button', { name: 'Close' }),
  );

  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(
    screen.getByRole('heading', { name: 'shopimages', level: 2 }),
  ).toHaveFocus();
});
