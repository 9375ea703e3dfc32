import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';

/** Form fields for the new frontend system; each is loaded when a form needs it. */
export const templateFields = (
  [
    ['acr-cmk-registry-picker', 'registryPickerField'],
    ['acr-cmk-vault-picker', 'vaultPickerField'],
    ['acr-cmk-vault-key-picker', 'vaultKeyPickerField'],
    ['acr-cmk-identity-picker', 'identityPickerField'],
    ['acr-cmk-resource-group-picker', 'resourceGroupPickerField'],
    ['acr-cmk-entity-name', 'entityNameField'],
    ['acr-cmk-registry-name', 'registryNameField'],
    ['acr-cmk-key-name', 'keyNameField'],
    ['acr-cmk-plan', 'planField'],
  ] as const
).map(([name, field]) =>
  FormFieldBlueprint.make({
    name,
    params: {
      field: async () => createFormField((await import('./fields'))[field]),
    },
  }),
);
