import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import { useId, type ReactNode } from 'react';
import { namedStyles, stack } from './styles';

const useStyles = namedStyles('RadioChoice', theme => ({
  root: { width: '100%', minWidth: 0 },
  legend: {
    marginBottom: theme.spacing(1),
    ...theme.typography.subtitle1,
    color: theme.palette.text.primary,
    fontWeight: 700,
    '&.Mui-focused': { color: theme.palette.text.primary },
  },
  options: stack(theme, 0.75),
  option: {
    alignItems: 'flex-start',
    margin: 0,
    padding: theme.spacing(0.5, 1.5, 0.5, 0.75),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    // The outline of the whole option shows the focus: the small circle alone is easy to miss.
    '&:focus-within': {
      outline: `2px solid ${theme.palette.primary.main}`,
      outlineOffset: 1,
    },
    '& .MuiRadio-root': { padding: theme.spacing(0.5), marginRight: 4 },
    '& .MuiFormControlLabel-label': { flex: 1, minWidth: 0 },
  },
  chosen: {
    borderColor: theme.palette.primary.main,
    boxShadow: `inset 0 0 0 1px ${theme.palette.primary.main}`,
  },
  title: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    alignItems: 'center',
    padding: theme.spacing(0.5, 0),
    // The theme gives chips a margin for rows of them.
    '& .MuiChip-root': { margin: 0 },
  },
  detail: { overflowWrap: 'anywhere', paddingBottom: theme.spacing(0.5) },
}));

interface RadioOption<T extends string> {
  value: T;
  title: ReactNode;
  /** A word next to the title. */
  badge?: ReactNode;
  detail?: ReactNode;
  disabled?: boolean;
}

/** Choice of one of a few options, each with an explanation. */
export function RadioChoice<T extends string>(props: {
  question: string;
  options: RadioOption<T>[];
  value: T | undefined;
  disabled?: boolean;
  onChange(value: T): void;
}) {
  const classes = useStyles();
  const name = useId();
  return (
    <FormControl component="fieldset" className={classes.root}>
      <FormLabel component="legend" className={classes.legend}>
        {props.question}
      </FormLabel>
      <RadioGroup
        name={name}
        value={props.value ?? ''}
        className={classes.options}
        onChange={(_event, value) => props.onChange(value as T)}
      >
        {props.options.map(option => (
          <FormControlLabel
            key={option.value}
            value={option.value}
            disabled={props.disabled || option.disabled}
            className={`${classes.option} ${
              option.value === props.value ? classes.chosen : ''
            }`}
            control={<Radio color="primary" size="small" />}
            label={
              <>
                <Typography
                  variant="body2"
                  component="span"
                  className={classes.title}
                >
                  {option.title} {option.badge}
                </Typography>
                {option.detail && (
                  <Typography
                    variant="body2"
                    component="div"
                    color="textSecondary"
                    className={classes.detail}
                  >
                    {option.detail}
                  </Typography>
                )}
              </>
            }
          />
        ))}
      </RadioGroup>
    </FormControl>
  );
}
