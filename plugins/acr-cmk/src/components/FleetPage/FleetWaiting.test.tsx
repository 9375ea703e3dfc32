import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { daysAgo, minutesAgo, registryId, uuid } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { operationStates } from '../../fixtures/operationStates';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { FleetWaiting } from './FleetWaiting';

function show({ opened = false } = {}) {
  const operation = operationStates['awaiting approval, of another person']();
  const api = new InMemoryAcrCmk({ operations: [operation] });
  api.fleet.waitingAnswer = {
    complete: true,
    decided: [],
    decidedStages: [],
    campaigns: [],
    items: [
      {
        id: operation.id,
        planHash: operation.plan.hash,
        kind: 'revoke',
        summary: 'Remove the role assignment',
        registryId: operation.registryId,
        registryName: 'shopimages',
        entityRef: 'resource:default/shop-images',
        requestedBy: 'user:default/priya',
        reason: 'Suspected leak',
        createdAt: daysAgo(0),
        consumers: 2,
        needs: ['team-shop owns the registry'],
      },
    ],
  };
  renderView(<FleetWaiting />, {
    api,
    search: opened ? `?request=${operation.id}` : '',
  });
  return api;
}

describe('what waits for the viewer', () => {
  it('opens the plan with the decision by one press, and says each thing once', async () => {
    show();
    const item = await screen.findByRole('region', {
      name: 'Revoke access: shopimages',
    });
    expect(item).toHaveTextContent('Remove the role assignment');
    expect(item).toHaveTextContent(/Suspected leak.*affects 2 registries/);
    expect(item).toHaveTextContent('team-shop owns the registry');
    await press('Review');
    const dialog = await screen.findByRole('dialog', {
      name: 'Approve · Revoke access: shopimages',
    });
    expect(within(dialog).getByRole('group', { name: 'Checks' })).toBeVisible();
    expect(
      within(dialog).getByRole('button', { name: 'Approve' }),
    ).toBeVisible();
    expect(within(item).getAllByText(/shopimages/)).toHaveLength(1);
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Review' })).toHaveFocus(),
    );
  });

  it('opens the request that the URL names, where one press approves it', async () => {
    const api = show({ opened: true });
    const dialog = await screen.findByRole('dialog', {
      name: 'Approve · Revoke access: shopimages',
    });
    await press('Approve', dialog);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.inputsOf('approve')).toHaveLength(1);
  });

  it('shows a request that was decided meanwhile as it is by now', async () => {
    const api = show();
    const review = await screen.findByRole('button', { name: 'Review' });
    api.emit(operationStates.rejected());
    await userEvent.click(review);
    expect(await screen.findByText(/the incident is over/)).toBeVisible();
    expect(screen.queryByRole('dialog')).toBeNull();
    await press('Dismiss');
    expect(screen.queryByText(/the incident is over/)).toBeNull();
  });

  it('keeps the focus on the page when what was decided leaves the list', async () => {
    const api = show();
    await press('Review');
    const dialog = await screen.findByRole('dialog');
    api.fleet.waitingAnswer = {
      complete: true,
      items: [],
      decided: [],
      decidedStages: [],
      campaigns: [],
    };
    await press('Approve', dialog);
    await waitFor(() =>
      expect(
        screen.getByText('Nothing is waiting for your approval'),
      ).toHaveFocus(),
    );
  });

  it('tells what became of the decisions of the viewer', async () => {
    const api = new InMemoryAcrCmk();
    api.fleet.waitingAnswer = {
      items: [],
      complete: true,
      campaigns: [],
      decided: [
        {
          id: uuid(1),
          kind: 'rotate',
          registryId: registryId('billingimages'),
          registryName: 'billingimages',
          decision: 'approved',
          decidedAt: minutesAgo(5),
          state: 'succeeded',
          endedAt: minutesAgo(3),
          message: 'billingimages uses the new version',
        },
      ],
      decidedStages: [
        {
          campaignId: uuid(7),
          title: 'Switch 13 registries to automatic version mode',
          stage: 2,
          approved: 12,
          rejected: 1,
          decidedAt: minutesAgo(4),
        },
      ],
    };
    renderView(<FleetWaiting />, { api });
    const outcomes = await screen.findByRole('list', {
      name: 'Your decisions of the last seven days',
    });
    const lines = within(outcomes).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      'Switch 13 registries to automatic version mode, stage 2You approved 12 members · You rejected 1 member 4 minutes ago',
      'Rotate key: billingimagesSucceeded 3 minutes agoYou approved 5 minutes ago',
    ]);
    expect(within(lines[0]).getByRole('link')).toHaveAttribute(
      'href',
      `/acr-cmk/campaigns/${uuid(7)}`,
    );
    expect(await axeFindings()).toEqual([]);
  });

  it('says when nothing does', async () => {
    renderView(<FleetWaiting />, { api: new InMemoryAcrCmk() });
    expect(
      await screen.findByText('Nothing is waiting for your approval'),
    ).toBeVisible();
  });
});
