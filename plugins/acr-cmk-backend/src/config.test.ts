import { ConfigReader } from '@backstage/config';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { inScope, readConfig, vaultAllowed } from './config';

const SUBSCRIPTION = '/subscriptions/11111111-2222-4333-8444-555555555555';
const read = (acrCmk: object) => readConfig(new ConfigReader({ acrCmk }));
const registry = (group: string) =>
  RegistryId.parse(
    `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
  );

describe('readConfig', () => {
  it('has nothing in scope without a block', () => {
    const config = readConfig(new ConfigReader({}));
    expect(inScope(config.scopes, registry('rg-shop'))).toBe(false);
  });

  it.each<[why: string, scopes: string[], group: string, inside: boolean]>([
    ['the group', [`${SUBSCRIPTION}/resourceGroups/rg-shop`], 'rg-shop', true],
    [
      'the group in capitals',
      [`${SUBSCRIPTION}/resourceGroups/RG-Shop`],
      'rg-shop',
      true,
    ],
    [
      'another group',
      [`${SUBSCRIPTION}/resourceGroups/rg-shop`],
      'rg-shop-2',
      false,
    ],
    ['the subscription', [SUBSCRIPTION], 'rg-shop', true],
  ])('knows what is in scope: %s', (_why, scopes, group, inside) => {
    expect(inScope(read({ scopes }).scopes, registry(group))).toBe(inside);
  });

  it('allows the vaults that are named, in any case', () => {
    const config = read({ vaults: ['KV-Contoso'] });
    const key = (vault: string) =>
      KeyIdentifier.parse(`https://${vault}.vault.azure.net/keys/k`);
    expect(vaultAllowed(config, key('kv-contoso'))).toBe(true);
    expect(vaultAllowed(config, key('kv-other'))).toBe(false);
  });

  it.each<[key: string, acrCmk: object]>([
    ['acrCmk.scopes[0]', { scopes: ['rg-shop'] }],
    ['acrCmk.scopes[0]', { scopes: [`${SUBSCRIPTION}/resourceGroups/a/b`] }],
    ['acrCmk.vaults[1]', { vaults: ['kv-good', 'kv.bad'] }],
    [
      'acrCmk.bindings[0].registryId',
      { bindings: [{ registryId: 'x', entityRef: 'resource:default/x' }] },
    ],
    [
      'acrCmk.bindings[0].entityRef',
      { bindings: [{ registryId: registry('rg').toString(), entityRef: 'x' }] },
    ],
    [
      'acrCmk.azure.credentials.read.tenantId',
      {
        azure: { credentials: { read: { clientId: 'a', clientSecret: 'b' } } },
      },
    ],
    [
      'acrCmk.azure.credentials.read.clientSecret',
      { azure: { credentials: { read: { tenantId: 't', clientId: 'a' } } } },
    ],
    ['acrCmk.operations.leaseSeconds', { operations: { leaseSeconds: 5 } }],
    ['acrCmk.operations.pollSeconds', { operations: { pollSeconds: 0 } }],
  ])('names %s when its value is wrong', (key, acrCmk) => {
    expect(() => read(acrCmk)).toThrow(key);
  });

  it('leaves out a credential whose variables are not set', () => {
    const { credentials } = read({
      azure: { credentials: { read: { clientId: 'a' }, rotate: {} } },
    });
    expect(credentials).toMatchObject({
      read: { clientId: 'a' },
      rotate: undefined,
    });
  });
});
