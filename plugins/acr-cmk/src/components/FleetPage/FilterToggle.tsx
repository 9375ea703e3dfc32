import Button from '@material-ui/core/Button';
import type { ReactNode } from 'react';
import { namedStyles } from '../shared/styles';

const useStyles = namedStyles('FilterToggle', theme => ({
  pressed: { backgroundColor: theme.palette.action.selected },
}));

/** A filter that is on or off. */
export function FilterToggle(props: {
  on: boolean;
  onToggle(): void;
  children: ReactNode;
}) {
  const classes = useStyles();
  return (
    <Button
      size="small"
      variant="outlined"
      aria-pressed={props.on}
      className={props.on ? classes.pressed : undefined}
      onClick={props.onToggle}
    >
      {props.children}
    </Button>
  );
}
