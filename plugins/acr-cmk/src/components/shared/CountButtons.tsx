import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { useToneStyles, type StatusStyle } from './statusStyles';
import { useLocale } from './Time';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5, 0.75),
      // A line before the counts arrive, so that nothing below moves for most.
      minHeight: 30,
      // On a narrow screen one line, so that the rows below are in view.
      [theme.breakpoints.down('xs')]: {
        flexWrap: 'nowrap',
        overflowX: 'auto',
        '& > *': { flexShrink: 0 },
      },
    },
    count: {
      fontWeight: 700,
      marginLeft: theme.spacing(0.75),
    },
    pressed: { backgroundColor: theme.palette.action.selected },
    button: {
      textTransform: 'none',
      padding: theme.spacing(0.25, 1),
      lineHeight: '22px',
    },
  }),
  { name: 'AcrCmkCountButtons' },
);

/** Number of items of each kind; each is a filter that can be turned on and off. */
export function CountButtons<T extends string>(props: {
  label: string;
  items: readonly {
    id: T;
    text: string;
    statusStyle: StatusStyle;
    /** Absent while it is not known. */
    count?: number;
  }[];
  selected: readonly T[];
  onChange(selected: T[]): void;
}) {
  const { label, items, selected, onChange } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const number = new Intl.NumberFormat(useLocale());
  return (
    <div role="group" aria-label={label} className={classes.root}>
      {items.map(({ id, text, statusStyle: { Icon, tone }, count }) => {
        const pressed = selected.includes(id);
        return (
          <Button
            key={id}
            variant="outlined"
            size="small"
            aria-pressed={pressed}
            className={`${classes.button} ${pressed ? classes.pressed : ''}`}
            startIcon={<Icon className={tones[tone]} />}
            onClick={() =>
              onChange(
                pressed
                  ? selected.filter(other => other !== id)
                  : [...selected, id],
              )
            }
          >
            {text}{' '}
            <span className={classes.count}>
              {count !== undefined && number.format(count)}
            </span>
          </Button>
        );
      })}
    </div>
  );
}
