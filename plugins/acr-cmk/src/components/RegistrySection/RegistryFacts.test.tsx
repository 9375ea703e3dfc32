import { screen } from '@testing-library/react';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { daysAgo, version } from '../../fixtures/ids';
import { keyWith, versions } from '../../fixtures/keys';
import { registryWith } from '../../fixtures/registry';
import { renderView } from '../../__testUtils__/render';
import {
  AccessFacts,
  type FactsOfRegistry,
  KeyFacts,
  VaultFacts,
} from './RegistryFacts';

const HSM_URI = 'https://hsm-shop.managedhsm.azure.net/keys/orders';
const { encryption, vault } = registryWith();
const inHsm = registryWith({
  encryption: { ...encryption, keyIdentifier: HSM_URI },
  key: keyWith({ type: 'RSA-HSM', vaultName: 'hsm-shop.managedhsm' }),
  vault: {
    ...(vault as Extract<typeof vault, { known: true }>),
    name: 'hsm-shop.managedhsm',
    id: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm-shop',
    permissionModel: 'rbac',
  },
});

async function textOf(registry: FactsOfRegistry): Promise<string> {
  renderView(
    <div data-testid="facts">
      <KeyFacts registry={registry} />
      <VaultFacts registry={registry} />
    </div>,
    { api: new InMemoryAcrCmk() },
  );
  return (await screen.findByTestId('facts')).textContent ?? '';
}

it('says of a key in a vault that it is in one', async () => {
  const text = await textOf(registryWith());
  expect(text).toContain('VaultName');
  expect(text).toContain('View vault in the Azure portal');
  expect(text).not.toContain('HSM');
});

it.each([
  [true, 'Enabled'],
  [false, 'Disabled'],
  [undefined, 'Unknown'],
])(
  'says of purge protection that Azure shows as %s: %s',
  async (purgeProtection, word) => {
    const shown = { ...inHsm.vault, purgeProtection } as typeof inHsm.vault;
    const text = await textOf(registryWith({ ...inHsm, vault: shown }));
    expect(text).toContain(`Purge protection${word}`);
  },
);

it.each([
  ['is known', inHsm],
  [
    'is not known',
    registryWith({
      ...inHsm,
      vault: { known: false, problem: 'It may not be read' },
    }),
  ],
])(
  'says nothing of a vault where the key is in a Managed HSM that %s',
  async (_why, registry) => {
    const text = await textOf(registry);
    expect(text).toContain('Managed HSM');
    expect(text).not.toMatch(/vault/i);
  },
);

it('names a Managed HSM as Azure does, and its own permission model', async () => {
  const text = await textOf(inHsm);
  expect(text).toContain('Namehsm-shop');
  expect(text).not.toContain('Namehsm-shop.managedhsm');
  expect(text).toContain('Local role-based access control of the Managed HSM');
});

it.each([
  [5, /expired [^(]+\(5 days ago\)/],
  [-5, /expires [^(]+\(in 5 days\)/],
])(
  'says of a version whose expiry is %d days ago when that was or will be',
  async (days, says) => {
    const [newest, ...older] = versions(3);
    const key = keyWith({
      versions: [{ ...newest, expires: daysAgo(days) }, ...older],
    });
    expect(await textOf(registryWith({ key }))).toMatch(says);
  },
);

it.each([
  ['RSA-HSM', 'TypeRSA-HSM, 2048 bits'],
  ['', 'Typenot shown: a Managed HSM shows the type of enabled versions only'],
])('says of the type "%s": %s', async (type, says) => {
  const key = keyWith({ type, size: type ? 2048 : undefined });
  expect(await textOf({ ...inHsm, key })).toContain(says);
});

it.each([
  ['none in a vault', registryWith(), 'Access pathNo access path'],
  [
    'that groups are not known in an HSM',
    inHsm,
    'Access pathNone of its own; a group may give access',
  ],
])('says of a key without access paths: %s', async (_what, registry, says) => {
  renderView(
    <div data-testid="facts">
      <AccessFacts
        ofEntity
        registry={{ ...registry, accessPaths: { known: true, paths: [] } }}
      />
    </div>,
    { api: new InMemoryAcrCmk() },
  );
  expect(await screen.findByTestId('facts')).toHaveTextContent(says);
});

it.each([
  ['it', version(3), false],
  ['an older one', version(2), true],
])(
  'names the latest version where %s, %s, is in use: %s',
  async (_which, inUse, isNamed) => {
    const versionedKeyIdentifier = `${encryption.keyIdentifier}/${inUse}`;
    const text = await textOf(
      registryWith({ encryption: { ...encryption, versionedKeyIdentifier } }),
    );
    expect(text).toContain(`Version in use${inUse}`);
    expect(text.includes(`Newest enabled version${version(3)}`)).toBe(isNamed);
  },
);
