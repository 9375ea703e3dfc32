import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({ pair: { display: 'grid', gap: theme.spacing(2) } }),
  { name: 'AcrCmkFieldPair' },
);

/** Fields that are one answer together. */
export function FieldPair(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div role="group" aria-label={props.label} className={classes.pair}>
      {props.children}
    </div>
  );
}
