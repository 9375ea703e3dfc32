import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';

/** What the form says of a field, for the component that shows it. */
export function fieldProps({
  schema,
  uiSchema,
  required,
  disabled,
  rawErrors,
}: Pick<
  FieldExtensionComponentProps<any, any>,
  'schema' | 'uiSchema' | 'required' | 'disabled' | 'rawErrors'
>) {
  return {
    title: schema.title,
    description: uiSchema['ui:description'] ?? schema.description,
    required,
    disabled: disabled || Boolean(uiSchema['ui:disabled']),
    errors: rawErrors,
  };
}
