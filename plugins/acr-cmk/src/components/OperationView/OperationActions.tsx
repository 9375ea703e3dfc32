import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  Operation,
  OperationOffer,
} from 'backstage-plugin-acr-cmk-common';
import { useRef } from 'react';
import { useTexts } from '../../translations/ref';
import { permissionIn } from '../shared/permissions';
import { sentence } from '../shared/sentence';
import { Row, Stack } from '../shared/Stack';
import { namedStyles } from '../shared/styles';
import type { DecisionId } from './DecisionDialog';
import { useDecision } from './useDecision';

const useStyles = namedStyles('OperationActions', {
  // A press on it must not be one on Reject.
  cancel: { marginLeft: 'auto' },
});

const VARIANTS = {
  approve: 'contained',
  // The head has Restore, which most come for.
  confirm: 'outlined',
  reject: 'outlined',
  cancel: 'text',
} as const satisfies Record<DecisionId, string>;

/** Decisions about an operation that are open to the viewer; one line where they may not approve it. */
export function OperationActions(props: {
  operation: Operation;
  onDecided(operation: Operation): void;
}) {
  const { operation } = props;
  const t = useTexts();
  const root = useRef<HTMLDivElement>(null);
  const { decide, dialog } = useDecision({
    fallbackFocus: root,
    onDecided: props.onDecided,
  });
  const allowed = operation.actions.filter(offer => offer.allowed);
  const refusal = refusalIn(operation.actions);
  if (operation.actions.length === 0 && !dialog) return null;
  return (
    <Stack ref={root} tabIndex={-1}>
      <Row>
        {refusal && (
          <Typography variant="body2" color="textSecondary">
            {permissionIn(refusal) ? t('decision.notYours') : sentence(refusal)}
          </Typography>
        )}
        {allowed.map(({ action }) => (
          <DecisionButton
            key={action}
            action={action}
            onClick={() => decide(action, operation)}
          />
        ))}
      </Row>
      {dialog}
    </Stack>
  );
}

/** Reason why the viewer may not approve; else, why not make a revoke permanent. Without a permission, nobody asks that. */
function refusalIn(offers: readonly OperationOffer[]): string | undefined {
  const refused = (action: DecisionId) =>
    offers.find(offer => offer.action === action && !offer.allowed)?.reason;
  const confirm = refused('confirm');
  return (
    refused('approve') ??
    (confirm && permissionIn(confirm) ? undefined : confirm)
  );
}

function DecisionButton(props: { action: DecisionId; onClick(): void }) {
  const { action } = props;
  const classes = useStyles();
  const t = useTexts();
  const forward = action === 'approve' || action === 'confirm';
  return (
    <Button
      size="small"
      variant={VARIANTS[action]}
      color={forward ? 'primary' : 'default'}
      className={action === 'cancel' ? classes.cancel : undefined}
      onClick={props.onClick}
    >
      {t(`decision.${action}.button`)}
    </Button>
  );
}
