import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  ActionId,
  ActionOffer,
  Intent,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { useDangerStyles } from '../shared/danger';
import { Block } from '../shared/layout';
import { permissionIn, useExplainPermissions } from '../shared/permissions';
import type { MainAction } from './mainAction';

const useStyles = makeStyles(
  theme => ({
    // No wider than the buttons above it.
    reason: { width: 0, minWidth: '100%', overflowWrap: 'anywhere' },
    zone: {
      padding: theme.spacing(2, 2, 0),
      border: `1px solid ${theme.palette.error.main}`,
      borderRadius: theme.shape.borderRadius,
    },
    offer: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1, 3),
      justifyContent: 'space-between',
      alignItems: 'center',
      padding: theme.spacing(1.5, 0),
      borderTop: `1px solid ${theme.palette.divider}`,
    },
    text: { flex: '1 1 18em', minWidth: 0, overflowWrap: 'anywhere' },
    title: { fontWeight: 700 },
    button: { minWidth: '8em' },
  }),
  { name: 'AcrCmkActions' },
);

export type OnAction = (action: ActionId, intent?: Intent) => void;

/** The action that fits the state of the registry, and Rotate as a second one. */
export function HeadActions(props: {
  main: MainAction | undefined;
  second: ActionOffer | undefined;
  /** Id of the element with the reason why the main action is not allowed. */
  reasonId: string;
  onAction: OnAction;
}) {
  const { main, second, onAction } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      {second && (
        <Button
          variant="outlined"
          color="primary"
          size="small"
          onClick={() => onAction(second.action)}
        >
          {t(`actions.${second.action}.button`)}
        </Button>
      )}
      {main && (
        <Button
          variant="contained"
          color="primary"
          size="small"
          disabled={!main.offer.allowed}
          aria-describedby={main.offer.allowed ? undefined : props.reasonId}
          onClick={() => onAction(main.offer.action, main.intent)}
        >
          {main.intent
            ? t(`findings.review.${main.offer.action}`)
            : t(`actions.${main.offer.action}.button`)}
        </Button>
      )}
    </>
  );
}

/** Why the main action is not allowed. */
export function MainActionReason(props: {
  main: MainAction | undefined;
  reasonId: string;
}) {
  const classes = useStyles();
  const explain = useExplainPermissions();
  const offer = props.main?.offer;
  if (!offer || offer.allowed || !offer.reason) return null;
  return (
    <Typography
      id={props.reasonId}
      variant="body2"
      color="textSecondary"
      className={classes.reason}
    >
      {explain(offer.reason)}
    </Typography>
  );
}

/**
 * Actions that can stop a registry, each with its effect or the reason why it is not allowed. One line for a
 * viewer who lacks the permissions: buttons that are always off are only in the way.
 */
export const DangerZone = memo(
  (props: {
    offers: ActionOffer[];
    /** Shown in the head, and not again here. */
    main: ActionId | undefined;
    onAction: OnAction;
  }) => {
    const classes = useStyles();
    const { t } = useTranslationRef(acrCmkTranslationRef);
    const offers = props.offers.filter(
      ({ action }) =>
        action !== 'rotate' &&
        action !== 'automatic-rotation' &&
        action !== props.main,
    );
    if (offers.length === 0) return null;
    const missing = new Set(
      offers.flatMap(({ reason }) => permissionIn(reason) ?? []),
    );
    if (missing.size > 0 && !offers.some(({ allowed }) => allowed)) {
      return <MissingPermissions names={[...missing]} />;
    }
    return (
      <div className={classes.zone}>
        <Block title={t('actions.danger')}>
          {offers.map(offer => (
            <Offer key={offer.action} offer={offer} onAction={props.onAction} />
          ))}
        </Block>
      </div>
    );
  },
);

function MissingPermissions({ names }: { names: string[] }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const explain = useExplainPermissions();
  return (
    <Typography variant="body2" color="textSecondary">
      {t('actions.denied')} {names.map(explain).join(', ')}.
    </Typography>
  );
}

function Offer(props: { offer: ActionOffer; onAction: OnAction }) {
  const { action, allowed, reason } = props.offer;
  const classes = useStyles();
  const danger = useDangerStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const explain = useExplainPermissions();
  const textId = useId();
  const takesAway = action === 'revoke' || action === 'retire';
  return (
    <div className={classes.offer}>
      <div className={classes.text} id={textId}>
        <Typography variant="body2" className={classes.title}>
          {t(`actions.${action}.short`)}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {allowed || !reason ? t(`actions.${action}.what`) : explain(reason)}
        </Typography>
      </div>
      <Button
        variant="outlined"
        className={`${classes.button} ${
          takesAway && allowed ? danger.outlined : ''
        }`}
        disabled={!allowed}
        aria-describedby={textId}
        onClick={() => props.onAction(action)}
      >
        {t(`actions.${action}.button`)}
      </Button>
    </div>
  );
}
