import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { forwardRef, useId, type ReactNode } from 'react';
import { useToneStyles, type Look } from '../shared/looks';
import { RefreshButton } from './RefreshButton';

const useStyles = makeStyles(
  theme => ({
    root: {
      padding: theme.spacing(3),
      minWidth: 0,
      // Sections that are scrolled out of sight cost no layout.
      contentVisibility: 'auto',
      containIntrinsicSize: 'auto 900px',
      [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
    },
    head: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1, 2),
      justifyContent: 'space-between',
      alignItems: 'flex-start',
    },
    title: { minWidth: 0, flex: '1 1 18em' },
    name: { overflowWrap: 'anywhere', '&:focus': { outline: 'none' } },
    about: { overflowWrap: 'anywhere' },
    tools: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      maxWidth: '100%',
    },
    aside: {
      display: 'grid',
      gap: theme.spacing(1),
      maxWidth: '100%',
      textAlign: 'right',
      [theme.breakpoints.down('xs')]: { textAlign: 'left' },
    },
    state: {
      display: 'flex',
      gap: theme.spacing(1.5),
      alignItems: 'flex-start',
      marginTop: theme.spacing(2),
      padding: theme.spacing(1.5, 2),
      border: `1px solid ${theme.palette.divider}`,
      borderLeft: '4px solid currentColor',
      borderRadius: theme.shape.borderRadius,
      backgroundColor: theme.palette.background.default,
    },
    stateText: {
      minWidth: 0,
      overflowWrap: 'anywhere',
      color: theme.palette.text.primary,
    },
    word: { fontWeight: 700 },
    body: {
      marginTop: theme.spacing(3),
      display: 'grid',
      gap: theme.spacing(4),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
  }),
  { name: 'AcrCmkSection' },
);

/** Head and body of one registry: its name, its state in words, the age of the facts, Refresh. */
export const SectionFrame = forwardRef<
  HTMLHeadingElement,
  {
    name: string;
    /** What it is and where, in one line. */
    about?: ReactNode;
    look: Look;
    word: string;
    message: ReactNode;
    age?: ReactNode;
    mainAction?: ReactNode;
    /** Why the main action is not offered. */
    mainActionNote?: ReactNode;
    children?: ReactNode;
  }
>((props, headingRef) => {
  const classes = useStyles();
  const tones = useToneStyles();
  const nameId = useId();
  const { Icon } = props.look;
  return (
    <Paper
      component="section"
      aria-labelledby={nameId}
      className={classes.root}
      variant="outlined"
    >
      <div className={classes.head}>
        <div className={classes.title}>
          <Typography
            id={nameId}
            ref={headingRef}
            tabIndex={-1}
            variant="h5"
            component="h2"
            className={classes.name}
          >
            {props.name}
          </Typography>
          {props.about && (
            <Typography
              component="div"
              variant="body2"
              color="textSecondary"
              className={classes.about}
            >
              {props.about}
            </Typography>
          )}
        </div>
        <div className={classes.aside}>
          <div className={classes.tools}>
            {props.age && (
              <Typography component="div" variant="body2" color="textSecondary">
                {props.age}
              </Typography>
            )}
            <RefreshButton name={props.name} />
            {props.mainAction}
          </div>
          {props.mainActionNote}
        </div>
      </div>
      <div
        className={`${classes.state} ${tones[props.look.tone]}`}
        role="status"
      >
        <Icon />
        <Typography component="div" className={classes.stateText}>
          <span className={classes.word}>{props.word}</span>
          {' · '}
          {props.message}
        </Typography>
      </div>
      {props.children && <div className={classes.body}>{props.children}</div>}
    </Paper>
  );
});
