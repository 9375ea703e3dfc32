import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { namedStyles } from './styles';

const useStyles = namedStyles('Fold', theme => ({
  summary: { cursor: 'pointer' },
  muted: { color: theme.palette.text.secondary },
}));

/** Content that is hidden until its summary is pressed. */
export function Fold(props: {
  summary: ReactNode;
  /** Summary in the secondary color. */
  muted?: boolean;
  children: ReactNode;
}) {
  const classes = useStyles();
  return (
    <Typography component="details" variant="body2">
      <summary
        className={
          props.muted ? `${classes.summary} ${classes.muted}` : classes.summary
        }
      >
        {props.summary}
      </summary>
      {props.children}
    </Typography>
  );
}
