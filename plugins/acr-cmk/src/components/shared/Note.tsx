import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { useToneStyles, type Look } from './looks';

const useStyles = makeStyles(
  theme => ({
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
  }),
  { name: 'AcrCmkNote' },
);

/** A message that asks to be read, with its icon. An `alert` is read out as soon as it appears. */
export function Note({
  look,
  role,
  action,
  children,
}: {
  look: Look;
  role?: 'alert' | 'status';
  action?: ReactNode;
  children: ReactNode;
}) {
  const classes = useStyles();
  const tones = useToneStyles();
  const { Icon } = look;
  return (
    <div role={role} className={`${classes.root} ${tones[look.tone]}`}>
      <Icon fontSize="small" />
      <Typography component="div" variant="body2" className={classes.text}>
        {children}
      </Typography>
      {action}
    </div>
  );
}
