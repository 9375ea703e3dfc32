import { FilterToggle } from './FilterToggle';
import { Row } from './Stack';
import { useToneStyles, type StatusStyle } from './statusStyles';
import { namedStyles } from './styles';
import { useLocale } from './Time';

const useStyles = namedStyles('CountFilter', theme => ({
  root: {
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
  button: {
    textTransform: 'none',
    padding: theme.spacing(0.25, 1),
    lineHeight: '22px',
  },
}));

/** Number of items of each kind that there is; each is a filter that can be turned on and off. */
export function CountFilter<T extends string>(props: {
  label: string;
  /** Absent while they are not known. */
  counts: readonly (readonly [string, number])[] | undefined;
  styles: Record<T, StatusStyle>;
  /** Order of the kinds. Default: that of their styles. */
  order?: readonly T[];
  textOf(kind: T): string;
  selected: readonly T[];
  onChange(selected: T[]): void;
}) {
  const { counts, styles, selected, onChange } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const number = new Intl.NumberFormat(useLocale());
  const countOf = new Map<string, number>(counts);
  const { order = Object.keys(styles) as T[] } = props;
  const kinds = order.filter(
    kind => countOf.has(kind) || selected.includes(kind),
  );
  return (
    <Row
      gap={0.75}
      role="group"
      aria-label={props.label}
      className={classes.root}
    >
      {kinds.map(kind => {
        const { Icon, tone } = styles[kind];
        const pressed = selected.includes(kind);
        return (
          <FilterToggle
            key={kind}
            on={pressed}
            className={classes.button}
            startIcon={<Icon className={tones[tone]} />}
            onToggle={() =>
              onChange(
                pressed
                  ? selected.filter(other => other !== kind)
                  : [...selected, kind],
              )
            }
          >
            {props.textOf(kind)}{' '}
            <span className={classes.count}>
              {counts && number.format(countOf.get(kind) ?? 0)}
            </span>
          </FilterToggle>
        );
      })}
    </Row>
  );
}
