import { cleanup, screen } from '@testing-library/react';
import { version } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { keyWith, versions } from '../../fixtures/keys';
import { registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { renderView } from '../../__testUtils__/render';
import { AtAGlance } from './AtAGlance';
import type { FactsOfRegistry } from './RegistryFacts';

const [newest] = versions(3);
const forEver = { ...newest, expires: undefined };

async function textOf(registry: FactsOfRegistry): Promise<string> {
  renderView(<AtAGlance registry={registry} onAction={jest.fn()} />, {
    api: new InMemoryAcrCmk(),
  });
  return (await screen.findByLabelText('At a glance')).textContent ?? '';
}

it('says that the registry uses newest enabled version', async () => {
  expect(await textOf(registryWith())).toContain('newest enabled version');
});

it.each([
  ['expired', registryStates.expired()],
  ['disabled', registryStates['revoked outside of this portal']()],
])(
  'does not praise a version that is %s for being the latest',
  async (status, registry) => {
    const text = await textOf(registry);
    expect(text).toMatch(
      new RegExp(`^Version in use3f2a91c3….*${status}Expires`),
    );
    expect(text).not.toContain('newest enabled version');
  },
);

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
  'praises the version and the access path of a registry that is %s: %s',
  async (id, isPraised) => {
    await textOf(registryWith());
    const iconOf = (text: string) =>
      screen.getByText(text).previousElementSibling?.innerHTML;
    const praise = iconOf('newest enabled version');
    expect(praise).toBeDefined();
    cleanup();
    await textOf(registryWith({ state: { id, message: '' } }));
    expect(iconOf('newest enabled version') === praise).toBe(isPraised);
    expect(iconOf('1 access path') === praise).toBe(isPraised);
  },
);

it('counts no access path of an identity that the registry does not have', async () => {
  const text = await textOf(registryStates.unreachable());
  expect(text).toContain('Not attached to the registry');
  expect(text).not.toContain('1 access path');
});

it.each([
  ['in 9 days', registryStates['at risk']()],
  ['2 days ago', registryStates.expired()],
  ['Never', registryWith({ key: keyWith({ versions: [forEver] }) })],
  ['Unknown', registryStates['the vault cannot be read']()],
])('says when the version in use expires: %s', async (when, registry) => {
  expect(await textOf(registry)).toContain(`Expires${when}`);
});

it('shows the beginning of the version, and copies it', async () => {
  expect(await textOf(registryWith())).not.toContain(version(3));
  expect(
    screen.getByRole('button', { name: 'Copy: Version in use' }),
  ).toBeEnabled();
});
