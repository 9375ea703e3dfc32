import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { observePlace } from './deletedKey';
import { scopeInWords } from './words';

const GROUP =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups';
const PROVIDER = 'providers/Microsoft.KeyVault';

it.each([
  [`${GROUP}/rg/${PROVIDER}/vaults/kv1/keys/shop`, 'the key shop'],
  [`${GROUP}/rg/${PROVIDER}/vaults/kv1/keys/keys`, 'the key keys'],
  [`${GROUP}/keys`, 'the resource group keys'],
  [
    `${GROUP}/rg/${PROVIDER}/managedHSMs/hsm1/keys`,
    'all keys of the Managed HSM hsm1',
  ],
  [`${GROUP}/rg/${PROVIDER}/managedHSMs/hsm1/keys/keys`, 'the key keys'],
  [`${GROUP}/rg/${PROVIDER}/managedHSMs/hsm1`, 'the Managed HSM hsm1'],
])('%s is %s', (scope, words) => {
  expect(scopeInWords(scope)).toBe(words);
});

it.each([
  ['there', 'in the vault'],
  ['soft-deleted', 'soft-deleted'],
  ['neither', 'neither in the vault nor soft-deleted'],
] as const)('a key that is %s is %s', (place, words) => {
  const key = KeyIdentifier.parse('https://kv1.vault.azure.net/keys/shop');
  expect(observePlace(place, key)).toEqual([{ what: 'key', value: words }]);
});
