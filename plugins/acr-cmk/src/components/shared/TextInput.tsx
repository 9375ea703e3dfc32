import TextField, { type TextFieldProps } from '@material-ui/core/TextField';
import { useId } from 'react';

/** A text field as every form of the plugin has it. */
export function TextInput({
  exact = false,
  ...props
}: TextFieldProps & {
  /** Turns off spell check and auto-capitals, for names and URIs. */
  exact?: boolean;
}) {
  return (
    <TextField
      id={useId()}
      variant="outlined"
      size="small"
      fullWidth
      autoComplete="off"
      InputLabelProps={{ shrink: true }}
      inputProps={
        exact ? { spellCheck: false, autoCapitalize: 'none' } : undefined
      }
      {...props}
    />
  );
}
