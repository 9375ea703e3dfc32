import { RegistryPicker } from './RegistryPicker';
import { VaultKeyPicker } from './VaultKeyPicker';
import { VaultPicker } from './VaultPicker';

/** Name in a template (`ui:field`), and what shows it. Both frontend systems take it as it is. */
export const registryPickerField = {
  name: 'AcrCmkRegistryPicker',
  component: RegistryPicker,
};

export const vaultPickerField = {
  name: 'AcrCmkVaultPicker',
  component: VaultPicker,
};

export const vaultKeyPickerField = {
  name: 'AcrCmkVaultKeyPicker',
  component: VaultKeyPicker,
};
