import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { useId, type ReactNode } from 'react';
import { namedStyles, stack } from '../shared/styles';

const useStyles = namedStyles('FleetCard', theme => ({
  card: { ...stack(theme, 1), padding: theme.spacing(2) },
  title: { fontWeight: 700, overflowWrap: 'anywhere' },
}));

/** A titled section of a list. */
export function FleetCard(props: { title: ReactNode; children: ReactNode }) {
  const classes = useStyles();
  const titleId = useId();
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-labelledby={titleId}
      className={classes.card}
    >
      <Typography
        id={titleId}
        variant="subtitle1"
        component="h3"
        className={classes.title}
      >
        {props.title}
      </Typography>
      {props.children}
    </Paper>
  );
}
