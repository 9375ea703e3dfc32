import type {
  IdentityChoice,
  KeyChoice,
  VaultChoice,
} from 'backstage-plugin-acr-cmk-common';
import type { Texts } from '../../translations/ref';
import { permissionModelInWords } from './keyHome';
import { joined } from './joined';
import type { PickerOption } from './Picker';

/** Option for a vault; its suitability for new registries is added by the caller. */
export function vaultOption(t: Texts, vault: VaultChoice): PickerOption {
  return {
    value: vault.name,
    label: vault.name,
    detail: joined([
      vault.location,
      permissionModelInWords(t, vault),
      t(`grantReach.${vault.permissionModel}`),
      t(purgeProtectionInWords(vault)),
    ]),
  };
}

function purgeProtectionInWords({ purgeProtection }: VaultChoice) {
  if (purgeProtection === undefined) return 'keyChoice.purgeProtectionUnknown';
  return purgeProtection
    ? 'keyChoice.purgeProtected'
    : 'keyChoice.notPurgeProtected';
}

/** Option for a key, disabled with the reason where no registry can use it. */
export function keyOption(t: Texts, key: KeyChoice): PickerOption {
  return {
    value: key.keyIdentifier,
    label: key.name,
    detail: joined([
      ...key.unsuitable.map(why => t(`keyChoice.unsuitable.${why}`)),
      key.type || t('unknown'),
      key.size && t('key.bits', { size: String(key.size) }),
    ]),
    disabled: key.unsuitable.length > 0,
  };
}

/** Option for a user-assigned identity. */
export function identityOption(
  { name, resourceId, clientId }: IdentityChoice,
  details: (string | false | undefined)[] = [],
): PickerOption {
  return {
    value: resourceId,
    label: name,
    detail: joined([clientId, ...details]),
  };
}
