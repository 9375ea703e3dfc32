import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type {
  FleetSummary,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { stateStyles, useToneStyles } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1),
      // One line, so that the rows below stay where they are when the counts arrive.
      [theme.breakpoints.down('xs')]: {
        flexWrap: 'nowrap',
        overflowX: 'auto',
        '& > *': { flexShrink: 0 },
      },
    },
    count: { fontWeight: 700, marginLeft: theme.spacing(1) },
    pressed: { backgroundColor: theme.palette.action.selected },
    button: { textTransform: 'none' },
  }),
  { name: 'AcrCmkStateCounts' },
);

/** How many registries are in each state; each is a filter that can be turned on and off. */
export function StateCounts(props: {
  counts: FleetSummary['counts']['state'];
  selected: readonly RegistryStateId[];
  onChange(selected: RegistryStateId[]): void;
}) {
  const { counts, selected, onChange } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { t: tState } = useTranslationRef(acrCmkCardTranslationRef);
  const number = new Intl.NumberFormat(useLocale());
  const byState = new Map(counts.map(({ value, count }) => [value, count]));
  const states = [
    ...(counts.map(({ value }) => value) as RegistryStateId[]),
    // One that is filtered by can be turned off, also when none is in it any more.
    ...selected.filter(state => !byState.has(state)),
  ].filter((state): state is RegistryStateId => state in stateStyles);
  return (
    <div role="group" aria-label={t('states')} className={classes.root}>
      {states.map(state => {
        const { Icon, tone } = stateStyles[state];
        const pressed = selected.includes(state);
        return (
          <Button
            key={state}
            variant="outlined"
            aria-pressed={pressed}
            className={`${classes.button} ${pressed ? classes.pressed : ''}`}
            startIcon={<Icon className={tones[tone]} />}
            onClick={() =>
              onChange(
                pressed
                  ? selected.filter(other => other !== state)
                  : [...selected, state],
              )
            }
          >
            {tState(`state.${state}`)}{' '}
            <span className={classes.count}>
              {number.format(byState.get(state) ?? 0)}
            </span>
          </Button>
        );
      })}
    </div>
  );
}
