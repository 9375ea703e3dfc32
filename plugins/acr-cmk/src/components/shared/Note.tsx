import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { useToneStyles, type StatusStyle } from './statusStyles';
import { namedStyles } from './styles';

const useStyles = namedStyles('Note', theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'flex-start',
    flexWrap: 'wrap',
    padding: theme.spacing(1, 1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: '4px solid currentColor',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.palette.background.paper,
  },
  text: {
    flex: '1 1 12em',
    minWidth: 0,
    overflowWrap: 'anywhere',
    color: theme.palette.text.primary,
  },
}));

/** A message with its icon. Screen readers announce an `alert` as soon as it appears. */
export function Note({
  statusStyle,
  role,
  action,
  children,
}: {
  statusStyle: StatusStyle;
  role?: 'alert' | 'status';
  action?: ReactNode;
  children: ReactNode;
}) {
  const classes = useStyles();
  const tones = useToneStyles();
  const { Icon } = statusStyle;
  return (
    <div role={role} className={`${classes.root} ${tones[statusStyle.tone]}`}>
      <Icon fontSize="small" />
      <Typography component="div" variant="body2" className={classes.text}>
        {children}
      </Typography>
      {action}
    </div>
  );
}
