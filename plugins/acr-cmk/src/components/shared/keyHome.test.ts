import { mockApis } from '@backstage/frontend-test-utils';
import { acrCmkTranslationRef } from '../../translations/ref';
import { keyHomeWords, permissionModelInWords } from './keyHome';

const { t } = mockApis.translation().getTranslation(acrCmkTranslationRef);

it.each([
  [
    'kv-shop',
    {
      title: 'Vault',
      openInAzure: 'View vault in the Azure portal',
      home: 'vault kv-shop',
    },
  ],
  [
    'hsm-shop.managedhsm',
    {
      title: 'Managed HSM',
      openInAzure: 'View Managed HSM in the Azure portal',
      home: 'Managed HSM hsm-shop',
    },
  ],
])('names the place of the keys of %s', (vaultName, words) => {
  expect(keyHomeWords(t, vaultName)).toEqual(words);
});

it('names the permission model of a Managed HSM, which is not that of Azure', () => {
  const modelOf = (name: string) =>
    permissionModelInWords(t, { name, permissionModel: 'rbac' });
  expect(modelOf('kv-shop')).toBe('Azure role-based access control');
  expect(modelOf('hsm-shop.managedhsm')).toBe(
    'Local role-based access control of the Managed HSM',
  );
});

it('is the only source of texts that name a certain vault', () => {
  const messages = (
    acrCmkTranslationRef as unknown as {
      getDefaultMessages(): Record<string, string>;
    }
  ).getDefaultMessages();
  const others = Object.entries(messages).filter(
    ([key, text]) => !key.startsWith('home.') && /vault \{\{/i.test(text),
  );
  expect(Object.keys(messages)).toContain('home.vault.named');
  expect(others).toEqual([]);
});
