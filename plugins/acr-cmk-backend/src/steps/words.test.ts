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
