import { screen, within } from '@testing-library/react';
import type {
  KeyService,
  ServicesLookedAt,
} from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import { renderView } from '../../__testUtils__/render';
import { OtherServices } from './OtherServices';

async function shown(services: KeyService[], lookedAt: ServicesLookedAt) {
  renderView(<OtherServices services={services} lookedAt={lookedAt} />, {
    api: new InMemoryAcrCmk(),
  });
  return screen.findByRole('group', { name: 'Other Azure services' });
}

it('shows resources by service, with version, identity, entity and the consequence of a loss', async () => {
  const group = await shown(SERVICES, lookedAtWith());
  expect(group).toHaveTextContent('SQL server (2)');
  expect(group).toHaveTextContent(
    'Without the key: Within 10 minutes the databases refuse connections.',
  );
  expect(group).toHaveTextContent('Backups stay on the version');
  expect(group).toHaveTextContent(
    '1 resource of an entity that you cannot see',
  );
  const rowOf = (name: string) =>
    within(group)
      .getAllByRole('row')
      .find(row => row.textContent?.startsWith(name));
  expect(rowOf('sql-orders')).toHaveTextContent(
    /in its settings; the version in use is not readable.*id-sql-orders.*No entity in its tags/,
  );
  expect(rowOf('des-shop')).toHaveTextContent(
    /3 disks.*follows the latest version within an hour.*for earlier data.*order-service.*team-payments/,
  );
  expect(rowOf('adx-shop')).toHaveTextContent('version not readable');
  expect(group).toHaveTextContent('3 other Azure services are looked at.');
});

it('says what was looked at where nothing was found', async () => {
  const group = await shown([], lookedAtWith());
  expect(group).toHaveTextContent(
    'None of the 3 other Azure services that are looked at uses this key.',
  );
  expect(group).toHaveTextContent('Looked at 4 minutes ago');
  expect(group).toHaveTextContent(
    'No query shows: client-side encryption, Always Encrypted, other tenants.',
  );
});

it.each([
  ['no', 'Other Azure services: not looked at.'],
  ['partly', 'There may be more: in 2 places not everything'],
] as const)(
  'never says that there is none where the state is %s',
  async (state, words) => {
    const group = await shown([], lookedAtWith({ state, notReadable: 2 }));
    expect(group).toHaveTextContent(words);
    expect(group).toHaveTextContent('Role that lets this portal look');
    expect(group).not.toHaveTextContent(/none of/i);
  },
);
