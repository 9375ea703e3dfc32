import Typography from '@material-ui/core/Typography';
import { useState, type ReactNode } from 'react';
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
  /** Content that takes long to draw is drawn when it is first seen. */
  onDemand?: boolean;
  children: ReactNode;
}) {
  const { onDemand = false } = props;
  const classes = useStyles();
  const [isDrawn, setIsDrawn] = useState(!onDemand);
  return (
    <Typography
      component="details"
      variant="body2"
      onToggle={() => setIsDrawn(true)}
    >
      <summary
        className={
          props.muted ? `${classes.summary} ${classes.muted}` : classes.summary
        }
      >
        {props.summary}
      </summary>
      {isDrawn && props.children}
    </Typography>
  );
}
