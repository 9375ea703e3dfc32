import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CAMPAIGN_ID,
  campaignMember,
  runningCampaign,
} from '../../fixtures/campaigns';
import { minutesAgo } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { refusals } from '../../fixtures/refusals';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { FleetWaiting } from '../FleetPage/FleetWaiting';

const HASH = 'd'.repeat(64);

function put(
  api: InMemoryAcrCmk,
  members: ReturnType<typeof campaignMember>[],
  hash: string,
) {
  const count = members.length;
  api.campaigns.put(
    runningCampaign({ request: { stage: 2, hash, members: count } }, members),
    members,
  );
  api.fleet.waitingAnswer = {
    complete: true,
    items: [],
    decided: [],
    decidedStages: [],
    campaigns: [
      {
        campaignId: CAMPAIGN_ID,
        title: 'Switch 35 registries to automatic version mode',
        stage: 2,
        hash,
        members: count,
        requestedBy: 'user:default/priya',
        reason: 'Follow new versions',
        expiresAt: minutesAgo(-600),
      },
    ],
  };
}

const membersAt = (positions: number[]) =>
  positions.map(position =>
    campaignMember(position, { stage: 2, state: 'approval' }),
  );

function show({ count = 3, api = new InMemoryAcrCmk() } = {}) {
  const positions = Array.from({ length: count }, (_, index) => index + 1);
  put(api, membersAt(positions), HASH);
  renderView(<FleetWaiting />, { api });
  return api;
}

describe('a stage of a campaign that waits for an owner', () => {
  it('is one entry with the list, and is approved with two presses', async () => {
    const api = show();
    const entry = await screen.findByRole('region', {
      name: 'Switch 35 registries to automatic version mode: stage 2',
    });
    expect(
      screen.getByText('1 request is waiting for your approval'),
    ).toBeVisible();
    expect(entry).toHaveTextContent(
      /Follow new versions.*requested by.*priya.*3 members wait for your approval.*expires/,
    );
    await press('Review');
    const list = await screen.findByRole('list', {
      name: 'Members that wait for your approval',
    });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(
      ['01', '02', '03'].map(
        n =>
          `pinnedimages${n}pinnedimages${n} · owned by team-shopManual, version 3f2a91c1 → AutomaticReject`,
      ),
    );
    expect(await axeFindings()).toEqual([]);
    expect(api.inputsOf('campaigns.members')).toEqual([
      { id: CAMPAIGN_ID, mine: true },
    ]);

    api.fleet.waitingAnswer = {
      complete: true,
      items: [],
      decided: [],
      decidedStages: [],
      campaigns: [],
    };
    await press('Approve all 3');
    await waitFor(() =>
      expect(
        screen.getByText('Nothing is waiting for your approval'),
      ).toHaveFocus(),
    );
    expect(api.inputsOf('campaigns.decide')).toEqual([
      { id: CAMPAIGN_ID, stage: 2, hash: HASH, rejected: [] },
    ]);
  });

  it('rejects single members with a reason, and approves the others', async () => {
    const api = show();
    await press('Review');
    await press('Reject pinnedimages02');
    await press('Approve 2, reject 1');
    const reason = screen.getByLabelText('Reason to reject pinnedimages02');
    expect(reason).toBeInvalid();
    expect(api.inputsOf('campaigns.decide')).toEqual([]);
    await userEvent.type(reason, 'It is in use until Friday');
    expect(await axeFindings()).toEqual([]);
    await press('Approve 2, reject 1');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.decide')).toEqual([
        {
          id: CAMPAIGN_ID,
          stage: 2,
          hash: HASH,
          rejected: [{ position: 2, reason: 'It is in use until Friday' }],
        },
      ]),
    );
  });

  it('approves a member after all', async () => {
    show();
    await press('Review');
    await press('Reject pinnedimages02');
    await press('Approve pinnedimages02 after all');
    expect(screen.getByRole('button', { name: 'Approve all 3' })).toBeVisible();
  });

  it('rejects all of them with one reason', async () => {
    const api = show();
    await press('Review');
    await press('Reject all…');
    const dialog = await screen.findByRole('dialog', {
      name: 'Reject all 3 members?',
    });
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'Not now');
    await press('Reject all', dialog);
    await waitFor(() =>
      expect(api.inputsOf('campaigns.decide')).toEqual([
        {
          id: CAMPAIGN_ID,
          stage: 2,
          hash: HASH,
          rejected: [],
          reason: 'Not now',
        },
      ]),
    );
  });

  it('says that the decision covers members of other pages', async () => {
    show({ count: 60 });
    await press('Review');
    expect(
      await screen.findByText(
        'Approving covers all 60 members, also those on other pages.',
      ),
    ).toBeVisible();
  });

  it('keeps what was marked when the list changes, and asks for another look', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('campaigns.decide', refusals.otherList);
    show({ api });
    await press('Review');
    await press('Reject pinnedimages01');
    await press('Reject pinnedimages02');
    const reasonOf = (name: string) =>
      screen.getByLabelText(`Reason to reject ${name}`);
    await userEvent.type(reasonOf('pinnedimages01'), 'It is gone anyway');
    await userEvent.type(reasonOf('pinnedimages02'), 'In use until Friday');
    put(api, membersAt([2, 3]), 'e'.repeat(64));
    await press('Approve 1, reject 2');
    expect(
      await screen.findByText(
        'The list has changed. Check it before you decide.',
      ),
    ).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await press('Approve 1, reject 1');
    await waitFor(() =>
      expect(api.inputsOf('campaigns.decide').at(-1)).toEqual({
        id: CAMPAIGN_ID,
        stage: 2,
        hash: 'e'.repeat(64),
        rejected: [{ position: 2, reason: 'In use until Friday' }],
      }),
    );
  });

  it('keeps a refused decision, such as one about a list that has changed', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('campaigns.decide', refusals.drifted);
    show({ api });
    await press('Review');
    await press('Approve all 3');
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Approve all 3' })).toBeEnabled();
  });
});
