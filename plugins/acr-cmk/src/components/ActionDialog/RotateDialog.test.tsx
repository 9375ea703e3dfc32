import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { minutesAgo } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { IDENTITIES } from '../../fixtures/formOptions';
import { operationWith } from '../../fixtures/operations';
import { operationStates } from '../../fixtures/operationStates';
import { blockedPlan, planWith } from '../../fixtures/plans';
import { refusals } from '../../fixtures/refusals';
import { answerWith, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { axeFindings } from '../../__testUtils__/render';
import { press, pickRadio } from '../../__testUtils__/user';
import { apiWith, openDialog, typeReason } from './__testUtils__/dialogs';

describe('the dialog to rotate', () => {
  it('says that a plan has expired', async () => {
    const api = apiWith();
    api.nextPlan = planWith({ expiresAt: minutesAgo(1) });
    const { dialog } = await openDialog('Rotate', api);
    expect(
      await within(dialog).findByText('This plan has expired.'),
    ).toBeVisible();
    expect(dialog).not.toHaveTextContent('This plan expires');
  });

  it('shows what changes, the checks, the steps, the affected registries and how to undo it', async () => {
    const { dialog } = await openDialog('Rotate', apiWith());

    const changes = await within(dialog).findByRole('group', {
      name: 'What changes',
    });
    const row = within(changes).getByRole('row', { name: /Version in use/ });
    expect(row).toHaveTextContent('the new version');
    // What stays as it is takes one line, which opens.
    expect(within(changes).getAllByRole('row')).toHaveLength(2);
    const same = within(changes).getByText('4 settings stay as they are');
    expect(within(changes).getByText('Key URI')).not.toBeVisible();
    await userEvent.click(same);
    expect(within(changes).getByText('Key URI')).toBeVisible();
    const checks = within(dialog).getByRole('group', { name: 'Checks' });
    expect(checks).not.toHaveTextContent('Passed');
    expect(checks).toHaveTextContent('Warning');
    expect(checks).toHaveTextContent('Unknown');
    expect(checks).toHaveTextContent('What to do: Tell their owners.');
    const details = ['1 check passed', 'Steps', 'Undo'].map(name =>
      within(dialog).getByRole('group', { name }),
    );
    for (const detail of details) expect(detail).not.toBeVisible();
    await userEvent.click(within(dialog).getByText(/^Details: checks/));
    for (const detail of details) expect(detail).toBeVisible();
    expect(details[1]).toHaveTextContent('Create a new version of the key');
    const affected = within(dialog).getByRole('group', {
      name: 'Affected registries and teams',
    });
    expect(affected).toHaveTextContent(
      'this registry · moves to the new version and follows new versions',
    );
    expect(affected).toHaveTextContent('stays on 3f2a91c2…');
    expect(affected).toHaveTextContent('2 entities that you cannot see');
    expect(
      within(dialog).getByRole('group', { name: 'Undo' }),
    ).toHaveTextContent('Can be undone: Rotate');
    expect(await axeFindings()).toEqual([]);
  });

  it('shows a key URI with a version once, although it is the version in use as well', async () => {
    const uri = 'https://kv-shop.vault.azure.net/keys/orders';
    const fixed = (version: string) => ({
      ...planWith().before,
      keyRotationEnabled: false,
      keyIdentifier: `${uri}/${version}`,
      versionedKeyIdentifier: `${uri}/${version}`,
    });
    const api = apiWith();
    api.nextPlan = planWith({
      before: fixed('3f2a91c3'),
      after: fixed('<new version>'),
    });
    const { dialog } = await openDialog('Rotate', api);
    const changes = await within(dialog).findByRole('group', {
      name: 'What changes',
    });
    const [, ...rows] = within(changes).getAllByRole('row');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toHaveTextContent(
      `Key URI${uri}/3f2a91c3→ ${uri}the new version`,
    );
    expect(
      within(changes).getByText('3 settings stay as they are'),
    ).toBeVisible();
  });

  it('says what the plan leads to, and who depends on the affected registries', async () => {
    const api = apiWith();
    const named = (name: string) => ({
      entityRef: `component:default/${name}`,
      owner: 'group:default/team-shop',
    });
    api.nextPlan = planWith({
      afterwards: {
        state: { id: 'current', message: 'The registry uses the latest' },
        begins: [
          {
            id: 'no-rotation-policy',
            severity: 'info',
            verdict: 'found',
            message: 'The key has no rotation policy',
          },
        ],
        ends: [
          {
            id: 'key-expires-soon',
            severity: 'warning',
            verdict: 'found',
            message: 'Version 3 expires soon',
          },
        ],
      },
      dependents: {
        count: 12,
        owners: 3,
        first: [named('checkout'), named('shop-web')],
        on: ['resource:default/shared-base'],
        hidden: 2,
      },
    });
    const { dialog } = await openDialog('Rotate', api);
    const afterwards = await within(dialog).findByRole('group', {
      name: 'Afterwards',
    });
    expect(afterwards).toHaveTextContent('Current');
    expect(afterwards).toHaveTextContent('NewThe key has no rotation policy');
    expect(afterwards).toHaveTextContent('ResolvedVersion 3 expires soon');
    const affected = within(dialog).getByRole('group', {
      name: 'Affected registries and teams',
    });
    expect(affected).toHaveTextContent(
      '12 entities depend on these registries · 3 owners',
    );
    expect(
      within(affected).getByRole('link', { name: 'checkout' }),
    ).toBeInTheDocument();
    expect(affected).toHaveTextContent('and 10 more: see the relations of');
    expect(affected).toHaveTextContent('2 entities that you cannot see');
  });

  it('names the first ten of those who depend on the registries, and the others on demand', async () => {
    const api = apiWith();
    const first = Array.from({ length: 12 }, (_, n) => ({
      entityRef: `component:default/web-${n + 10}`,
    }));
    api.nextPlan = planWith({
      dependents: { count: 12, owners: 0, first, on: [], hidden: 0 },
    });
    const { dialog } = await openDialog('Rotate', api);
    const affected = await within(dialog).findByRole('group', {
      name: 'Affected registries and teams',
    });
    const named = () =>
      within(affected).getAllByRole('link', { name: /^web-/ }).length;
    expect(named()).toBe(10);
    await press('Show 2 more', affected);
    expect(named()).toBe(12);
    expect(affected).not.toHaveTextContent('see the relations of');
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

    await pickRadio(/^Within about an hour/, dialog);

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(api.inputsOf('plan')[1]).toEqual(
      expect.objectContaining({ intent: { kind: 'rotate', follow: 'wait' } }),
    );
  });

  it('accepts the plan once however often the button is pressed, and shows the progress', async () => {
    const api = apiWith();
    const gate = api.hold('accept');
    const { dialog, trigger } = await openDialog('Rotate', api);
    await typeReason(dialog);

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
      name: 'Rotate key: shopimages',
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

    await press('Close', dialog);
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(trigger).toHaveFocus();
    // The result was read in the dialog, so the facts have not moved.
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
    await press('Rotate key', dialog);
    await press('Close', dialog);
    await waitFor(() => expect(dialog).not.toBeInTheDocument());

    act(() => api.emit(operationStates.succeeded()));
    const notice = await screen.findByText(/^Rotate key: Succeeded/);
    await press(/^Details: Rotate key/);
    expect(notice).not.toBeInTheDocument();
  });

  it('keeps the idempotency key when the response is lost, and shows the same operation', async () => {
    const api = apiWith();
    api.refuse('accept', refusals.backendDown);
    const { dialog } = await openDialog('Rotate', api);
    await typeReason(dialog);
    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });

    await userEvent.click(confirm);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      /can safely press the button again/,
    );
    await userEvent.click(confirm);

    await within(dialog).findByRole('group', {
      name: 'Rotate key: shopimages',
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

    await press('Rotate key', dialog);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Version in use was 3f2a91c3 and is now 3f2a91c4',
    );
    const gate = api.hold('plan');
    await press('Create a new plan', dialog);

    await waitFor(() => expect(api.inputsOf('plan')).toHaveLength(2));
    expect(within(dialog).queryByRole('alert')).not.toBeInTheDocument();
    // The plan on the screen is the former one.
    const confirm = within(dialog).getByRole('button', { name: 'Rotate key' });
    expect(confirm).toBeDisabled();
    gate.open();
    await waitFor(() => expect(confirm).toBeEnabled());
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
    // It stands before what would change.
    expect(dialog).toHaveTextContent(
      /A check has failed.*id-shopimages is not attached.*What changes/,
    );
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

    await press('Rotate key', dialog);

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
    await press('Try again', dialog);
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
  await press('Rotate key', dialog);
  await waitFor(() =>
    expect(
      screen.getByRole('button', { name: 'Rotate', hidden: true }),
    ).toBeDisabled(),
  );

  await press('Close', dialog);

  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(
    screen.getByRole('heading', { name: 'shopimages', level: 2 }),
  ).toHaveFocus();
});
