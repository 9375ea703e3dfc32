import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';

/** The fields as the new frontend system takes them; each is loaded when a form needs it. */
export const templateFields = [
  FormFieldBlueprint.make({
    name: 'acr-cmk-registry-picker',
    params: {
      field: async () =>
        createFormField((await import('./fields')).registryPickerField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-vault-picker',
    params: {
      field: async () =>
        createFormField((await import('./fields')).vaultPickerField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-vault-key-picker',
    params: {
      field: async () =>
        createFormField((await import('./fields')).vaultKeyPickerField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-identity-picker',
    params: {
      field: async () =>
        createFormField((await import('./fields')).identityPickerField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-entity-name',
    params: {
      field: async () =>
        createFormField((await import('./fields')).entityNameField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-registry-name',
    params: {
      field: async () =>
        createFormField((await import('./fields')).registryNameField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-key-name',
    params: {
      field: async () =>
        createFormField((await import('./fields')).keyNameField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'acr-cmk-plan',
    params: {
      field: async () => createFormField((await import('./fields')).planField),
    },
  }),
];
