/** Form fields for both frontend systems. */
export { identityPickerField, resourceGroupPickerField } from './choices';
export { entityNameField, keyNameField, registryNameField } from './names';
export { planField } from './planField';
export { registryPickerField } from './registryField';
export { vaultPickerField } from './vaultField';
export { vaultKeyPickerField } from './vaultKeyField';
