import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { uuid } from '../../fixtures/ids';
import { CONSUMERS } from '../../fixtures/keys';
import { operationStates } from '../../fixtures/operationStates';
import { refusals } from '../../fixtures/refusals';
import { ALL_ALLOWED, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { fill, press } from '../../__testUtils__/user';
import { axeFindings } from '../../__testUtils__/render';
import { showTab } from '../EncryptionTab/__testUtils__/showTab';

async function showing(
  state: keyof typeof operationStates,
  registry = registryWith(),
  differs: Partial<Operation> = {},
) {
  const operation = { ...operationStates[state](), ...differs };
  const api = showTab(registry, operation);
  const shown = await screen.findByRole('group', {
    name: 'Revoke access: shopimages',
  });
  return { api, operation, shown };
}

async function keepRevoked(shown: HTMLElement) {
  await press('Keep revoked', shown);
  const dialog = await screen.findByRole('dialog', { name: /^Keep revoked/ });
  await fill(
    within(dialog).getByRole('textbox', { name: 'Reason' }),
    'The leak is confirmed',
  );
  await press('Keep revoked', dialog);
  await waitFor(() => expect(dialog.isConnected).toBe(false));
}

describe('an operation that waits for a decision', () => {
  it('says first what happens to the registries of the approver, in the view and in the dialog', async () => {
    const { plan } = operationStates['awaiting approval, of another person']();
    const [self, other] = CONSUMERS;
    const { shown } = await showing(
      'awaiting approval, of another person',
      registryWith(),
      {
        plan: {
          ...plan,
          consumers: [
            { ...self, outcome: 'moves to the new version and stays on it' },
            {
              ...other,
              outcome: 'stays on a8558252…',
              // As the person whom the tests sign in owns it.
              entities: [
                {
                  entityRef: 'resource:default/orders-images',
                  owner: 'user:default/test',
                },
              ],
            },
          ],
        },
      },
    );
    const expectYours = (yours: HTMLElement) => {
      expect(yours).toHaveTextContent('ordersimages: stays on a8558252…');
      expect(yours).not.toHaveTextContent('shopimages');
    };
    expectYours(
      await within(shown).findByRole('group', { name: 'Your registries' }),
    );
    await press('Approve', shown);
    const dialog = await screen.findByRole('dialog');
    expectYours(
      await within(dialog).findByRole('group', { name: 'Your registries' }),
    );
  });

  it('can be approved in a dialog that shows its plan', async () => {
    const { api, operation, shown } = await showing(
      'awaiting approval, of another person',
    );
    expect(within(shown).getByText('Awaiting approval')).toBeVisible();
    await press('Approve', shown);

    const dialog = await screen.findByRole('dialog', {
      name: 'Approve · Revoke access: shopimages',
    });
    expect(dialog).toHaveTextContent(
      /The key may have leaked.*What changes.*Needs your approval, because .*Checks/,
    );
    expect(within(dialog).getByRole('group', { name: 'Checks' })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await press('Approve', dialog);

    await waitFor(() =>
      expect(within(shown).getByText('Queued')).toBeInTheDocument(),
    );
    expect(api.inputsOf('approve')).toEqual([
      { id: operation.id, planHash: operation.plan.hash },
    ]);
    await waitFor(() => expect(dialog.isConnected).toBe(false));
    expect(shown).toHaveTextContent('Approved by');
  });

  it('is reviewed from the head of the registry, approved or rejected in one dialog, and comes before rotating', async () => {
    const { api, operation } = await showing(
      'awaiting approval, of another person',
      registryWith({ actions: ALL_ALLOWED }),
    );
    const review = screen.getByRole('button', { name: 'Review request' });
    // The first button of the head; Rotate is the second.
    expect(review.nextElementSibling).toHaveTextContent('Rotate');
    await userEvent.click(review);
    const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
    expect(within(dialog).getByRole('group', { name: 'Checks' })).toBeVisible();

    await press('Reject', dialog);
    expect(dialog).toHaveAccessibleName('Reject · Revoke access: shopimages');
    await fill(
      within(dialog).getByRole('textbox', { name: 'Reason' }),
      'The incident is over',
    );
    await press('Reject', dialog);
    await waitFor(() => expect(dialog.isConnected).toBe(false));
    expect(api.inputsOf('reject')).toEqual([
      { id: operation.id, reason: 'The incident is over' },
    ]);
    expect(
      screen.queryByRole('button', { name: 'Review request' }),
    ).not.toBeInTheDocument();
  });

  it('does not show why an approval was refused in the dialog to reject it', async () => {
    const { api, shown } = await showing(
      'awaiting approval, of another person',
    );
    await press('Approve', shown);
    const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
    api.refuse('approve', refusals.drifted);
    await press('Approve', dialog);
    expect(await within(dialog).findByRole('alert')).toBeVisible();
    await press('Reject', dialog);
    expect(within(dialog).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('is brought into view from the head for a person who cannot approve it', async () => {
    const { shown } = await showing('awaiting approval, of the viewer');
    await press('View request');
    expect(document.activeElement).toContainElement(shown);
    expect(document.activeElement).not.toBe(document.body);
  });

  it('is approved by a person who types the name, when a program asked to take a key away', async () => {
    const waiting = operationStates['awaiting approval, of another person']();
    const { api, operation, shown } = await showing(
      'awaiting approval, of another person',
      registryWith(),
      { approval: { ...waiting.approval!, typedName: 'shopimages' } },
    );
    await press('Approve', shown);
    const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
    const name = within(dialog).getByRole('textbox', {
      name: /shopimages/,
    });
    const approve = within(dialog).getByRole('button', { name: 'Approve' });
    api.refuse('approve', refusals.wrongName);
    await userEvent.type(name, 'shopimage');
    await userEvent.click(approve);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Must be the name of the registry',
    );
    expect(name).toHaveFocus();
    expect(name).toBeInvalid();

    await userEvent.type(name, 's');
    await userEvent.click(approve);
    await waitFor(() => expect(dialog.isConnected).toBe(false));
    expect(api.inputsOf('approve')).toEqual(
      ['shopimage', 'shopimages'].map(confirmation => ({
        id: operation.id,
        planHash: operation.plan.hash,
        confirmation,
      })),
    );
  });

  const UNMET = {
    permission: 'acr-cmk.key.revoke',
    entityRef: 'resource:default/shared-tools',
    because: 'the registry sharedtools loses its key',
  };

  it('says to a person who may approve it that it needs their approval, and not their own team to ask', async () => {
    const waiting = operationStates['awaiting approval, of another person']();
    const { shown } = await showing(
      'awaiting approval, of another person',
      registryWith(),
      {
        plan: {
          ...waiting.plan,
          approval: {
            required: true,
            message: 'Needs approval from team-payments, because it does.',
          },
        },
        approval: {
          ...waiting.approval!,
          needs: [
            { ...UNMET, askedOf: ['group:default/platform-team'] },
            {
              permission: 'acr-cmk.key.grant',
              because: 'an identity gets access',
              askedOf: ['user:default/test'],
            },
          ],
        },
      },
    );
    const yours =
      'Needs your approval, because an identity gets access. Others have to approve it, too, because the registry sharedtools loses its key.';
    await waitFor(() =>
      expect(within(shown).getByRole('status')).toHaveTextContent(yours),
    );
    expect(shown).not.toHaveTextContent('Needs approval from');
    await press('Approve', shown);
    const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
    await waitFor(() => expect(dialog).toHaveTextContent(yours));
    expect(dialog).not.toHaveTextContent('Needs approval from');
  });

  it('says whose approval it needs, and why', async () => {
    const state = 'awaiting approval, of the viewer';
    const message =
      'Needs approval from team-payments (acr-cmk.key.revoke on resource:default/shared-tools), because the registry sharedtools loses its key.';
    const { plan, approval } = operationStates[state]();
    const { shown } = await showing(state, registryWith(), {
      plan: { ...plan, approval: { required: true, message } },
      approval: {
        ...approval!,
        needs: [
          UNMET,
          {
            permission: 'acr-cmk.unbound.change',
            because: 'the registry shareddata loses its key',
            by: 'user:default/paul',
          },
        ],
      },
    });
    expect(within(shown).getByRole('status')).toHaveTextContent(
      'Needs approval from team-payments (acr-cmk.key.revoke, to revoke access to keys and retire versions, on resource:default/shared-tools), because the registry sharedtools loses its key.',
    );
    expect(shown).toHaveTextContent(
      /acr-cmk\.key\.revoke \(revoke access to keys and retire versions\) · shared-tools · the registry sharedtools loses its key · not approved yet/,
    );
    expect(shown).toHaveTextContent(
      /acr-cmk\.unbound\.change \(change keys of registries that are linked to no entity\) · the registry shareddata loses its key · Approved by paul/,
    );
  });

  it('can be rejected with a reason, and a refusal stays in the dialog', async () => {
    const { api, operation, shown } = await showing(
      'awaiting approval, of another person',
    );
    const trigger = within(shown).getByRole('button', { name: 'Reject' });
    await userEvent.click(trigger);
    const dialog = await screen.findByRole('dialog', { name: /^Reject/ });
    const reason = within(dialog).getByRole('textbox', { name: 'Reason' });
    const confirm = within(dialog).getByRole('button', { name: 'Reject' });

    api.refuse('reject', refusals.reasonForbidden);
    await userEvent.type(reason, 'no');
    await userEvent.click(confirm);
    expect(reason).toHaveAccessibleDescription(
      'Enter a reason of 3 to 500 characters.',
    );
    expect(api.inputsOf('reject')).toEqual([]);
    await userEvent.type(reason, 'pe');
    await userEvent.click(confirm);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Must not begin with =',
    );
    expect(reason).toHaveFocus();
    expect(reason).toBeInvalid();
    await userEvent.clear(reason);
    await fill(reason, 'The incident is over');
    await userEvent.dblClick(confirm);

    await waitFor(() => expect(dialog.isConnected).toBe(false));
    expect(api.inputsOf('reject')).toEqual([
      { id: operation.id, reason: 'nope' },
      { id: operation.id, reason: 'The incident is over' },
    ]);
    expect(await screen.findByText(/^Revoke access: Rejected/)).toBeVisible();
    expect(shown).not.toBeInTheDocument();
  });

  it('shows its requester why they cannot approve it, and lets them cancel it', async () => {
    const { api, shown } = await showing('awaiting approval, of the viewer');
    expect(
      within(shown).getByText(
        'You requested it; another person has to approve it.',
      ),
    ).toBeVisible();
    for (const name of ['Approve', 'Reject']) {
      expect(within(shown).queryByRole('button', { name })).toBeNull();
    }
    await press('Cancel', shown);
    const dialog = await screen.findByRole('dialog', { name: /^Cancel/ });
    await fill(
      within(dialog).getByRole('textbox', { name: 'Reason' }),
      'Wrong registry',
    );
    await press('Cancel operation', dialog);

    expect(
      await screen.findByText(/^Revoke access: Cancelled/),
    ).toBeInTheDocument();
    expect(api.inputsOf('cancel')).toHaveLength(1);
  });

  it('says in one short line that a person without the permission cannot approve it', async () => {
    const reason =
      'You need the permission acr-cmk.operation.approve on resource:default/shop-images. Ask platform-team';
    const { shown } = await showing(
      'awaiting approval, of another person',
      registryWith(),
      {
        actions: (['approve', 'reject', 'cancel'] as const).map(action => ({
          action,
          allowed: false,
          reason,
        })),
      },
    );
    expect(
      within(shown).getByText('You cannot approve this. See above who can.'),
    ).toBeVisible();
    expect(shown).not.toHaveTextContent('Ask platform-team');
    for (const name of ['Approve', 'Reject', 'Cancel']) {
      expect(within(shown).queryByRole('button', { name })).toBeNull();
    }
  });

  it('says of what a step left as it was that it was so before and after', async () => {
    const { steps } =
      operationStates['revoked until it restores automatically']();
    const same = [
      { what: 'key', before: 'soft-deleted', after: 'soft-deleted' },
    ];
    await showing('in its waiting period', registryWith(), {
      steps: [{ ...steps[0], evidence: same }, ...steps.slice(1)],
    });
    expect(
      screen.getByRole('list', { name: 'Observed before and after' }),
    ).toHaveTextContent('key: soft-deleted before and after this step');
  });

  it('says when it starts while it waits for its period, can be cancelled, and is not in progress', async () => {
    const { shown } = await showing(
      'in its waiting period',
      registryWith({
        runningOperationId: operationStates['in its waiting period']().id,
      }),
    );
    expect(shown).toHaveTextContent(/Starts in 1[23] minutes/);
    expect(shown).not.toHaveTextContent('next check');
    expect(within(shown).queryByRole('progressbar')).not.toBeInTheDocument();
    expect(within(shown).getByRole('button', { name: 'Cancel' })).toBeEnabled();
    expect(screen.queryByText('Operation in progress')).not.toBeInTheDocument();
  });

  it('can be kept when it would restore automatically', async () => {
    const { api, shown } = await showing(
      'revoked until it restores automatically',
      registryStates.revoked(),
    );
    expect(shown).toHaveTextContent(
      /Restores automatically in (39|40) minutes/,
    );
    await keepRevoked(shown);
    expect(api.inputsOf('confirm')).toHaveLength(1);
    // Nothing is left to decide: it goes to the history, with a line at the top.
    await waitFor(() => expect(shown.isConnected).toBe(false));
    expect(screen.getByText(/^Revoke access: Succeeded/)).toBeVisible();
  });

  it('says to its requester why they cannot keep it revoked', async () => {
    const reason =
      'You requested it, and it took a second person; another person has to make it permanent';
    const { shown } = await showing(
      'revoked until it restores automatically',
      registryStates.revoked(),
      { actions: [{ action: 'confirm', allowed: false, reason }] },
    );
    expect(within(shown).getByText(`${reason}.`)).toBeVisible();
    expect(
      within(shown).queryByRole('button', { name: 'Keep revoked' }),
    ).toBeNull();
  });

  it('can be kept while it runs', async () => {
    const { api, shown } = await showing(
      'revoked until it restores automatically',
      registryStates.revoked(),
      { state: 'running', endedAt: undefined, restoresAt: undefined },
    );
    expect(shown).toHaveTextContent(
      'Restores automatically 1 hour after its end, unless someone keeps it revoked.',
    );
    await keepRevoked(shown);
    expect(api.inputsOf('confirm')).toHaveLength(1);
    await waitFor(() => expect(shown).toHaveTextContent('Kept revoked by'));
    expect(shown).not.toHaveTextContent('Restores automatically');
  });

  it('shows the decision of another person live', async () => {
    const { api, shown } = await showing('awaiting approval, of the viewer');
    await waitFor(() => expect(api.listeners).toBe(1));

    act(() => api.emit(operationStates.rejected()));

    expect(
      await screen.findByText(/^Revoke access: Rejected/),
    ).toBeInTheDocument();
    expect(shown).not.toBeInTheDocument();
  });
});

it('says by whom, why and until when a registry is revoked, and opens the operation', async () => {
  const operation =
    operationStates['revoked until it restores automatically']();
  showTab(registryStates.revoked(), { ...operation, actions: [] });
  const section = await screen.findByRole('region', { name: 'shopimages' });
  const head = within(section).getAllByRole('status')[0];
  expect(head).toHaveTextContent(
    /Revoked bypriya, 20 minutes ago .*WhyThe key may have leaked, incident 4711UntilRestores automatically in (39|40) minutes/,
  );
  await press('Show the operation', head);
  expect(
    await within(section).findByRole('group', {
      name: 'Revoke access: shopimages',
    }),
  ).toBeVisible();
});

describe('an operation of a campaign', () => {
  it('leads to the campaign', async () => {
    const { shown } = await showing(
      'awaiting approval, of another person',
      registryWith(),
      { campaignId: uuid(700) },
    );
    expect(
      within(shown).getByRole('link', { name: 'Started by a campaign' }),
    ).toHaveAttribute('href', `/acr-cmk/campaigns/${uuid(700)}`);
  });
});
