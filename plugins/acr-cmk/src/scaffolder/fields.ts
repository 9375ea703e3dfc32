import { IdentityPicker } from './IdentityPicker';
import {
  judgeIdentity,
  judgeKey,
  judgeRegistry,
  judgeResourceGroup,
  judgeVault,
} from './judgeChoices';
import { judgePlan } from './judgePlan';
import { judgeEntityName, judgeKeyName, judgeRegistryName } from './judgeNames';
import { EntityName, KeyName, RegistryName } from './NameFields';
import { PlanField } from './PlanField';
import { RegistryPicker } from './RegistryPicker';
import { ResourceGroupPicker } from './ResourceGroupPicker';
import { VaultKeyPicker } from './VaultKeyPicker';
import { VaultPicker } from './VaultPicker';
import { validationBy, validationOfAll } from './verdict';

/**
 * Form field for both frontend systems: its name in a template (`ui:field`), component and validation.
 */
export const registryPickerField = {
  name: 'AcrCmkRegistryPicker',
  component: RegistryPicker,
  // Also without a selection: a refused template shows none.
  validation: validationOfAll(judgeRegistry),
};

export const vaultPickerField = {
  name: 'AcrCmkVaultPicker',
  component: VaultPicker,
  validation: validationBy(judgeVault),
};

export const vaultKeyPickerField = {
  name: 'AcrCmkVaultKeyPicker',
  component: VaultKeyPicker,
  validation: validationBy(judgeKey),
};

export const identityPickerField = {
  name: 'AcrCmkIdentityPicker',
  component: IdentityPicker,
  validation: validationBy(judgeIdentity),
};

export const resourceGroupPickerField = {
  name: 'AcrCmkResourceGroupPicker',
  component: ResourceGroupPicker,
  validation: validationBy(judgeResourceGroup),
};

export const entityNameField = {
  name: 'AcrCmkEntityName',
  component: EntityName,
  validation: validationBy(judgeEntityName),
};

export const registryNameField = {
  name: 'AcrCmkRegistryName',
  component: RegistryName,
  validation: validationBy(judgeRegistryName),
};

export const keyNameField = {
  name: 'AcrCmkKeyName',
  component: KeyName,
  validation: validationBy(judgeKeyName),
};

export const planField = {
  name: 'AcrCmkPlan',
  component: PlanField,
  validation: validationOfAll(judgePlan),
};
