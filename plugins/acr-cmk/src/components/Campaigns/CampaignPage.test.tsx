import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CAMPAIGN_ID,
  campaignMember,
  campaignPreview,
  previewMembers,
  runningCampaign,
  startedMembers,
} from '../../fixtures/campaigns';
import { minutesAgo } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { refusals } from '../../fixtures/refusals';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { RUNNING_PAUSE_MS } from '../../hooks/useCampaigns';
import { CampaignList } from './CampaignList';
import { CampaignPage } from './CampaignPage';

/** Six members, one of them for each way to stand, and one that is no part of it. */
const MEMBERS = [
  ...startedMembers().slice(0, 6),
  campaignMember(7, { outcome: 'already', state: 'excluded' }),
];

function show(
  campaign = runningCampaign({}, MEMBERS),
  members = MEMBERS,
  api = new InMemoryAcrCmk(),
) {
  api.campaigns.put(campaign, members);
  renderView(<CampaignPage id={CAMPAIGN_ID} listPath="/acr-cmk/campaigns" />, {
    api,
  });
  return api;
}

const PREVIEW = previewMembers().slice(0, 4);

describe('the page of a campaign', () => {
  it('says how it stands, stage by stage, and why one waits', async () => {
    show();
    expect(
      await screen.findByRole('heading', {
        name: 'Switch 6 registries to automatic version mode',
      }),
    ).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent(
      'Running · Stage 2 of 3: 2 members wait for an approval, 1 is running.',
    );
    const stages = within(
      screen.getByRole('list', { name: 'Stages' }),
    ).getAllByRole('listitem');
    expect(stages).toHaveLength(3);
    expect(
      screen.getByRole('progressbar', {
        name: 'Stage 2: 1 of 4 members have ended',
      }),
    ).toHaveAttribute('aria-valuenow', '25');
    expect(stages[1]).toHaveTextContent(
      'Waits for the approval of team-orders',
    );
    expect(stages[1]).toHaveTextContent('1 Failed');
    expect(await axeFindings()).toEqual([]);
  });

  it('says once for what the open stage waits', async () => {
    const message = '1 member waits for approval';
    const campaign = runningCampaign({ message }, MEMBERS);
    show({
      ...campaign,
      stages: campaign.stages.map(stage =>
        stage.waitingFor ? { ...stage, waitingFor: message } : stage,
      ),
    });
    expect(await screen.findByRole('status')).toHaveTextContent(message);
    expect(screen.getByRole('list', { name: 'Stages' })).not.toHaveTextContent(
      message,
    );
  });

  it('filters the members by state and stage', async () => {
    show();
    await press(/^Failed 1/);
    await waitFor(() =>
      expect(screen.getAllByRole('rowheader')).toHaveLength(1),
    );
    expect(
      screen.getByRole('row', { name: /pinnedimages05/ }),
    ).toHaveTextContent('Azure refused the change');
    await press(/^Failed 1/);
    await userEvent.selectOptions(screen.getByLabelText('Stage'), 'Stage 2');
    await waitFor(() =>
      expect(screen.getAllByRole('rowheader')).toHaveLength(4),
    );
    expect(
      screen.getByRole('link', { name: 'Open: pinnedimages04' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/resource/pinnedimages04/encryption?registry=pinnedimages04',
    );
  });

  it('shows a page of a thousand members at a time', async () => {
    const members = Array.from({ length: 1000 }, (_, index) =>
      campaignMember(index + 1, {
        name: `images${index + 1}`,
        stage: 1,
        state: 'waiting',
      }),
    );
    show(runningCampaign({}, members), members);
    expect(await screen.findByText('1–50 of 1,000')).toBeVisible();
    await press('Next page');
    expect(await screen.findByText('51–100 of 1,000')).toBeVisible();
    expect(screen.getAllByRole('rowheader')).toHaveLength(50);
  });

  it('pauses and resumes', async () => {
    const api = show();
    await press('Pause');
    await press('Resume');
    expect(await screen.findByRole('button', { name: 'Pause' })).toBeVisible();
    expect(api.inputsOf('campaigns.pause')).toHaveLength(1);
    expect(api.inputsOf('campaigns.resume')).toHaveLength(1);
    expect(document.body).not.toHaveFocus();
  });

  it('aborts only with a confirmation and a reason', async () => {
    const api = show();
    await press('Abort…');
    const dialog = await screen.findByRole('dialog', {
      name: 'Abort the campaign?',
    });
    expect(dialog).toHaveTextContent('Running operations continue');
    await press('Abort', dialog);
    expect(api.inputsOf('campaigns.abort')).toEqual([]);
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'Wrong key');
    expect(await axeFindings()).toEqual([]);
    await press('Abort', dialog);
    expect(
      await screen.findByText('Aborted by priya: Wrong key'),
    ).toBeVisible();
    expect(screen.queryByText('Pause')).toBeNull();
  });

  it('does not show a refusal of one command in the dialog of another', async () => {
    const api = show();
    api.refuse('campaigns.pause', refusals.backendDown);
    await press('Pause');
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The request may have been carried out.',
    );
    await press('Abort…');
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('names people, with links', async () => {
    const message = 'Paused by user:default/priya: Until Monday';
    show(runningCampaign({ state: 'paused', message }));
    const person = await screen.findAllByRole('link', { name: 'priya' });
    expect(person.at(0)).toHaveAttribute('href', '/catalog/default/user/priya');
    expect(screen.getByRole('status')).toHaveTextContent(
      'Paused by priya: Until Monday',
    );
  });

  it('promises no next stage while it is paused or aborting', async () => {
    const campaign = runningCampaign();
    const stages = campaign.stages.map(stage => ({
      ...stage,
      soakUntil: minutesAgo(-10),
    }));
    show({ ...campaign, stages });
    const shown = () => screen.findByRole('list', { name: 'Stages' });
    expect(await shown()).toHaveTextContent(
      'The next stage opens in 10 minutes',
    );
    cleanup();
    show({ ...campaign, stages, state: 'paused', aborting: true });
    expect(await screen.findByText('Aborting')).toBeVisible();
    expect(await shown()).not.toHaveTextContent('The next stage opens');
  });

  it('skips a member that has not begun, with a reason that stays on the list', async () => {
    const api = show();
    await press('Details of pinnedimages02');
    await press('Skip… pinnedimages02');
    const dialog = await screen.findByRole('dialog', {
      name: 'Skip pinnedimages02?',
    });
    await userEvent.type(
      within(dialog).getByLabelText('Reason'),
      'Is retired next week',
    );
    await press('Skip', dialog);
    // In its row, and among the states.
    const [skipped] = await screen.findAllByText('Skipped');
    expect(skipped).toBeVisible();
    const [reason] = await screen.findAllByText('Is retired next week');
    expect(reason).toBeVisible();
    expect(api.inputsOf('campaigns.skip')).toEqual([
      { id: CAMPAIGN_ID, position: 2, reason: 'Is retired next week' },
    ]);
  });

  it('tells what was planned from what was observed of a member that failed', async () => {
    show();
    const { name } = MEMBERS.find(({ state }) => state === 'failed')!;
    await press(`Details of ${name}`);
    expect(await screen.findByText('Not confirmed')).toBeVisible();
    expect(screen.getByText('Planned').nextSibling).toHaveTextContent(
      'Automatic',
    );
    expect(screen.getByText('Observed').nextSibling).toHaveTextContent(
      'Not confirmed',
    );
  });

  it('offers to skip none that has ended', async () => {
    show();
    await press('Details of pinnedimages07');
    expect(
      screen.queryByRole('button', { name: /^Skip… pinnedimages07/ }),
    ).toBeNull();
  });

  it('says in the end how many failed, and tries them again', async () => {
    const api = show(
      runningCampaign({
        state: 'ended',
        message: 'Ended with 1 failed, 2 skipped',
        offers: ['retry', 'report'],
      }),
    );
    expect(await screen.findByRole('status')).toHaveTextContent(
      /^Ended with 1 failed, 2 skipped$/,
    );
    await press('Retry unsuccessful members');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.retry')).toHaveLength(1),
    );
  });

  it('shows that members of an ended campaign are planned again, and that it runs again', async () => {
    jest.useFakeTimers();
    try {
      const api = show(
        runningCampaign({ state: 'ended', retry: { planned: 0, total: 40 } }),
      );
      expect(
        await screen.findByText('Planning members again: 0 of 40'),
      ).toBeVisible();
      api.campaigns.put(runningCampaign(), MEMBERS);
      await act(() => jest.advanceTimersByTimeAsync(RUNNING_PAUSE_MS));
      expect(screen.getByRole('status')).toHaveTextContent(/^Running/);
      expect(screen.queryByText(/^Planning members again/)).toBeNull();
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not read a campaign again that has ended, with nothing to plan', async () => {
    jest.useFakeTimers();
    try {
      const api = show(
        runningCampaign({
          state: 'ended',
          retry: { problem: 'The members could not be planned again' },
        }),
      );
      await screen.findByText(/could not be planned again/);
      const read = api.inputsOf('campaigns.get').length;
      await act(() => jest.advanceTimersByTimeAsync(10 * RUNNING_PAUSE_MS));
      expect(api.inputsOf('campaigns.get')).toHaveLength(read);
    } finally {
      jest.useRealTimers();
    }
  });

  it('downloads the report as JSON and CSV', async () => {
    const made: Blob[] = [];
    URL.createObjectURL = blob => {
      made.push(blob as Blob);
      return 'blob:x';
    };
    URL.revokeObjectURL = () => undefined;
    show();
    await press('Report (JSON)');
    await waitFor(() => expect(made).toHaveLength(1));
    expect(made[0].type).toBe('application/json');
    await press('Report (CSV)');
    await waitFor(() => expect(made).toHaveLength(2));
  });

  it('keeps a refused command on the page', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('campaigns.pause', refusals.permissionMissing);
    show(runningCampaign(), MEMBERS, api);
    await press('Pause');
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Pause' })).toBeVisible();
  });

  it('says which permission is missing to see it', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('campaigns.get', refusals.permissionMissing);
    show(runningCampaign(), MEMBERS, api);
    expect(await screen.findByText('You do not have access')).toBeVisible();
  });

  it('continues with a preview that was not started', async () => {
    const api = show(campaignPreview(PREVIEW), PREVIEW);
    await press('Review and start');
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(
      await within(dialog).findByLabelText('Reason'),
      'A test',
    );
    await press('Start', dialog);
    expect(
      await screen.findByText('Stage 1 of 3 is open.', { exact: false }),
    ).toBeVisible();
    expect(api.inputsOf('campaigns.start')).toHaveLength(1);
  });

  it('leads an owner to what waits for them', async () => {
    show(
      runningCampaign({
        request: { stage: 2, hash: 'd'.repeat(64), members: 2 },
      }),
    );
    expect(
      await screen.findByText('2 members wait for your approval.'),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Review and decide' }),
    ).toHaveAttribute('href', '/acr-cmk/waiting');
  });
});

describe('the list of campaigns', () => {
  it('has a line for each, with its state and progress', async () => {
    const api = new InMemoryAcrCmk();
    api.campaigns.put(runningCampaign());
    renderView(<CampaignList listPath="/acr-cmk/campaigns" />, { api });
    const row = await screen.findByRole('row', { name: /Switch 35/ });
    expect(row).toHaveTextContent('Running · Stage 2 of 3');
    expect(row).toHaveTextContent('2 of 35');
    expect(
      within(row).getByRole('link', { name: /^Switch 35/ }),
    ).toHaveAttribute('href', `/acr-cmk/campaigns/${CAMPAIGN_ID}`);
    expect(await axeFindings()).toEqual([]);
  });

  it.each([true, false])(
    'says how to make the first one to those who may: %s',
    async mayCreate => {
      const api = new InMemoryAcrCmk();
      api.campaigns.mayCreate = mayCreate;
      renderView(<CampaignList listPath="/acr-cmk/campaigns" />, { api });
      expect(
        await screen.findByText('No campaign that you can see.'),
      ).toBeVisible();
      expect(screen.queryAllByText(/press Change…/)).toHaveLength(
        mayCreate ? 1 : 0,
      );
    },
  );
});
