import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  Operation,
  OperationOffer,
} from 'backstage-plugin-acr-cmk-common';
import { lazy, Suspense, useId, useRef, useState } from 'react';
import type { DecisionId } from '../../hooks/useDecision';
import { acrCmkTranslationRef } from '../../translations/ref';
import { useExplainPermissions } from '../shared/permissions';

const DecisionDialog = lazy(() =>
  import('./DecisionDialog').then(m => ({ default: m.DecisionDialog })),
);

const useStyles = makeStyles(
  theme => ({
    root: { '&:focus': { outline: 'none' } },
    buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
    reasons: {
      listStyle: 'none',
      margin: theme.spacing(1, 0, 0),
      padding: 0,
    },
  }),
  { name: 'AcrCmkOperationActions' },
);

/** Decisions about an operation that are open to the viewer, and reasons for those that are not. */
export function OperationActions(props: {
  operation: Operation;
  onDecided(operation: Operation): void;
}) {
  const { operation } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const explain = useExplainPermissions();
  const root = useRef<HTMLDivElement>(null);
  const [decision, setDecision] = useState<DecisionId>();
  const reasonsId = useId();
  const refused = operation.actions.filter(
    ({ allowed, reason }) => !allowed && reason,
  );
  if (operation.actions.length === 0 && !decision) return null;
  return (
    <div ref={root} tabIndex={-1} className={classes.root}>
      <div className={classes.buttons}>
        {operation.actions.map(offer => (
          <DecisionButton
            key={offer.action}
            offer={offer}
            describedBy={offer.allowed ? undefined : reasonsId}
            onClick={() => setDecision(offer.action)}
          />
        ))}
      </div>
      {refused.length > 0 && (
        <ul id={reasonsId} className={classes.reasons}>
          {refused.map(({ action, reason }) => (
            <Typography
              key={action}
              component="li"
              variant="body2"
              color="textSecondary"
            >
              {t(`decision.${action}.button`)}: {explain(reason ?? '')}
            </Typography>
          ))}
        </ul>
      )}
      {decision && (
        <Suspense fallback={null}>
          <DecisionDialog
            action={decision}
            operation={operation}
            fallbackFocus={root}
            onDecided={props.onDecided}
            onClosed={() => setDecision(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

function DecisionButton(props: {
  offer: OperationOffer;
  describedBy: string | undefined;
  onClick(): void;
}) {
  const { action, allowed } = props.offer;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const forward = action === 'approve' || action === 'confirm';
  return (
    <Button
      size="small"
      variant={forward ? 'contained' : 'outlined'}
      color={forward ? 'primary' : 'default'}
      disabled={!allowed}
      aria-describedby={props.describedBy}
      onClick={props.onClick}
    >
      {t(`decision.${action}.button`)}
    </Button>
  );
}
