import TextField, {
  type OutlinedTextFieldProps,
} from '@material-ui/core/TextField';
import { useId } from 'react';

/** A text field as every form of the plugin has it. */
export function TextInput({
  exact = false,
  onChange,
  ...props
}: Omit<OutlinedTextFieldProps, 'variant' | 'onChange'> & {
  /** Turns off spell check and auto-capitals, for names and URIs. */
  exact?: boolean;
  onChange(text: string): void;
}) {
  return (
    <TextField
      id={useId()}
      variant="outlined"
      size="small"
      fullWidth
      autoComplete="off"
      onChange={event => onChange(event.target.value)}
      InputLabelProps={{ shrink: true }}
      inputProps={
        exact ? { spellCheck: false, autoCapitalize: 'none' } : undefined
      }
      {...props}
    />
  );
}
