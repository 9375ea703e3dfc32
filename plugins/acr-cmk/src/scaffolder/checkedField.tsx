import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { ComponentType } from 'react';
import { textsOf } from './form';
import { judged, type Judge } from './verdict';

/** A field as its control shows it. */
export interface ControlProps<Value, Options> {
  title?: string;
  description?: string;
  required?: boolean;
  disabled?: boolean;
  /** Errors of the form, which shows them below the field. */
  errors?: string[];
  value: Value | undefined;
  onChange(value: Value | undefined): void;
  /** `ui:options` of the field. */
  options: Options;
  /** Every value of the form so far. */
  form: unknown;
}

/** Form field for both frontend systems: only a value that is judged `fine` lets the form continue. */
export function checkedField<Value, Options extends {}>(spec: {
  /** Name in a template (`ui:field`). */
  name: string;
  Control: ComponentType<ControlProps<Value, Options>>;
  judge: Judge<Value, Options>;
  /** Also judges a missing value. Default: it is left to the schema. */
  judgesMissing?: boolean;
}) {
  const { name, Control, judge, judgesMissing = false } = spec;

  function CheckedField(props: FieldExtensionComponentProps<Value, Options>) {
    const { schema, uiSchema, formContext } = props;
    return (
      <Control
        title={schema.title}
        description={uiSchema['ui:description'] ?? schema.description}
        required={props.required}
        disabled={props.disabled || Boolean(uiSchema['ui:disabled'])}
        errors={props.rawErrors}
        value={props.formData}
        onChange={props.onChange}
        options={(uiSchema['ui:options'] ?? {}) as Options}
        form={(formContext as { formData?: unknown } | undefined)?.formData}
      />
    );
  }

  const validation: CustomFieldValidator<Value, Options> = async (
    value,
    field,
    { apiHolder, formData, uiSchema },
  ) => {
    const isMissing = value === undefined || value === null || value === '';
    if (isMissing && !judgesMissing) return;
    const verdict = await judged(judge, value, {
      apis: apiHolder,
      t: textsOf(apiHolder),
      form: formData,
      options: (uiSchema?.['ui:options'] ?? {}) as Options,
    });
    if (verdict.status !== 'fine') field.addError(verdict.text);
  };

  return { name, component: CheckedField, validation };
}
