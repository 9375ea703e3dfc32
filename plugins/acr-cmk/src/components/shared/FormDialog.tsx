import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useId, useState, type ReactNode, type RefObject } from 'react';
import { useDangerStyles } from './danger';
import { namedStyles, stack } from './styles';
import { useIsNarrow } from './useIsNarrow';

const useStyles = namedStyles('FormDialog', theme => ({
  content: {
    ...stack(theme, 3),
    // On a narrow screen the dialog is as high as the screen; the content stays at its top.
    alignContent: 'start',
    // On a screen that is too low for both, the whole dialog scrolls, with its buttons at the end.
    '@media (max-height: 399.95px)': { flex: 'none', overflowY: 'visible' },
  },
  // The buttons end where the fields above them end.
  actions: { flexWrap: 'wrap', padding: theme.spacing(1, 3) },
  // A press on it must not be one on the others.
  first: { marginRight: 'auto' },
  because: {
    flex: '1 1 15em',
    [theme.breakpoints.down('xs')]: { flexBasis: '100%' },
  },
  below: {
    padding: theme.spacing(1.5, 3, 0.5),
    '&:empty': { display: 'none' },
  },
  notes: {
    padding: theme.spacing(0, 3),
    '& > *': { margin: theme.spacing(1, 0) },
  },
}));

/**
 * A dialog with a form. It cannot be closed while its request is pending. When it closes, it returns the
 * focus.
 */
export function FormDialog(props: {
  title: string;
  subtitle?: ReactNode;
  wide?: boolean;
  pending: boolean;
  /** Takes the focus when the button that opened the dialog cannot. */
  fallbackFocus: RefObject<HTMLElement>;
  onClosed(): void;
  children(close: () => void): ReactNode;
}) {
  const titleId = useId();
  const narrow = useIsNarrow();
  // A window of 1400 by 900 pixels is so low at a zoom of 200 %.
  const low = useMediaQuery('(max-height: 559.95px)');
  const still = useMediaQuery('(prefers-reduced-motion: reduce)');
  const [open, setOpen] = useState(true);
  const [trigger] = useState(() => document.activeElement);
  const close = () => {
    if (!props.pending) setOpen(false);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      aria-labelledby={titleId}
      aria-busy={props.pending}
      maxWidth={props.wide ? 'lg' : 'md'}
      fullWidth
      fullScreen={narrow || low}
      scroll="paper"
      transitionDuration={still ? 0 : undefined}
      TransitionProps={{
        onExited: () => {
          returnFocus(trigger, props.fallbackFocus.current);
          props.onClosed();
        },
      }}
    >
      <DialogTitle disableTypography>
        <Typography id={titleId} variant="h6" component="h2">
          {props.title}
        </Typography>
        {props.subtitle}
      </DialogTitle>
      {props.children(close)}
    </Dialog>
  );
}

/** Scrolling content of a dialog, and below it, always in view, the inputs that its button needs. */
export function FormContent(props: {
  className?: string;
  children: ReactNode;
  below: ReactNode;
}) {
  const classes = useStyles();
  return (
    <>
      <DialogContent
        data-testid="scrolling-part"
        dividers
        className={`${classes.content} ${props.className ?? ''}`}
      >
        {props.children}
      </DialogContent>
      <div className={classes.below}>{props.below}</div>
    </>
  );
}

/** Buttons at the end of a dialog. */
export function DialogButtons({ children }: { children: ReactNode }) {
  const classes = useStyles();
  return <DialogActions className={classes.actions}>{children}</DialogActions>;
}

/** Refusal of a form, and below it the buttons that send and close it. */
export function FormActions(props: {
  /** Form that the button sends. Absent with `onConfirm`. */
  formId?: string;
  onConfirm?(): void;
  close: string;
  /** Absent where the viewer may not send the form. */
  confirm?: string;
  pending: boolean;
  /** The form cannot be sent now. */
  disabled?: boolean;
  /** Sentence beside the buttons. */
  disabledBecause?: string;
  /** Id of the text elsewhere that says why it cannot be sent. */
  describedBy?: string;
  dangerous?: boolean;
  /** Button at the other end of the row. */
  first?: ReactNode;
  /** Another button. */
  other?: ReactNode;
  onClose(): void;
  /** Refusal of the last request. */
  children?: ReactNode;
}) {
  const { pending, confirm, disabledBecause } = props;
  const classes = useStyles();
  const reasonId = useId();
  return (
    <>
      <div className={classes.notes}>{props.children}</div>
      <DialogButtons>
        {props.first && <div className={classes.first}>{props.first}</div>}
        {disabledBecause && (
          <Typography id={reasonId} variant="body2" className={classes.because}>
            {disabledBecause}
          </Typography>
        )}
        <Button onClick={props.onClose} disabled={pending}>
          {props.close}
        </Button>
        {props.other}
        {confirm && (
          <SubmitButton
            formId={props.formId}
            onClick={props.onConfirm}
            pending={pending}
            disabled={props.disabled}
            dangerous={props.dangerous}
            describedBy={disabledBecause ? reasonId : props.describedBy}
          >
            {confirm}
          </SubmitButton>
        )}
      </DialogButtons>
    </>
  );
}

/** Button that sends a form. While its request is pending, it is disabled and shows so. */
export function SubmitButton(props: {
  /** Default: the form around it. */
  formId?: string;
  /** Sends what is in no form. */
  onClick?(): void;
  pending: boolean;
  disabled?: boolean;
  dangerous?: boolean;
  size?: 'small';
  describedBy?: string;
  children: ReactNode;
}) {
  const { pending, dangerous } = props;
  const danger = useDangerStyles();
  const disabled = pending || props.disabled;
  return (
    <Button
      type={props.onClick ? 'button' : 'submit'}
      form={props.formId}
      onClick={props.onClick}
      size={props.size}
      variant="contained"
      color={dangerous ? 'default' : 'primary'}
      className={dangerous && !disabled ? danger.contained : undefined}
      disabled={disabled}
      aria-describedby={props.describedBy}
      startIcon={
        pending ? (
          <CircularProgress size={16} color="inherit" aria-hidden />
        ) : undefined
      }
    >
      {props.children}
    </Button>
  );
}

/** A button that is disabled by now (an operation runs) cannot take the focus. */
function returnFocus(trigger: Element | null, fallback: HTMLElement | null) {
  const usable =
    trigger instanceof HTMLElement &&
    trigger.isConnected &&
    !trigger.matches(':disabled');
  (usable ? trigger : fallback)?.focus();
}
