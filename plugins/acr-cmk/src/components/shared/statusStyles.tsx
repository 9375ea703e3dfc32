import AccessTimeIcon from '@material-ui/icons/AccessTime';
import BlockIcon from '@material-ui/icons/Block';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import CheckIcon from '@material-ui/icons/Check';
import CloudOffIcon from '@material-ui/icons/CloudOff';
import ErrorIcon from '@material-ui/icons/Error';
import HelpIcon from '@material-ui/icons/Help';
import HowToRegIcon from '@material-ui/icons/HowToReg';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import InfoIcon from '@material-ui/icons/Info';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import LockIcon from '@material-ui/icons/LockOutlined';
import PlayIcon from '@material-ui/icons/PlayArrow';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import ScheduleIcon from '@material-ui/icons/Schedule';
import SyncIcon from '@material-ui/icons/Sync';
import UpdateIcon from '@material-ui/icons/Update';
import WarningIcon from '@material-ui/icons/Warning';
import type {
  Check,
  DoctorReport,
  Finding,
  OperationState,
  OperationStep,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';
import type { ComponentType, ReactNode } from 'react';
import { namedStyles } from './styles';

type Tone = 'good' | 'info' | 'warning' | 'bad' | 'neutral';

/** Icon and colour of a status. Never the colour alone: there is always a word with it. */
export interface StatusStyle {
  tone: Tone;
  Icon: ComponentType<{ className?: string; fontSize?: 'small' | 'default' }>;
}

/** A state with the tone `warning` or `bad` needs attention. */
export const stateStyles: Record<RegistryStateId, StatusStyle> = {
  current: { tone: 'good', Icon: CheckCircleIcon },
  converging: { tone: 'info', Icon: SyncIcon },
  behind: { tone: 'warning', Icon: UpdateIcon },
  'behind-by-choice': { tone: 'info', Icon: UpdateIcon },
  'behind-shared-key': { tone: 'info', Icon: UpdateIcon },
  'behind-manual': { tone: 'info', Icon: UpdateIcon },
  'last-change-failed': { tone: 'bad', Icon: ErrorIcon },
  'pinned-key-trap': { tone: 'bad', Icon: WarningIcon },
  'at-risk': { tone: 'warning', Icon: AccessTimeIcon },
  expired: { tone: 'bad', Icon: ErrorIcon },
  unreachable: { tone: 'bad', Icon: LinkOffIcon },
  revoked: { tone: 'bad', Icon: BlockIcon },
  unknown: { tone: 'neutral', Icon: HelpIcon },
  'no-cmk': { tone: 'neutral', Icon: LockOpenIcon },
};

export const unreadableStyle: StatusStyle = {
  tone: 'neutral',
  Icon: CloudOffIcon,
};

export const deniedStyle: StatusStyle = { tone: 'neutral', Icon: LockIcon };

export const checkStyles: Record<Check['status'], StatusStyle> = {
  pass: { tone: 'good', Icon: CheckCircleIcon },
  warn: { tone: 'warning', Icon: WarningIcon },
  fail: { tone: 'bad', Icon: ErrorIcon },
  unknown: { tone: 'neutral', Icon: HelpIcon },
};

export const severityStyles: Record<Finding['severity'], StatusStyle> = {
  info: { tone: 'info', Icon: InfoIcon },
  warning: { tone: 'warning', Icon: WarningIcon },
  error: { tone: 'bad', Icon: ErrorIcon },
};

export const doctorStyles: Record<DoctorReport['status'], StatusStyle> = {
  ok: checkStyles.pass,
  warning: checkStyles.warn,
  failed: checkStyles.fail,
  unknown: checkStyles.unknown,
};

export const operationStyles: Record<OperationState, StatusStyle> = {
  held: { tone: 'neutral', Icon: HourglassIcon },
  'awaiting-approval': { tone: 'warning', Icon: HowToRegIcon },
  queued: { tone: 'neutral', Icon: HourglassIcon },
  running: { tone: 'info', Icon: PlayIcon },
  waiting: { tone: 'info', Icon: ScheduleIcon },
  succeeded: { tone: 'good', Icon: CheckCircleIcon },
  failed: { tone: 'bad', Icon: ErrorIcon },
  cancelled: { tone: 'neutral', Icon: CancelIcon },
  rejected: { tone: 'neutral', Icon: BlockIcon },
  unverified: { tone: 'warning', Icon: HelpIcon },
};

export const stepStyles: Record<OperationStep['state'], StatusStyle> = {
  pending: { tone: 'neutral', Icon: RadioButtonUncheckedIcon },
  running: { tone: 'info', Icon: PlayIcon },
  waiting: { tone: 'info', Icon: ScheduleIcon },
  done: { tone: 'good', Icon: CheckCircleIcon },
  unchanged: { tone: 'good', Icon: CheckIcon },
  failed: { tone: 'bad', Icon: ErrorIcon },
};

/** The colour of each tone in the theme of the portal. */
export const useToneStyles = namedStyles('Tone', theme => {
  const shade = theme.palette.type === 'dark' ? 'light' : 'dark';
  return {
    good: { color: theme.palette.success[shade] },
    info: { color: theme.palette.info[shade] },
    warning: { color: theme.palette.warning[shade] },
    bad: { color: theme.palette.error[shade] },
    neutral: { color: theme.palette.text.secondary },
  };
});

const useStyles = namedStyles('Status', theme => ({
  // The icon stays with the first line of the text.
  root: {
    display: 'inline-flex',
    maxWidth: '100%',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    verticalAlign: 'bottom',
    fontWeight: 500,
  },
  icon: { flexShrink: 0 },
  // In a line that does not wrap, an ellipsis says that there is more.
  word: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' },
}));

/** An icon with its word. */
export function Status({
  statusStyle,
  children,
}: {
  statusStyle: StatusStyle;
  children: ReactNode;
}) {
  const classes = useStyles();
  const tones = useToneStyles();
  const { Icon } = statusStyle;
  return (
    <span className={classes.root}>
      <Icon
        className={`${classes.icon} ${tones[statusStyle.tone]}`}
        fontSize="small"
      />
      <span className={classes.word}>{children}</span>
    </span>
  );
}
