import { screen } from '@testing-library/react';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { registryWith } from '../../fixtures/registry';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import { registryStates } from '../../fixtures/registryStates';
import { renderView } from '../../__testUtils__/render';
import { AtAGlance } from './AtAGlance';
import type { FactsOfRegistry } from './RegistryFacts';

async function textOf(registry: FactsOfRegistry): Promise<string> {
  renderView(<AtAGlance registry={registry} onAction={jest.fn()} />, {
    api: new InMemoryAcrCmk(),
  });
  return (await screen.findByLabelText('At a glance')).textContent ?? '';
}

it('says that the registry uses the latest version', async () => {
  expect(await textOf(registryWith())).toContain('the latest version');
});

it.each([
  ['expired', registryStates.expired()],
  ['disabled', registryStates['revoked outside of this portal']()],
])(
  'does not praise a version that is %s for being the latest',
  async (status, registry) => {
    const text = await textOf(registry);
    expect(text).toContain(`Version in use3f2a91c3…${status}Rotation`);
    expect(text).not.toContain('the latest version');
  },
);

it('does not count no entity and no owner where the viewer may not see the entity', async () => {
  const { consumers, ...registry } = registryWith();
  const [consumer] = consumers;
  const hidden = { ...consumer, entities: [], hiddenEntities: 1 };
  const text = await textOf({ ...registry, consumers: [hidden] });
  expect(text).toContain('1 entity that you cannot see');
  expect(text).not.toMatch(/no entity|no owner/i);
});

it('does not praise an access path behind a closed firewall', async () => {
  const { vault, ...registry } = registryWith();
  if (!vault?.known) throw new Error('The vault is known in this fixture');
  expect(
    await textOf({ ...registry, vault: { ...vault, firewall: 'closed' } }),
  ).toContain('1 access path, behind a closed firewall');
});

it.each([
  ['current', true],
  ['revoked', false],
] as const)(
  'praises the access path of a registry that is %s: %s',
  async (id, isPraised) => {
    await textOf(registryWith({ state: { id, message: '' } }));
    const iconOf = (text: string) =>
      screen.getByText(text).previousElementSibling?.innerHTML;
    const praise = iconOf('the latest version');
    expect(praise).toBeDefined();
    expect(iconOf('1 access path') === praise).toBe(isPraised);
  },
);

it('counts no access path of an identity that the registry does not have', async () => {
  const text = await textOf(registryStates.unreachable());
  expect(text).toContain('Not attached to the registry');
  expect(text).not.toContain('1 access path');
});

it.each([
  [true, /Key used by\s*1 registry/],
  [false, /Key used by\s*At least 1 registry/],
])(
  'counts the registries that use the key, of which it knows all: %s',
  async (consumersComplete, text) => {
    expect(await textOf({ ...registryWith(), consumersComplete })).toMatch(
      text,
    );
  },
);

it.each([
  [SERVICES, 'all', '4 resources of other services'],
  [[], 'all', 'no other service is known to use it'],
  [[], 'partly', 'not all other services looked at'],
  [[], 'no', 'other services not looked at'],
] as const)(
  'counts resources of other services that use the key: %#',
  async (services, state, text) => {
    const registry = registryWith({
      services: [...services],
      servicesLookedAt: lookedAtWith({ state }),
    });
    expect(await textOf(registry)).toContain(text);
  },
);
