import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';

/** Props of a field that its component shows. */
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
