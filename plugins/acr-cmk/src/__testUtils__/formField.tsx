import type { ApiHolder } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import { createAsyncValidators } from '@backstage/plugin-scaffolder-react/alpha';
import { type ComponentType, useState } from 'react';

type JsonObject = Parameters<ReturnType<typeof createAsyncValidators>>[0];

type FieldProps<T> = FieldExtensionComponentProps<T, any>;

/** Props of a form that our fields read; the others belong to rjsf. */
type ReadProps<T> = Pick<
  FieldProps<T>,
  'schema' | 'uiSchema' | 'formContext' | 'formData' | 'onChange' | 'rawErrors'
>;

/** A field as the scaffolder's form holds it: a change comes back as its value. */
export function HeldField<T>(props: {
  component: ComponentType<FieldProps<T>>;
  initial?: T;
  description?: string;
  uiOptions?: object;
  /** The whole form, as fields of other pages left it. */
  formData?: object;
  /** Errors of the form's last check. */
  rawErrors?: string[];
  onValue(value: T | undefined): void;
}) {
  const { component: Field, initial, description, onValue } = props;
  const [value, setValue] = useState(initial);
  const read: ReadProps<T> = {
    schema: { description },
    uiSchema: { 'ui:options': props.uiOptions ?? {} },
    formContext: { formData: props.formData },
    formData: value,
    rawErrors: props.rawErrors ?? [],
    onChange: next => {
      onValue(next);
      setValue(next);
    },
  };
  return <Field {...(read as FieldProps<T>)} />;
}

/** Errors of one field from the scaffolder's own check of a page, as **Next** runs it. */
export async function errorsOfField(
  field: { name: string; validation?: CustomFieldValidator<any, any> },
  form: { answer?: unknown },
  options: { properties?: JsonObject; ui?: JsonObject; apiHolder: ApiHolder },
): Promise<string[]> {
  const validate = createAsyncValidators(
    {
      type: 'object',
      properties: {
        ...options.properties,
        answer: { type: 'string', 'ui:field': field.name, ...options.ui },
      },
    },
    { [field.name]: field.validation },
    { apiHolder: options.apiHolder },
  );
  const { answer } = await validate(form as JsonObject);
  const errors = answer && '__errors' in answer ? answer.__errors : undefined;
  return (errors as string[] | undefined) ?? [];
}
