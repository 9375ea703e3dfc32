import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import ChevronRightIcon from '@material-ui/icons/ChevronRight';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import { forwardRef, useId, type ReactNode } from 'react';
import {
  Status,
  useToneStyles,
  type StatusStyle,
} from '../shared/statusStyles';
import { RefreshButton } from './RefreshButton';
import { focusRing, hostCard, namedStyles, stack } from '../shared/styles';
import { Row } from '../shared/Stack';

const useStyles = namedStyles('Section', theme => ({
  root: {
    padding: theme.spacing(3),
    borderRadius: hostCard.borderRadius,
    minWidth: 0,
    '& button, & a, & summary': focusRing,
    // Sections that are scrolled out of sight cost no layout.
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 900px',
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  closed: {
    padding: theme.spacing(1, 2),
    containIntrinsicSize: 'auto 56px',
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1) },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 2),
    justifyContent: 'space-between',
    alignItems: 'flex-start',
  },
  closedHead: { alignItems: 'center' },
  title: { minWidth: 0, flex: '1 1 18em' },
  closedTitle: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: theme.spacing(2),
  },
  name: { overflowWrap: 'anywhere', '&:focus': { outline: 'none' } },
  closedName: { flex: '0 1 16em', minWidth: 0 },
  toggle: {
    margin: theme.spacing(0, 0, 0, -1),
    padding: theme.spacing(0.25, 1),
    font: 'inherit',
    letterSpacing: 'inherit',
    textTransform: 'none',
    textAlign: 'left',
    overflowWrap: 'anywhere',
  },
  about: { overflowWrap: 'anywhere' },
  tools: { maxWidth: '100%' },
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
  // The actions stand between the sentence and its detail.
  stateText: { display: 'contents' },
  sentence: {
    flex: '1 1 16em',
    minWidth: 0,
    overflowWrap: 'anywhere',
    color: theme.palette.text.primary,
  },
  detail: {
    order: 1,
    flexBasis: '100%',
    minWidth: 0,
    overflowWrap: 'anywhere',
    color: theme.palette.text.primary,
  },
  answer: {
    display: 'flex',
    flexWrap: 'wrap',
    flexGrow: 1,
    gap: theme.spacing(1, 2),
    minWidth: 0,
  },
  actions: {
    alignContent: 'flex-start',
    color: theme.palette.text.primary,
    // Below the icon as well: beside two buttons the menu stays in their line.
    [theme.breakpoints.down('xs')]: { marginLeft: theme.spacing(-4.5) },
  },
  actionsNote: { flexBasis: '100%', '&:empty': { display: 'none' } },
  body: {
    ...stack(theme, 4),
    marginTop: theme.spacing(3),
    [theme.breakpoints.down('xs')]: { gap: theme.spacing(1.5) },
  },
}));

interface SectionFrameProps {
  name: string;
  /** False: one line, in a list of several registries. */
  open?: boolean;
  onToggle?(name: string): void;
  /** Login server and location, in one line. */
  about?: ReactNode;
  statusStyle: StatusStyle;
  word: string;
  message: ReactNode;
  /** The remedy, or who made the state. Below the actions. */
  detail?: ReactNode;
  /** Shown after the state while the section is closed. */
  summary?: ReactNode;
  age?: ReactNode;
  actions?: ReactNode;
  /** Reason why the main action is not allowed. */
  actionsNote?: ReactNode;
  /** Shown also while the section is closed: its dialog. */
  outside?: ReactNode;
  children?: ReactNode;
}

/** Head and body of one registry: its name, the age of the facts, its state in words, its actions. */
export const SectionFrame = forwardRef<HTMLHeadingElement, SectionFrameProps>(
  (props, headingRef) => {
    const classes = useStyles();
    const nameId = useId();
    const bodyId = useId();
    const { name, open = true, onToggle } = props;
    return (
      <Paper
        component="section"
        // Only an open section is a landmark: fifty landmarks do not help to navigate.
        aria-labelledby={open ? nameId : undefined}
        className={`${classes.root} ${open ? '' : classes.closed}`}
        variant="outlined"
      >
        <div className={`${classes.head} ${open ? '' : classes.closedHead}`}>
          <div
            className={`${classes.title} ${open ? '' : classes.closedTitle}`}
          >
            <Typography
              id={nameId}
              ref={headingRef}
              tabIndex={-1}
              variant={open ? 'h5' : 'subtitle1'}
              component="h2"
              className={`${classes.name} ${open ? '' : classes.closedName}`}
            >
              {onToggle ? (
                <Button
                  className={classes.toggle}
                  aria-expanded={open}
                  aria-controls={open ? bodyId : undefined}
                  onClick={() => onToggle(name)}
                  startIcon={open ? <ExpandMoreIcon /> : <ChevronRightIcon />}
                >
                  {name}
                </Button>
              ) : (
                name
              )}
            </Typography>
            {open ? (
              props.about && (
                <Typography
                  component="div"
                  variant="body2"
                  color="textSecondary"
                  className={classes.about}
                >
                  {props.about}
                </Typography>
              )
            ) : (
              <Typography component="div" variant="body2">
                <Status statusStyle={props.statusStyle}>{props.word}</Status>
                {props.summary && <> · {props.summary}</>}
              </Typography>
            )}
          </div>
          <Row className={classes.tools}>
            {props.age && (
              <Typography component="div" variant="body2" color="textSecondary">
                {props.age}
              </Typography>
            )}
            {open ? <RefreshButton name={name} /> : props.actions}
          </Row>
        </div>
        {open && (
          <div id={bodyId}>
            <State {...props} />
            {props.children && (
              <div className={classes.body}>{props.children}</div>
            )}
          </div>
        )}
        {props.outside}
      </Paper>
    );
  },
);

function State(props: SectionFrameProps) {
  const classes = useStyles();
  const tones = useToneStyles();
  const { Icon, tone } = props.statusStyle;
  return (
    <div className={`${classes.state} ${tones[tone]}`}>
      <Icon />
      <div className={classes.answer}>
        <div role="status" className={classes.stateText}>
          <Typography component="div" className={classes.sentence}>
            <strong>{props.word}</strong>
            {' · '}
            {props.message}
          </Typography>
          {props.detail && <div className={classes.detail}>{props.detail}</div>}
        </div>
        {props.actions && (
          <Row className={classes.actions}>{props.actions}</Row>
        )}
        {props.actionsNote && (
          <div className={classes.actionsNote}>{props.actionsNote}</div>
        )}
      </div>
    </div>
  );
}
