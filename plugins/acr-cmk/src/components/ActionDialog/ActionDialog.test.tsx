import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import {
  blockedPlan,
  operationStates,
  operationWith,
} from '../../fixtures/operations';
import { refusals } from '../../fixtures/refusals';
import {
  ALL_ALLOWED,
  answerWith,
  registryStates,
  registryWith,
} from '../../fixtures/registries';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { EncryptionTab } from '../EncryptionTab';

async function openDialog(
  button: 'Rotate' | 'Revoke' | 'Restore',
  api: InMemoryAcrCmk,
) {
  renderView(<EncryptionTab />, { api });
  const trigger = await screen.findByRole('button', { name: button });
  await userEvent.click(trigger);
  const dialog = await screen.findByRole('dialog', {
    name: `${button} the key of shopimages`,
  });
  return { trigger, dialog };
}

function worldOf(overrides: Parameters<typeof registryWith>[0] = {}) {
  return new InMemoryAcrCmk({
    answer: answerWith(registryWith({ actions: ALL_ALLOWED, ...overrides })),
  });
}

describe('the dialog to rotate', () => {
  it('shows what changes, the checks, the steps, who is touched and the way back', async () => {
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
    const touched = within(dialog).getByRole('group', {
      name: 'Who is touched',
    });
    expect(touched).toHaveTextContent('3 registries');
    expect(touched).toHaveTextContent('2 entities that you may not see');
    expect(touched).toHaveTextContent('Not in the catalog');
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
    expect(within(dialog).queryByRole('radio')).not.toBeInTheDocument();
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

describe('the dialog to revoke', () => {
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
