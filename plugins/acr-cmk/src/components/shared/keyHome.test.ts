import de from '../../translations/de';
import { acrCmkTranslationRef } from '../../translations/ref';
import { keyHomeWords, permissionModelInWords } from './keyHome';

type Texts = Parameters<typeof keyHomeWords>[0];

const textsOf = (messages: Record<string, string>) =>
  ((key: string, values: Record<string, string> = {}) =>
    messages[key].replace(
      /\{\{(\w+)\}\}/g,
      (_all, name) => values[name],
    )) as unknown as Texts;
const german = textsOf(de.messages as Record<string, string>);

it.each([
  [
    'kv-shop',
    {
      title: 'Schlüsseltresor',
      openInAzure: 'Schlüsseltresor im Azure-Portal anzeigen',
      home: 'Der Schlüsseltresor kv-shop',
      ofHome: 'des Schlüsseltresors kv-shop',
      inHome: 'im Schlüsseltresor kv-shop',
      noHome: 'keinen Schlüsseltresor kv-shop',
    },
  ],
  [
    'hsm-shop.managedhsm',
    {
      title: 'Managed HSM',
      openInAzure: 'Managed HSM im Azure-Portal anzeigen',
      home: 'Das Managed HSM hsm-shop',
      ofHome: 'des Managed HSM hsm-shop',
      inHome: 'im Managed HSM hsm-shop',
      noHome: 'kein Managed HSM hsm-shop',
    },
  ],
])('says in German what the keys of %s are in', (vaultName, words) => {
  expect(keyHomeWords(german, vaultName)).toEqual(words);
});

it('names the permission model of a Managed HSM, which is not that of Azure', () => {
  const modelOf = (name: string) =>
    permissionModelInWords(german, { name, permissionModel: 'rbac' });
  expect(modelOf('kv-shop')).toBe('Rollenbasierte Zugriffssteuerung in Azure');
  expect(modelOf('hsm-shop.managedhsm')).toBe(
    'Lokale rollenbasierte Zugriffssteuerung des Managed HSM',
  );
});

it('is the only place that says that a certain key is in a vault', () => {
  const others = Object.entries(de.messages as Record<string, string>).filter(
    ([key, text]) => !key.startsWith('home.') && /tresors? \{\{/i.test(text),
  );
  expect(others).toEqual([]);
  expect(acrCmkTranslationRef.id).toBe(de.id);
});
