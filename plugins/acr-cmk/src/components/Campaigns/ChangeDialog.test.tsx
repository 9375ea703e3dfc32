import type { SignalApi } from '@backstage/plugin-signals-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef } from 'react';
import {
  CAMPAIGN_ID,
  campaignPreview,
  previewMembers,
  runningCampaign,
} from '../../fixtures/campaigns';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { uuid } from '../../fixtures/ids';
import { refusals } from '../../fixtures/refusals';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { fill, press, pickRadio } from '../../__testUtils__/user';
import { ChangeDialog } from './ChangeDialog';

const SELECTION = { filter: { mode: 'manual' as const } };

/** A few members, so that the tests are fast. */
function withFew(api = new InMemoryAcrCmk()) {
  const members = previewMembers().slice(0, 3);
  api.campaigns.nextPreview = { campaign: campaignPreview(members), members };
  return api;
}

function show(api = withFew(), signals?: SignalApi) {
  renderView(
    <ChangeDialog
      title="Change 40 registries"
      choice={{ selection: SELECTION, of: 'registries' }}
      fallbackFocus={createRef()}
      onClosed={() => undefined}
    />,
    { api, signals },
  );
  return api;
}

describe('the dialog that changes many registries', () => {
  it('shows every outcome before anything is asked for, and who has to agree', async () => {
    show(new InMemoryAcrCmk());
    await press('Preview');
    expect(
      await screen.findByText('Members that change: 35 of 40.'),
    ).toBeVisible();
    expect(
      screen.getByText(
        '35 writes to Azure · about 4 minutes, plus any wait for approvals',
      ),
    ).toBeVisible();
    const counts = within(
      screen.getByRole('group', { name: 'Filter by outcome' }),
    )
      .getAllByRole('button')
      .map(({ textContent }) => textContent?.trim());
    expect(counts).toEqual([
      'Changes 35',
      'Nothing to change 1',
      'Blocked 2',
      'Not linked to an entity 2',
    ]);
    const first = await screen.findByRole('row', { name: /pinnedimages01/ });
    expect(first).toHaveTextContent('Manual, version 3f2a91c1 → Automatic');
    expect(first).toHaveTextContent('Needs approval from team-orders');
    expect(
      screen.getByRole('row', { name: /pinnedimages37/ }),
    ).toHaveTextContent('The key is disabled');
    expect(
      screen.getByText(/az tag update .*pinnedimages39/),
    ).toHaveTextContent(/pinnedimages40/);
    expect(await axeFindings()).toEqual([]);

    await press(/^Blocked 2/);
    await waitFor(() =>
      expect(screen.getAllByRole('rowheader')).toHaveLength(2),
    );
  });

  it('names the chosen change, and estimates how long it takes by the chosen strategy', async () => {
    const api = show();
    await press('Preview');
    expect(
      await screen.findByRole('heading', {
        name: 'Switch 3 registries to automatic version mode',
      }),
    ).toBeVisible();
    expect(api.inputsOf('campaigns.estimate')).toEqual([]);
    await press('Edit the strategy');
    const atOnce = screen.getByLabelText('Members at a time');
    await userEvent.clear(atOnce);
    await userEvent.type(atOnce, '9');
    expect(
      await screen.findByText(/about 9 minutes, plus any wait for approvals/),
    ).toBeVisible();
    expect(api.inputsOf('campaigns.estimate')).toMatchObject([
      { id: CAMPAIGN_ID, strategy: { concurrency: 9 } },
    ]);
  });

  it('shows how many members are planned, and cannot be started meanwhile', async () => {
    const api = new InMemoryAcrCmk();
    const members = previewMembers().slice(0, 4);
    const planning = members.map((member, index) =>
      index < 1 ? member : { ...member, outcome: 'pending' as const },
    );
    api.campaigns.nextPreview = {
      campaign: campaignPreview(planning, {
        state: 'previewing',
        hash: undefined,
        offers: [],
      }),
      members: planning,
    };
    show(api);
    await press('Preview');
    expect(
      await screen.findByText('Planning: 1 of 4 members. Nothing changes yet.'),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Start' })).toBeDisabled();

    api.campaigns.put(campaignPreview(members), members);
    expect(
      await screen.findByText('Members that change: 4 of 4.', undefined, {
        timeout: 3_000,
      }),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Start' })).toBeEnabled();
  });

  it('offers an interrupted preview again', async () => {
    const api = new InMemoryAcrCmk();
    api.campaigns.nextPreview = {
      campaign: campaignPreview([], { state: 'interrupted', offers: [] }),
      members: [],
    };
    show(api);
    await press('Preview');
    await press('Preview again');
    expect(api.inputsOf('campaigns.create')).toHaveLength(2);
  });

  it('sends the policy for automatic rotation', async () => {
    const api = show();
    await pickRadio(/^Automatic rotation/);
    await press('Preview');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.create')).toEqual([
        {
          selection: SELECTION,
          intent: {
            kind: 'automatic-rotation',
            policy: { timeAfterCreate: 'P90D' },
          },
        },
      ]),
    );
  });

  it('needs an identity before it previews its change', async () => {
    const api = show();
    await pickRadio(/^Identity/);
    expect(screen.getByRole('button', { name: 'Preview' })).toBeDisabled();
    await userEvent.type(
      screen.getByRole('combobox', { name: 'Identity' }),
      'system',
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: /^Grant the identity/ }),
    );
    await press('Preview');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.create')).toMatchObject([
        {
          intent: { kind: 'identity', identity: 'system', grantAccess: true },
        },
      ]),
    );
  });

  it('asks for the reason, and does not start without one', async () => {
    const api = show();
    await press('Preview');
    await screen.findByLabelText('Reason');
    await press('Start');
    expect(screen.getByLabelText('Reason')).toHaveFocus();
    expect(screen.getByLabelText('Reason')).toBeInvalid();
    expect(api.inputsOf('campaigns.start')).toEqual([]);
  });

  it('starts by the strategy that was edited, and marks a wrong field', async () => {
    const api = show();
    await press('Preview');
    expect(
      await screen.findByText(
        /1 member, then 10%, then the rest; 5 at a time; failures allowed: 0, 2% \(rounded down\), 2% \(rounded down\); no pause between stages/,
      ),
    ).toBeVisible();
    await press('Edit the strategy');
    const first = within(screen.getByRole('group', { name: 'Stage 1' }));
    await userEvent.clear(first.getByLabelText('Number'));
    await userEvent.type(first.getByLabelText('Number'), '0');
    expect(first.getByLabelText('Number')).toBeInvalid();
    expect(first.getByText('Enter a number from 1 to 10,000')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Start' })).toBeDisabled();
    expect(await axeFindings()).toEqual([]);

    await userEvent.clear(first.getByLabelText('Number'));
    await userEvent.type(first.getByLabelText('Number'), '2');
    await userEvent.clear(
      first.getByLabelText('Pause after this stage (minutes)'),
    );
    await userEvent.type(
      first.getByLabelText('Pause after this stage (minutes)'),
      '30',
    );
    await press('Remove stage 2');
    await userEvent.type(screen.getByLabelText('Reason'), 'A test');
    await press('Start');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.start')).toMatchObject([
        {
          id: CAMPAIGN_ID,
          reason: 'A test',
          strategy: {
            concurrency: 5,
            stages: [
              { count: 2, maxFailures: 0, soakMinutes: 30 },
              { maxFailurePercent: 2 },
            ],
          },
        },
      ]),
    );
  });

  it('adds a stage before the last one', async () => {
    show();
    await press('Preview');
    await press('Edit the strategy');
    await press('Add a stage');
    expect(screen.getAllByRole('group', { name: /^Stage \d$/ })).toHaveLength(
      4,
    );
    expect(
      screen.getByText(/1 member, then 10%, then 25%, then the rest/),
    ).toBeVisible();
  });

  it('shows why a preview was refused', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('campaigns.create', refusals.permissionMissing);
    show(api);
    await press('Preview');
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Preview' })).toBeEnabled();
  });

  it('keeps the strategy and the reason in a new plan, and when the change is chosen again', async () => {
    const api = withFew();
    api.refuse('campaigns.start', refusals.permissionMissing);
    show(api);
    await press('Preview');
    await press('Edit the strategy');
    await fill(screen.getByLabelText('Members at a time'), '0');
    await fill(screen.getByLabelText('Reason'), 'A test');
    await press('Start');
    expect(await screen.findByRole('alert')).toBeVisible();

    const { members } = api.campaigns.nextPreview;
    api.campaigns.nextPreview = {
      members,
      campaign: campaignPreview(members, { id: uuid(701) }),
    };
    await press('Create a new plan');
    expect(await screen.findByText(/; 50 at a time;/)).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(screen.getByLabelText('Reason')).toHaveValue('A test');

    await press('Back');
    await press('Preview');
    await press('Start');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.start')).toMatchObject([
        { id: CAMPAIGN_ID },
        { id: uuid(701), reason: 'A test', strategy: { concurrency: 50 } },
      ]),
    );
  });

  it('shows a wrong answer about the strategy after the change is chosen again', async () => {
    show();
    await press('Preview');
    await press('Edit the strategy');
    await fill(screen.getByLabelText('Members at a time'), '1');
    await press('Back');
    await press('Preview');
    expect(await screen.findByLabelText('Members at a time')).toBeInvalid();
  });

  it('offers no new plan after a lost answer, but the same start again', async () => {
    const api = withFew();
    api.refuse('campaigns.start', refusals.backendDown);
    let signal: () => void = () => undefined;
    show(api, {
      subscribe: (_channel, onMessage) => {
        signal = () => (onMessage as (message: {}) => void)({});
        return { unsubscribe: () => undefined };
      },
    });
    await press('Preview');
    await fill(await screen.findByLabelText('Reason'), 'A test');
    await press('Start');
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'You can safely press the button again',
    );
    expect(
      screen.queryByRole('button', { name: 'Create a new plan' }),
    ).not.toBeInTheDocument();

    // It had started.
    api.campaigns.put(runningCampaign());
    signal();
    const title = { name: /35 registries/ };
    expect(
      await screen.findByRole('heading', title, { timeout: 3_000 }),
    ).toBeVisible();
    await press('Start');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.start')).toHaveLength(2),
    );
    const [first, second] = api.inputsOf('campaigns.start');
    expect(second).toEqual(first);
  });

  it('keeps a refused start on the screen, and can send it again', async () => {
    const api = withFew();
    api.refuse('campaigns.start', refusals.backendDown);
    show(api);
    await press('Preview');
    await userEvent.type(await screen.findByLabelText('Reason'), 'A test');
    await press('Start');
    expect(await screen.findByRole('alert')).toBeVisible();
    await press('Start');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.start')).toHaveLength(2),
    );
  });
});
