import { screen } from '@testing-library/react';
import type { RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { registryWith } from '../../fixtures/registry';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import { renderView } from '../../__testUtils__/render';
import { KeyUsage } from './KeyUsage';

async function textOf(overrides: Partial<RegistryEncryption>): Promise<string> {
  renderView(<KeyUsage registry={registryWith(overrides)} />, {
    api: new InMemoryAcrCmk(),
  });
  const usage = await screen.findByRole('group', {
    name: 'What uses this key',
  });
  return usage.textContent ?? '';
}

it('names the entity that the viewer may not see by its number, and claims no owner', async () => {
  const [self] = registryWith().consumers;
  const hidden = { ...self, entities: [], hiddenEntities: 1 };
  const text = await textOf({ consumers: [hidden] });
  expect(text).toContain('1 entity that you cannot see');
  expect(text).not.toMatch(/owner/i);
});

it.each([
  [true, false],
  [false, true],
])(
  'says that others may use the key unless it knows all: %s',
  async (consumersComplete, isDoubted) => {
    const text = await textOf({ consumersComplete });
    expect(text.includes('Other registriesNot known')).toBe(isDoubted);
  },
);

it.each([
  [SERVICES, 'all', 'sql-orders'],
  [[], 'all', 'None of the 3 other Azure services that are looked at'],
  [[], 'partly', 'Other Azure servicesNot known · not all looked at'],
  [[], 'no', 'Other Azure servicesNot known · not looked at'],
] as const)(
  'shows other services that use the key, or what is known of them: %#',
  async (services, state, text) => {
    const servicesLookedAt = lookedAtWith({ state });
    const shown = await textOf({ services: [...services], servicesLookedAt });
    expect(shown).toContain(text);
    expect(shown.includes('None of the')).toBe(text.startsWith('None'));
  },
);
