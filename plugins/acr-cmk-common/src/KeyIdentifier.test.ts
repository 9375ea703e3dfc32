import fc from 'fast-check';
import { InvalidInput } from './errors';
import {
  bareVaultName,
  isVaultName,
  KeyIdentifier,
  vaultNameOfHost,
  vaultNameOfId,
} from './KeyIdentifier';

const VERSION = '0123456789abcdef0123456789abcdef';
const KEY = 'https://kv-contoso.vault.azure.net/keys/shop';

describe('KeyIdentifier', () => {
  it('distinguishes versioned from versionless identifiers', () => {
    expect(KeyIdentifier.parse(KEY).version).toBeUndefined();
    expect(KeyIdentifier.parse(`${KEY}/${VERSION}`).version).toBe(VERSION);
  });

  it('compares without case, and puts the URI together itself', () => {
    const loud = KeyIdentifier.parse(
      `HTTPS://KV-Contoso.VAULT.azure.net/Keys/shop/${VERSION.toUpperCase()}`,
    );
    expect(loud.equals(KeyIdentifier.parse(`${KEY}/${VERSION}`))).toBe(true);
    expect(loud.toString()).toBe(`${KEY}/${VERSION}`);
  });

  it.each<[why: string, text: unknown]>([
    ['nothing', ''],
    ['no text', null],
    ['http', KEY.replace('https', 'http')],
    ['another scheme', KEY.replace('https', 'file')],
    ['user info', KEY.replace('//', '//user:secret@')],
    [
      'user info that ends in the suffix',
      'https://evil.test@kv.vault.azure.net/keys/k',
    ],
    ['a port', KEY.replace('.net/', '.net:8443/')],
    ['an IP literal', 'https://127.0.0.1/keys/shop'],
    ['an IPv6 literal', 'https://[::1]/keys/shop'],
    ['a foreign host', 'https://kv.evil.test/keys/shop'],
    [
      'a host that only begins so',
      'https://kv.vault.azure.net.evil.test/keys/shop',
    ],
    ['a host that only ends so', 'https://evilvault.azure.net/keys/shop'],
    ['two labels before the suffix', 'https://a.b.vault.azure.net/keys/shop'],
    ['a look-alike host', 'https://kv.v\u0430ult.azure.net/keys/shop'],
    ['a managed HSM', 'https://kv.managedhsm.azure.net/keys/shop'],
    ['a secret', KEY.replace('keys', 'secrets')],
    ['a certificate', KEY.replace('keys', 'certificates')],
    ['no key', 'https://kv-contoso.vault.azure.net/keys/'],
    ['an empty segment', KEY.replace('/keys', '//keys')],
    ['an extra segment', `${KEY}/${VERSION}/more`],
    ['a trailing slash', `${KEY}/`],
    ['a short version', `${KEY}/abc`],
    ['a version that is not hex', `${KEY}/${'g'.repeat(32)}`],
    ['a query', `${KEY}?x=1`],
    ['a fragment', `${KEY}#x`],
    ['a backslash', KEY.replace('/keys/', '\\keys\\')],
    ['traversal', `${KEY}/..`],
    ['a name that a key cannot have', KEY.replace('shop', 'sh_op')],
    ['a line break', `${KEY}\n`],
    ['a vault name with two hyphens', KEY.replace('kv-', 'kv--')],
    ['huge', `${KEY}${'a'.repeat(5_000)}`],
  ])('refuses %s, and says what a key URI is', (_why, text) => {
    expect(() => KeyIdentifier.parse(text, 'key')).toThrow(InvalidInput);
    expect(() => KeyIdentifier.parse(text, 'key')).toThrow(
      /^key: .*vault\.azure\.net\/keys/,
    );
  });

  it.each([
    ['public', 'vault.azure.net'],
    ['usGovernment', 'vault.usgovcloudapi.net'],
    ['china', 'vault.azure.cn'],
  ] as const)('knows the vaults of %s', (cloud, suffix) => {
    const text = `https://kv-contoso.${suffix}/keys/shop/${VERSION}`;
    const key = KeyIdentifier.parse(text, undefined, cloud);
    expect([key.cloud.name, key.vaultHost]).toEqual([
      cloud,
      `kv-contoso.${suffix}`,
    ]);
    expect(key.versionless.at(VERSION).toString()).toBe(text);
    expect(KeyIdentifier.parse(text).equals(key)).toBe(true);
    expect(KeyIdentifier.of('kv-contoso', 'shop', cloud).at(VERSION)).toEqual(
      key,
    );
  });

  it('refuses a key of another cloud than the configured one, and names both', () => {
    const text = 'https://kv-contoso.vault.usgovcloudapi.net/keys/shop';
    expect(() => KeyIdentifier.parse(text, 'key', 'china')).toThrow(
      'is in Azure Government, and this backend is configured for Azure in China (acrCmk.azure.cloud); a key URI is https://<vault>.vault.azure.cn/keys/<key>',
    );
    expect(KeyIdentifier.tryParse(text, 'public')).toBeUndefined();
  });

  it.each([
    ['public', 'managedhsm.azure.net'],
    ['usGovernment', 'managedhsm.usgovcloudapi.net'],
    ['china', 'managedhsm.azure.cn'],
  ] as const)('takes a key in a Managed HSM of %s', (cloud, suffix) => {
    const text = `https://hsm1.${suffix}/keys/shop`;
    const key = KeyIdentifier.parse(text, 'key', cloud);
    expect(key).toMatchObject({
      vaultName: 'hsm1.managedhsm',
      keyName: 'shop',
      isInHsm: true,
      vaultHost: `hsm1.${suffix}`,
    });
    expect(`${key}`).toBe(text);
    expect(`${KeyIdentifier.of('hsm1.managedhsm', 'shop', cloud)}`).toBe(text);
    expect(vaultNameOfHost(key.vaultHost)).toBe(key.vaultName);
    const other = cloud === 'public' ? 'china' : 'public';
    expect(KeyIdentifier.tryParse(text, other)).toBeUndefined();
  });

  it('does not take a Managed HSM for the vault of the same name', () => {
    const inHsm = KeyIdentifier.parse(
      'https://a-1.managedhsm.azure.net/keys/k',
    );
    const inVault = KeyIdentifier.parse('https://a-1.vault.azure.net/keys/k');
    expect(inHsm.equals(inVault)).toBe(false);
    expect(inHsm.keyOfKey).not.toBe(inVault.keyOfKey);
    expect(inVault.isInHsm).toBe(false);
    expect(bareVaultName(inHsm.vaultName)).toBe(inVault.vaultName);
  });

  it.each([
    ['/a/managedHSMs/h1', 'h1.managedhsm'],
    ['/a/vaults/h1', 'h1'],
  ])('names the vault of %s', (id, name) => {
    expect(vaultNameOfId(id)).toBe(name);
    expect(isVaultName(name)).toBe(false);
    expect(isVaultName(name.replace('h1', 'hsm-1'))).toBe(true);
  });

  it('lets no text name a host outside of the suffix', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.oneof(
            fc.webUrl(),
            fc.string({ unit: 'binary' }).map(text => `https://${text}`),
            fc
              .string({ unit: 'binary' })
              .map(text => `https://${text}.vault.azure.net/keys/k`),
          ),
          text => {
            const parsed = KeyIdentifier.tryParse(text);
            return (
              parsed === undefined ||
              new URL(parsed.toString()).hostname.endsWith('.vault.azure.net')
            );
          },
        ),
        { numRuns: 1000 },
      ),
    ).not.toThrow();
  });
});
