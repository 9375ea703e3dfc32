import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { namedStyles } from './styles';

const useStyles = namedStyles('OperationRow', theme => ({
  item: {
    listStyle: 'none',
    padding: theme.spacing(0.5, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
  },
  line: {
    display: 'grid',
    gridTemplateColumns: '10em 13em minmax(0, 1fr) auto auto',
    columnGap: theme.spacing(2),
    alignItems: 'center',
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('sm')]: {
      gridTemplateColumns: 'auto auto minmax(0, 1fr)',
      columnGap: theme.spacing(1),
    },
  },
  /** Registry and change: no state, since all of the list have the same. */
  wide: {
    gridTemplateColumns: 'minmax(0, 2fr) auto minmax(0, 4fr) auto auto',
  },
  title: { fontWeight: 700 },
  text: {
    minWidth: 0,
    [theme.breakpoints.down('sm')]: { gridColumn: '1 / -1', gridRow: 2 },
  },
  cut: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  // In the text's own colour: on the background of a page, the secondary one has too little contrast.
  about: {
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('sm')]: { gridColumn: '1 / 3', gridRow: 3 },
  },
  action: {
    [theme.breakpoints.down('sm')]: {
      gridColumn: 3,
      gridRow: 3,
      justifySelf: 'end',
    },
  },
}));

/** An operation in a list, in one line: what it does, how it stands, why, by whom and when. */
export function OperationRow(props: {
  title: ReactNode;
  state?: ReactNode;
  /** A plain text is cut to one line, and is whole on hover. */
  text?: ReactNode;
  about?: ReactNode;
  action?: ReactNode;
  /** Content below the line. */
  children?: ReactNode;
}) {
  const { text } = props;
  const classes = useStyles();
  const isPlain = typeof text === 'string';
  return (
    <li className={classes.item}>
      <Typography
        variant="body2"
        component="div"
        className={`${classes.line} ${props.about ? '' : classes.wide}`}
      >
        <span className={classes.title}>{props.title}</span>
        <span>{props.state}</span>
        <div
          className={`${classes.text} ${isPlain ? classes.cut : ''}`}
          title={isPlain ? text : undefined}
        >
          {text}
        </div>
        <span className={classes.about}>{props.about}</span>
        <span className={classes.action}>{props.action}</span>
      </Typography>
      {props.children}
    </li>
  );
}
