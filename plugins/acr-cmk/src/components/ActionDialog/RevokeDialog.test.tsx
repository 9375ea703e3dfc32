import { waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { guardedRevokePlan, revokePlan } from '../../fixtures/plans';
import { lookedAtWith } from '../../fixtures/services';
import { refusals } from '../../fixtures/refusals';
import { axeFindings } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import {
  apiWith,
  lastIntent,
  openDialog,
  typeReason,
} from './__testUtils__/dialogs';

describe('the dialog to revoke', () => {
  it('offers every method in the backend’s order, with the other affected registries or why it is unavailable', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Revoke', api);

    const methods = await within(dialog).findByRole('group', {
      name: 'How do you want to revoke access?',
    });
    const radios = within(methods).getAllByRole('radio');
    expect(radios).toHaveLength(revokePlan().methods!.length);
    expect(radios[0]).toBeChecked();
    expect(radios[0]).toHaveAccessibleName(/Recommended/);
    expect(radios[1]).toBeDisabled();
    expect(radios[1]).toHaveAccessibleName(/work.* with access policies/);
    expect(
      within(methods).getByRole('radio', { name: /^Disable all versions/ }),
    ).toHaveAccessibleName(
      /2 other registries also lose their key.*1 resource of other Azure services loses its key, or may/,
    );
    // What a method takes is in its plan, and how it is undone is said of the chosen one.
    const [chosen, , other] = revokePlan().methods!;
    expect(radios[0]).toHaveAccessibleName(
      new RegExp(chosen.reversible!.slice(0, 20)),
    );
    expect(methods).not.toHaveTextContent(other.message);
    expect(radios[2]).not.toHaveAccessibleName(/Restore/);
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

  it('shows the access before and after, and by what it is undone', async () => {
    const { dialog } = await openDialog('Revoke', apiWith());
    const changes = await within(dialog).findByRole('group', {
      name: 'What changes',
    });
    expect(
      within(changes).getByRole('row', { name: /^Access of shopimages/ }),
    ).toHaveTextContent('granted→ none');
    expect(
      within(dialog).getByRole('group', { name: 'Undo' }),
    ).toHaveTextContent('Can be undone: Restore');
  });

  it('says that a second person has to approve, and how long the operation waits', async () => {
    const api = apiWith();
    api.nextPlan = guardedRevokePlan();
    const { dialog } = await openDialog('Revoke', api);

    expect(
      await within(dialog).findByText(/A second person with the permission/),
    ).toBeVisible();
    expect(within(dialog).getByText(/waits 15 minutes/)).toBeVisible();
    // On a phone such notes would leave no room for the plan, so they scroll with it.
    const scrolls = within(dialog).getByTestId('scrolling-part');
    expect(within(scrolls).getByText(/A second person with/)).toBeVisible();
    expect(within(scrolls).getByText(/waits 15 minutes/)).toBeVisible();
    await typeReason(dialog, 'Incident 4711');
    expect(
      within(dialog).queryByRole('button', { name: 'Revoke access' }),
    ).not.toBeInTheDocument();
    await press('Request approval', dialog);
    expect(await within(dialog).findByText('Awaiting approval')).toBeVisible();
  });

  it.each([
    ['all', /No other known registry or service loses its key$/],
    ['partly', /loses its key ?not all other services looked at$/],
    ['no', /loses its key ?other services not looked at$/],
  ] as const)(
    'says of a method that hits nobody else how far other services were looked at: %s',
    async (state, words) => {
      const { dialog } = await openDialog(
        'Revoke',
        apiWith({ servicesLookedAt: lookedAtWith({ state }) }),
      );
      expect(
        await within(dialog).findByRole('radio', {
          name: /^Disable the version/,
        }),
      ).toHaveAccessibleName(words);
    },
  );

  it('shows the other Azure services that lose the key, with the consequence', async () => {
    const api = apiWith();
    api.nextPlan = guardedRevokePlan();
    const { dialog } = await openDialog('Revoke', api);
    const services = await within(dialog).findByRole('group', {
      name: 'Other Azure services',
    });
    expect(services).toHaveTextContent(
      /SQL server \(2\).*Within 10 minutes the databases refuse connections.*sql-orders/,
    );
  });

  it('says before the request that too many requests wait for approval', async () => {
    const api = apiWith();
    const plan = guardedRevokePlan();
    const noRoom = 'One person may have 20 requests that wait for approval';
    api.nextPlan = { ...plan, approval: { ...plan.approval, noRoom } };
    const { dialog } = await openDialog('Revoke', api);
    expect(await within(dialog).findByText(noRoom)).toBeVisible();
    expect(within(dialog).queryByText(/waits 15 minutes/)).toBeNull();
  });

  it('lets the server check the typed name, and shows its refusal in the dialog', async () => {
    const api = apiWith();
    api.refuse('accept', refusals.wrongName);
    const { dialog } = await openDialog('Revoke', api);
    await typeReason(dialog, 'Incident 4711');
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
