import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation, useNavigate } from 'react-router-dom';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { operationStates } from '../../fixtures/operationStates';
import { answerWith, registryWith } from '../../fixtures/registry';
import {
  registryStates,
  severalRegistries,
} from '../../fixtures/registryStates';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { EncryptionTab } from './EncryptionTab';

/** The tab with the browser's URL and its Back button. */
function Page() {
  const { search } = useLocation();
  const navigate = useNavigate();
  return (
    <>
      <output aria-label="URL">{search}</output>
      <button onClick={() => navigate(-1)}>Back</button>
      <EncryptionTab />
    </>
  );
}

function renderPage(options: { api?: InMemoryAcrCmk; search?: string } = {}) {
  const { api = new InMemoryAcrCmk({ answer: severalRegistries() }) } = options;
  renderView(<Page />, { api, search: options.search });
  return api;
}

const line = (name: string) => screen.findByRole('button', { name });

/** Names of the registries that are open. */
const open = () =>
  screen
    .queryAllByRole('button', { expanded: true, hidden: true })
    .map(({ textContent }) => textContent);

describe('an entity with several registries', () => {
  it('has a line for each, with state, mode, age and the action that fits', async () => {
    renderPage();

    const list = await screen.findByRole('list', { name: '4 registries' });
    expect(screen.getByText(/2 need attention/)).toBeVisible();
    const lines = within(list)
      .getAllByRole('listitem')
      .filter(item => item.parentElement === list);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toHaveTextContent(
      /^paymentsimagesRevoked · automatic version modeUpdated 2 minutes ago/,
    );
    expect(
      within(lines[2]).getByRole('button', { name: 'Restore' }),
    ).toBeEnabled();
    expect(
      within(lines[0]).getByRole('button', { name: 'Rotate' }),
    ).toBeEnabled();
    expect(await axeFindings()).toEqual([]);
  });

  it('opens the first that needs attention', async () => {
    renderPage();
    expect(await line('checkoutimages')).toHaveAttribute(
      'aria-expanded',
      'true',
    );
    expect(open()).toEqual(['checkoutimages']);
  });

  it('opens none when none need attention', async () => {
    renderPage({
      api: new InMemoryAcrCmk({
        answer: answerWith(registryWith(), registryWith({ name: 'other' })),
      }),
    });
    await line('shopimages');
    expect(open()).toEqual([]);
  });

  it('opens one at a time, by the keyboard too, and keeps the focus', async () => {
    renderPage();
    const shop = await line('shopimages');
    shop.focus();
    await userEvent.keyboard('{Enter}');

    expect(open()).toEqual(['shopimages']);
    expect(await line('shopimages')).toHaveFocus();
    expect(screen.getByLabelText('URL')).toHaveTextContent(
      '?registry=shopimages',
    );
    await userEvent.keyboard('{Enter}');
    expect(open()).toEqual([]);
    expect(await line('shopimages')).toHaveFocus();
  });

  it('goes Back to the registry that was open before', async () => {
    renderPage();
    await userEvent.click(await line('searchimages'));
    await userEvent.click(await line('paymentsimages'));
    expect(open()).toEqual(['paymentsimages']);

    await press('Back');
    await waitFor(() => expect(open()).toEqual(['searchimages']));
    await press('Back');
    await waitFor(() => expect(open()).toEqual(['checkoutimages']));
  });

  it.each([
    ['?registry=paymentsimages', ['paymentsimages']],
    ['?registry=PaymentsImages', ['paymentsimages']],
    ['?registry=', []],
    ['?registry=unknown', ['checkoutimages']],
    ['?other=1', ['checkoutimages']],
  ])('opens from the URL %s: %s', async (search, names) => {
    renderPage({ search });
    await line('shopimages');
    expect(open()).toEqual(names);
  });

  it('keeps the same registry open when another one needs attention later', async () => {
    const api = renderPage();
    await line('checkoutimages');
    const [shop, ...others] = severalRegistries().registries;
    api.answer = answerWith(
      { ...registryStates.revoked(), registryId: registryWith().registryId },
      ...others,
    );
    await press('Refresh checkoutimages');

    expect(shop).toBeDefined();
    await waitFor(() =>
      expect(screen.getAllByText('Revoked').length).toBeGreaterThan(1),
    );
    expect(open()).toEqual(['checkoutimages']);
  });

  it('says on its line that an operation is in progress, and opens a dialog from there', async () => {
    const running = operationStates.running();
    const { registries } = severalRegistries();
    renderPage({
      api: new InMemoryAcrCmk({
        answer: answerWith(
          registryWith({ runningOperationId: running.id }),
          ...registries.slice(1),
        ),
        operations: [running],
      }),
    });
    expect(await screen.findByText('Operation in progress')).toBeVisible();

    const payments = screen
      .getAllByRole('listitem')
      .find(item => item.textContent?.startsWith('paymentsimages'))!;
    await press('Restore', payments);
    expect(
      await screen.findByRole('dialog', {
        name: 'Restore access: paymentsimages',
      }),
    ).toBeVisible();
    expect(open()).toEqual(['checkoutimages']);
  });
});

it('says on a closed line that an operation of another entity is in progress', async () => {
  const { registries } = severalRegistries();
  renderPage({
    api: new InMemoryAcrCmk({
      answer: answerWith(
        registryWith({ runningOperationId: operationStates.running().id }),
        ...registries.slice(1),
      ),
      operations: [],
    }),
  });
  expect(await screen.findByText('Operation in progress')).toBeVisible();
});

it('shows a single registry open, without a line to open it', async () => {
  renderPage({
    api: new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
  });
  expect(
    await screen.findByRole('region', { name: 'shopimages' }),
  ).toBeVisible();
  expect(
    screen.queryByRole('button', { name: 'shopimages' }),
  ).not.toBeInTheDocument();
});
