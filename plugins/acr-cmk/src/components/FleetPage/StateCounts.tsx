import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  type FleetSummary,
  type RegistryStateId,
  registryStateIds,
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
  { name: 'AcrCmkStateCounts' },
);

/** Number of registries in each state that has some; each is a filter that can be turned on and off. */
export function StateCounts(props: {
  /** Absent while they are not known. */
  counts?: FleetSummary['counts']['state'];
  selected: readonly RegistryStateId[];
  onChange(selected: RegistryStateId[]): void;
}) {
  const { counts, selected, onChange } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { t: tState } = useTranslationRef(acrCmkCardTranslationRef);
  const number = new Intl.NumberFormat(useLocale());
  const byState = new Map(counts?.map(({ value, count }) => [value, count]));
  const shown = registryStateIds.filter(
    state => byState.has(state) || selected.includes(state),
  );
  return (
    <div role="group" aria-label={t('states')} className={classes.root}>
      {shown.map(state => {
        const { Icon, tone } = stateStyles[state];
        const pressed = selected.includes(state);
        return (
          <Button
            key={state}
            variant="outlined"
            size="small"
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
              {counts && number.format(byState.get(state) ?? 0)}
            </span>
          </Button>
        );
      })}
    </div>
  );
}
