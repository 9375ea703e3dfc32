import type { ReactNode } from 'react';
import { TextInput } from './TextInput';

/** Choice of one of a few short words. A native list, known to every keyboard and screen reader. */
export function SelectField<T extends string>(props: {
  label: string;
  value: T;
  options: { value: T; text: string }[];
  help?: ReactNode;
  disabled?: boolean;
  onChange(value: T): void;
}) {
  return (
    <TextInput
      select
      SelectProps={{ native: true }}
      label={props.label}
      helperText={props.help}
      value={props.value}
      onChange={value => props.onChange(value as T)}
      disabled={props.disabled}
    >
      {props.options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </TextInput>
  );
}
