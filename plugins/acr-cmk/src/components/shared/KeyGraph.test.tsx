import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { leavePhone, takePhone } from '../../__testUtils__/phone';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { useTexts } from '../../translations/ref';
import { graphStates } from './KeyGraph.states';
import { KeyGraph } from './KeyGraph';
import { keyGraphOf } from './keyGraphOf';

afterEach(leavePhone);

function Shown({ of }: { of: keyof typeof graphStates }) {
  const t = useTexts();
  return (
    <KeyGraph
      label="What uses this key"
      {...keyGraphOf(t, graphStates[of]())}
    />
  );
}

async function graph(of: keyof typeof graphStates) {
  renderView(<Shown of={of} />, { api: new InMemoryAcrCmk() });
  return screen.findByRole('group', { name: 'What uses this key' });
}

const columnIn = (of: HTMLElement, name: string) =>
  within(within(of).getByRole('list', { name }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

it.each(Object.keys(graphStates) as (keyof typeof graphStates)[])(
  'has no fault that axe finds: %s',
  async state => {
    await graph(state);
    expect(await axeFindings()).toEqual([]);
  },
);

it('shows the key, what uses it, entities and owners in columns, each with what it leads to', async () => {
  const shown = await graph('three registries');
  expect(columnIn(shown, 'Key')).toEqual([
    'ordersvault kv-shopLeads to shopimages, ordersimages, oldimages',
  ]);
  const users = columnIn(shown, 'Used by');
  expect(users[0]).toMatch(/^shopimagesthis registryLeads to shop-images$/);
  expect(users[1]).toMatch(
    /^ordersimagesmanual version mode · 3f2a91c2….*Leads to orders-images, order-service, 2 entities that you cannot see$/,
  );
  expect(users[2]).toMatch(/Not in the catalog$/);
  expect(columnIn(shown, 'In the catalog')).toHaveLength(4);
  expect(columnIn(shown, 'Owners')).toEqual(['team-shop', 'team-payments']);
});

it('links entities and owners to their pages', async () => {
  const shown = await graph('three registries');
  expect(
    within(shown).getByRole('link', { name: 'team-shop' }),
  ).toHaveAttribute('href', '/catalog/default/group/team-shop');
});

it('says in words what is not known, and why', async () => {
  const shown = await graph('one registry, and others that are not known');
  expect(columnIn(shown, 'Used by')).toEqual([
    expect.stringMatching(/^shopimages/),
    'Other registriesNot known · some have not been read, or you cannot see them',
    'Other Azure servicesNot known · not looked at',
  ]);
});

it('names each effect beside its node, and the ones that occur in a legend', async () => {
  const shown = await graph('every effect');
  const legend = within(shown).getAllByRole('list').at(-1)!;
  expect(legend).toHaveTextContent('Loses its keyNot knownMovesStays');
  expect(columnIn(shown, 'Used by')[0]).toMatch(
    /Loses its key · this registry/,
  );
});

it('has a number for what has no room, by effect, and lists it when pressed', async () => {
  const shown = await graph('four hundred registries');
  const users = columnIn(shown, 'Used by');
  expect(users).toHaveLength(10);
  // Those that lose their key come first.
  users.slice(0, 9).forEach(user => expect(user).toMatch(/Loses its key/));
  expect(users[9]).toBe(
    '+ 392 moreLoses its key: 191 · Not known: 1 · Stays: 200',
  );
  const more = within(shown).getByRole('button', {
    name: '+ 392 more · Used by',
  });
  expect(more).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(more);
  expect(more).toHaveAttribute('aria-expanded', 'true');
  expect(
    within(shown).getByRole('button', { name: 'Show 382 more' }),
  ).toBeVisible();
  await userEvent.click(
    within(shown).getByRole('button', { name: 'Show 382 more' }),
  );
  expect(within(shown).getByText('Other registries')).toBeVisible();
  await userEvent.click(more);
  expect(within(shown).queryByText('Other registries')).toBeNull();
});

it('is a nested list on a phone', async () => {
  takePhone();
  const shown = await graph('three registries');
  const [key] = within(shown).getAllByRole('listitem');
  expect(key).toHaveTextContent(
    /^orders.*shopimages.*shop-images.*team-shop.*ordersimages/,
  );
  expect(within(shown).queryByRole('list', { name: 'Used by' })).toBeNull();
  expect(await axeFindings()).toEqual([]);
});

it('says on a phone what is not known, however many registries there are', async () => {
  takePhone();
  const shown = await graph('twelve registries, and others that are not known');
  expect(shown).toHaveTextContent('Other registriesNot known');
});

it('counts entities that the viewer cannot see by registry', async () => {
  const shown = await graph('two registries with hidden entities');
  expect(columnIn(shown, 'Used by')).toEqual([
    expect.stringMatching(/1 entity that you cannot see$/),
    expect.stringMatching(/2 entities that you cannot see$/),
  ]);
});

it('leads once from an entity of two registries to its owner', async () => {
  const shown = await graph('other Azure services');
  expect(columnIn(shown, 'In the catalog')).toContain(
    'order-serviceLeads to team-payments',
  );
});
