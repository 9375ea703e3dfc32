import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import Autocomplete, {
  createFilterOptions,
} from '@material-ui/lab/Autocomplete';
import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { namedStyles } from './styles';

/** Limit on options shown at once; typing narrows them down. */
const MOST_SHOWN = 100;

export interface PickerOption {
  value: string;
  label: string;
  /** A second line, which typing searches, too. */
  detail?: string;
  /** Shown, but not selectable; the detail has the reason. */
  disabled?: boolean;
}

const filterOptions = createFilterOptions<PickerOption>({
  limit: MOST_SHOWN,
  stringify: ({ label, detail, value }) => [label, detail, value].join(' '),
});

const useStyles = namedStyles('Picker', {
  option: { minWidth: 0, overflowWrap: 'anywhere' },
});

/**
 * Selects one of a list, which typing filters.
 *
 * Material UI 4 gives the role combobox to the root element; since ARIA 1.2 it belongs to the input,
 * where screen readers expect it.
 */
export function Picker(props: {
  label: string;
  value: string;
  options: PickerOption[];
  /** Accepts text that is not on the list. */
  anyText?: boolean;
  loading?: boolean;
  disabled?: boolean;
  error?: boolean;
  help?: ReactNode;
  onChange(value: string): void;
}) {
  const { value, options, anyText = false, onChange } = props;
  const classes = useStyles();
  const t = useTexts();
  const id = useId();
  const [open, setOpen] = useState(false);
  const known = options.find(option => option.value === value);
  return (
    <Autocomplete<PickerOption, false, false, boolean>
      id={id}
      role={undefined}
      aria-expanded={undefined}
      aria-owns={undefined}
      freeSolo={anyText}
      forcePopupIcon
      fullWidth
      open={open}
      onOpen={() => setOpen(true)}
      onClose={() => setOpen(false)}
      options={options}
      value={known ?? (anyText && value ? value : null)}
      getOptionLabel={option =>
        typeof option === 'string' ? option : option.label
      }
      getOptionSelected={(option, chosen) => option.value === chosen.value}
      getOptionDisabled={option => option.disabled ?? false}
      filterOptions={filterOptions}
      onChange={(_event, chosen) => {
        if (chosen === null) onChange('');
        else onChange(typeof chosen === 'string' ? chosen : chosen.value);
      }}
      onInputChange={(_event, text, why) => {
        if (anyText && why === 'input') onChange(text);
      }}
      loading={props.loading}
      loadingText={t('picker.loading')}
      noOptionsText={t('picker.none')}
      openText={t('picker.open')}
      closeText={t('picker.close')}
      clearText={t('picker.clear')}
      disabled={props.disabled}
      renderOption={option => (
        <div className={classes.option}>
          {option.label}
          {option.detail && (
            <Typography variant="body2" color="textSecondary">
              {option.detail}
            </Typography>
          )}
        </div>
      )}
      renderInput={params => (
        <TextField
          {...params}
          label={props.label}
          error={props.error}
          helperText={props.help}
          variant="outlined"
          size="small"
          InputLabelProps={{ ...params.InputLabelProps, shrink: true }}
          inputProps={{
            ...params.inputProps,
            role: 'combobox',
            'aria-haspopup': 'listbox',
            'aria-expanded': open,
          }}
        />
      )}
    />
  );
}
