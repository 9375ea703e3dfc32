import TextField, { type TextFieldProps } from '@material-ui/core/TextField';
import { useId } from 'react';

/** A text field as every form of the plugin has it. */
export function TextInput({
  exact = false,
  ...props
}: TextFieldProps & {
  /** For names and URIs: no spell check, no capitals of the keyboard's own. */
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
