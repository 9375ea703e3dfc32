import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PlanRequest } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import {
  blockedPlan,
  guardedRevokePlan,
  operationStates,
  operationWith,
} from '../../fixtures/operations';
import { IDENTITIES } from '../../fixtures/choices';
import { version } from '../../fixtures/ids';
import { refusals } from '../../fixtures/refusals';
import {
  ALL_ALLOWED,
  answerWith,
  CONSUMERS,
  registryStates,
  registryWith,
} from '../../fixtures/registries';
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

async function choose(dialog: HTMLElement, label: RegExp, option: RegExp) {
  const combobox = within(dialog).getByRole('combobox', { name: label });
  await userEvent.click(combobox);
  await userEvent.click(await screen.findByRole('option', { name: option }));
  return combobox;
}

function worldOf(overrides: Parameters<typeof registryWith>[0] = {}) {
  return new InMemoryAcrCmk({
    answer: answerWith(registryWith({ actions: ALL_ALLOWED, ...overrides })),
  });
}

describe('the dialog to rotate', () => {
  it('shows what changes, the checks, the steps, who is affected and the way back', async () => {
    const { dialog } = await openDialog('Rotate', worldOf());

    const changes = await within(dialog).findByRole('group', {
      name: 'What changes',
    });
    const row = within(changes).getByRole('row', { name: /Version in use/ });
    expect(row).toHaveTextContent('<new version>');
    expect(within(changes).getAllByText('stays as it is')).toHaveLength(4);
    const checks = within(dialog).getByRole('group', { name: 'Checks' });
    expect(checks).toHaveTextContent('Passed');
    expect(checks).toHaveTextContent('Warning');
    expect(checks).toHaveTextContent('Not known');
    expect(checks).toHaveTextContent('What to do: Tell their owners.');
    expect(
      within(dialog).getByRole('group', { name: 'Steps' }),
    ).toHaveTextContent('Make a new version of the key');
    const affected = within(dialog).getByRole('group', {
      name: 'Who is affected',
    });
    expect(affected).toHaveTextContent('3 registries');
    expect(affected).toHaveTextContent('2 entities that you may not see');
    expect(affected).toHaveTextContent('Not in the catalog');
    expect(
      within(dialog).getByRole('group', { name: 'Way back' }),
    ).toHaveTextContent('Cannot be undone');
    expect(await axeFindings()).toEqual([]);
  });

  it('asks how to follow only where the registry follows', async () => {
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryStates['behind by choice']()),
    });
    const { dialog } = await openDialog('Rotate', api);

    await within(dialog).findByRole('group', { name: 'Checks' });
    expect(
      within(dialog).queryByRole('radio', { name: /Leave it to Azure/ }),
    ).not.toBeInTheDocument();
    expect(api.inputsOf('plan')).toEqual([
      expect.objectContaining({ intent: { kind: 'rotate' } }),
    ]);
  });

  it('makes another plan when the answer changes', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);

    await userEvent.click(
      await within(dialog).findByRole('radio', { name: /Leave it to Azure/ }),
    );

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(api.inputsOf('plan')[1]).toEqual(
      expect.objectContaining({ intent: { kind: 'rotate', follow: 'wait' } }),
    );
  });

  it('carries the plan out once, however often it is pressed, and shows how it goes', async () => {
    const api = worldOf();
    const gate = api.hold('accept');
    const { dialog, trigger } = await openDialog('Rotate', api);
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: 'Reason' }),
      'Quarterly rotation',
    );

    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });
    await userEvent.dblClick(confirm);

    // On its way: nothing closes it.
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
    act(() => api.tell(operationStates.running()));
    await waitFor(() =>
      expect(within(live).getByRole('status')).toHaveTextContent('Running'),
    );
    act(() => api.tell(operationStates.succeeded()));
    await waitFor(() =>
      expect(within(live).getByRole('status')).toHaveTextContent('Succeeded'),
    );
    expect(live).toHaveTextContent('1d0f2e4a-9f10-4c59-8f5b-5d6a7b8c9d00');

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(trigger).toHaveFocus();
  });

  it('keeps its idempotency key when the answer is lost, and ends on the same operation', async () => {
    const api = worldOf();
    api.refuse('accept', refusals.backendDown);
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: 'Reason' }),
      'Quarterly rotation',
    );
    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });

    await userEvent.click(confirm);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      /does not do it twice/,
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

  it('says what has changed since the plan was shown, and offers a new one', async () => {
    const api = worldOf();
    api.refuse('accept', refusals.drifted);
    const { dialog } = await openDialog('Rotate', api);
    await within(dialog).findByRole('group', { name: 'Checks' });

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'versionedKeyIdentifier was 3f2a91c3 when shown, and is 3f2a91c4',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Make a new plan' }),
    );

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(within(dialog).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('does not offer to carry out a plan whose check has failed', async () => {
    const api = worldOf();
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

  it('says why there is no plan, and tries again', async () => {
    const api = worldOf();
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

  it('gives the focus back to the button that opened it', async () => {
    const { dialog, trigger } = await openDialog('Rotate', worldOf());

    await userEvent.keyboard('{Escape}');

    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(trigger).toHaveFocus();
  });
});

describe('the form to rotate', () => {
  it('offers five ways, and asks only what the chosen one needs', async () => {
    const { dialog } = await openDialog('Rotate', worldOf());

    const asked = () =>
      within(dialog)
        .queryAllByRole('combobox')
        .map(input => input.getAttribute('id'))
        .map(id => dialog.querySelector(`label[for="${id}"]`)?.textContent);
    expect(asked()).toEqual([]);
    const ways = within(dialog).getByRole('group', {
      name: 'What shall change?',
    });
    expect(within(ways).getAllByRole('radio')).toHaveLength(5);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
    expect(asked()).toEqual(['Vault', 'Key']);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /The identity only/ }),
    );
    expect(asked()).toEqual(['Identity that reaches the key']);
    expect(await axeFindings()).toEqual([]);
  });

  it('keeps the reason while another plan is made', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    const reason = within(dialog).getByRole('textbox', { name: 'Reason' });
    await userEvent.type(reason, 'Quarterly rotation');
    const gate = api.hold('plan');

    await userEvent.click(
      within(dialog).getByRole('radio', { name: /Leave it to Azure/ }),
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

  it('takes another key from the lists of vaults and keys', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
    expect(
      within(dialog).getByRole('button', { name: 'Rotate key' }),
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
    expect(dialog).toHaveTextContent('will follow new versions');
  });

  it('checks a pasted key URI with every letter, and says what it means', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    );
    const uri = within(dialog).getByRole('textbox', { name: 'or its URI' });

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
      within(dialog).getByRole('checkbox', { name: /access that it lacks/ }),
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

  it('makes a new key of the kind that is asked for', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^A new key/ }),
    );
    await choose(dialog, /^Vault/, /kv-platform/);
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Name of the key' }),
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

  it('changes the mode only, and marks the present one', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /The version mode only/ }),
    );

    expect(
      within(dialog).getByRole('radio', { name: /follows them.*as it is now/ }),
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
  ])('changes the identity only: %s', async (_how, pick, identity) => {
    const api = worldOf();
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /The identity only/ }),
    );
    await pick(dialog);

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'rotate',
        key: { kind: 'current' },
        identity,
      }),
    );
  });

  it('goes on with typing when a list cannot be read, and says so', async () => {
    const api = worldOf();
    api.refuse('vaults', refusals.listsDenied);
    const { dialog } = await openDialog('Rotate', api);
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /^A new key/ }),
    );

    expect(
      await within(dialog).findByText(/permission acr-cmk.use.*can be typed/),
    ).toBeVisible();
    await userEvent.type(
      within(dialog).getByRole('combobox', { name: 'Vault' }),
      'kv-hidden',
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Name of the key' }),
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

  it('opens from a finding with the plan that mends it', async () => {
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryStates['pinned-key trap']()),
    });
    renderView(<EncryptionTab />, { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'See the plan to mend it' }),
    );

    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByRole('radio', { name: /The version mode only/ }),
    ).toBeChecked();
    expect(lastIntent(api)).toEqual({
      kind: 'rotate',
      key: { kind: 'current', mode: 'automatic' },
    });
  });
});

describe('the dialog to revoke', () => {
  it('offers every way in the backend’s order, with whom else it hits or why it is not possible', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Revoke', api);

    const ways = await within(dialog).findByRole('group', {
      name: 'How shall the access be taken away?',
    });
    const radios = within(ways).getAllByRole('radio');
    expect(radios).toHaveLength(5);
    expect(radios[0]).toBeChecked();
    expect(radios[0]).toHaveAccessibleName(/Recommended/);
    expect(radios[1]).toBeDisabled();
    expect(radios[1]).toHaveAccessibleName(/work.* with access policies/);
    expect(radios[3]).toHaveAccessibleName(
      /2 other registries lose their key, too/,
    );
    await userEvent.click(radios[2]);
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'Restore by itself?' }),
      '60',
    );

    await waitFor(() =>
      expect(lastIntent(api)).toEqual({
        kind: 'revoke',
        method: 'disable-version',
        restoreAfterMinutes: 60,
      }),
    );
    // The chooser stayed while the other plan was made.
    expect(radios[2]).toBeInTheDocument();
    expect(radios[2]).toBeChecked();
  });

  it('says that a second person has to approve, and how long it waits', async () => {
    const api = worldOf();
    api.nextPlan = guardedRevokePlan();
    const { dialog } = await openDialog('Revoke', api);

    expect(
      await within(dialog).findByText(/A second person with the permission/),
    ).toBeVisible();
    expect(within(dialog).getByText(/waits 15 minutes/)).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Revoke access' }),
    );
    expect(await within(dialog).findByText('Awaiting approval')).toBeVisible();
  });

  it('leaves the judgement of the typed name to the server, and shows its refusal inside', async () => {
    const api = worldOf();
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
      'confirmation: must be the name of the registry',
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
  it('asks for a plan that undoes the last revoke', async () => {
    const api = worldOf();
    const { dialog } = await openDialog('Restore', api);

    expect(
      await within(dialog).findByRole('button', { name: 'Restore access' }),
    ).toBeEnabled();
    expect(api.inputsOf('plan')).toEqual([
      expect.objectContaining({ intent: { kind: 'restore' } }),
    ]);
  });
});

describe('the dialog to retire', () => {
  it('takes a version with who uses it, and leaves the judgement to the plan', async () => {
    const api = worldOf({ consumers: CONSUMERS });
    const { dialog } = await openDialog('Retire', api);
    expect(api.inputsOf('plan')).toEqual([]);
    expect(dialog).toHaveTextContent('Answer what is asked');

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

it('gives the focus to the heading when an operation has switched the button off', async () => {
  const api = worldOf();
  const { dialog } = await openDialog('Rotate', api);
  await within(dialog).findByRole('group', { name: 'Checks' });
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
