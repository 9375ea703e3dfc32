import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ActionId, ActionOffer } from 'backstage-plugin-acr-cmk-common';
import { memo, useId } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { useDangerStyles } from '../shared/danger';
import { Block } from '../shared/layout';

const useStyles = makeStyles(
  theme => ({
    // As wide as what stands above it, however long it is.
    main: { width: 0, minWidth: '100%', overflowWrap: 'anywhere' },
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
    text: { flex: '1 1 18em', minWidth: 0 },
    title: { fontWeight: 700 },
    button: { minWidth: '8em' },
  }),
  { name: 'AcrCmkActions' },
);

/** The everyday action stands at the top; what can stop a registry stands in a zone of its own. */
const MAIN: ActionId = 'rotate';

/** The everyday action. */
export function MainAction(props: {
  offers: ActionOffer[];
  /** Of the reason that stands beside it. */
  reasonId: string;
  onAsk(action: ActionId): void;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const offer = props.offers.find(({ action }) => action === MAIN);
  if (!offer) return null;
  return (
    <Button
      variant="contained"
      color="primary"
      size="small"
      disabled={!offer.allowed}
      aria-describedby={offer.allowed ? undefined : props.reasonId}
      onClick={() => props.onAsk(MAIN)}
    >
      {t(`actions.${MAIN}.button`)}
    </Button>
  );
}

/** Why the everyday action is not offered. */
export function MainActionReason(props: {
  offers: ActionOffer[];
  reasonId: string;
}) {
  const classes = useStyles();
  const offer = props.offers.find(({ action }) => action === MAIN);
  if (!offer || offer.allowed || !offer.reason) return null;
  return (
    <Typography
      id={props.reasonId}
      variant="body2"
      color="textSecondary"
      className={classes.main}
    >
      {offer.reason}
    </Typography>
  );
}

/** What can stop a registry: each with what it does, or the reason why it is not offered. */
export const DangerZone = memo(
  (props: { offers: ActionOffer[]; onAsk(action: ActionId): void }) => {
    const classes = useStyles();
    const { t } = useTranslationRef(acrCmkTranslationRef);
    const offers = props.offers.filter(({ action }) => action !== MAIN);
    if (offers.length === 0) return null;
    return (
      <div className={classes.zone}>
        <Block title={t('actions.danger')}>
          {offers.map(offer => (
            <Offer key={offer.action} offer={offer} onAsk={props.onAsk} />
          ))}
        </Block>
      </div>
    );
  },
);

function Offer(props: { offer: ActionOffer; onAsk(action: ActionId): void }) {
  const { action, allowed, reason } = props.offer;
  const classes = useStyles();
  const danger = useDangerStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const textId = useId();
  const takesAway = action === 'revoke' || action === 'retire';
  return (
    <div className={classes.offer}>
      <div className={classes.text} id={textId}>
        <Typography variant="body2" className={classes.title}>
          {t(`actions.${action}.short`)}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {allowed || !reason ? t(`actions.${action}.what`) : reason}
        </Typography>
      </div>
      <Button
        variant="outlined"
        className={`${classes.button} ${
          takesAway && allowed ? danger.outlined : ''
        }`}
        disabled={!allowed}
        aria-describedby={textId}
        onClick={() => props.onAsk(action)}
      >
        {t(`actions.${action}.button`)}
      </Button>
    </div>
  );
}
