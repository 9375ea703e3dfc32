import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ActionId, ActionOffer } from 'backstage-plugin-acr-cmk-common';
import { useId } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Block } from '../shared/layout';

const useStyles = makeStyles(
  theme => ({
    columns: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20em), 1fr))',
      alignItems: 'start',
    },
    danger: {
      padding: theme.spacing(2),
      border: `1px solid ${theme.palette.error.main}`,
      borderRadius: theme.shape.borderRadius,
    },
    offers: { display: 'grid', gap: theme.spacing(2) },
    dangerous: {
      color:
        theme.palette.error[theme.palette.type === 'dark' ? 'light' : 'dark'],
      borderColor: 'currentColor',
    },
  }),
  { name: 'AcrCmkActions' },
);

/** Everyday actions stand alone; what can stop a registry stands in a zone of its own. */
const ZONES: Record<ActionId, 'everyday' | 'danger'> = {
  rotate: 'everyday',
  revoke: 'danger',
  restore: 'danger',
};

/** What the backend offers to this person, and for the rest the reason why not. */
export function Actions(props: {
  offers: ActionOffer[];
  onAsk(action: ActionId): void;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const inZone = (zone: 'everyday' | 'danger') =>
    props.offers.filter(({ action }) => ZONES[action] === zone);
  const everyday = inZone('everyday');
  const danger = inZone('danger');
  return (
    <div className={classes.columns}>
      {everyday.length > 0 && (
        <Block title={t('actions.title')}>
          <Offers offers={everyday} onAsk={props.onAsk} />
        </Block>
      )}
      {danger.length > 0 && (
        <div className={classes.danger}>
          <Block title={t('actions.danger')}>
            <Offers offers={danger} onAsk={props.onAsk} />
          </Block>
        </div>
      )}
    </div>
  );
}

function Offers(props: {
  offers: ActionOffer[];
  onAsk(action: ActionId): void;
}) {
  const classes = useStyles();
  return (
    <div className={classes.offers}>
      {props.offers.map(offer => (
        <Offer key={offer.action} offer={offer} onAsk={props.onAsk} />
      ))}
    </div>
  );
}

function Offer(props: { offer: ActionOffer; onAsk(action: ActionId): void }) {
  const { action, allowed, reason } = props.offer;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const textId = useId();
  return (
    <div>
      <Button
        variant={action === 'rotate' ? 'contained' : 'outlined'}
        color={action === 'rotate' ? 'primary' : 'default'}
        className={
          action === 'revoke' && allowed ? classes.dangerous : undefined
        }
        disabled={!allowed}
        aria-describedby={textId}
        onClick={() => props.onAsk(action)}
      >
        {t(`actions.${action}.button`)}
      </Button>
      <Typography id={textId} variant="body2" color="textSecondary">
        {allowed || !reason ? t(`actions.${action}.what`) : reason}
      </Typography>
    </div>
  );
}
