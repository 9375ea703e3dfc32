import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import {
  operationKindOf,
  type Operation,
  type OperationOffer,
} from 'backstage-plugin-acr-cmk-common';
import { useState, type RefObject } from 'react';
import { useSendOnce } from '../../hooks/useSendOnce';
import { useTexts } from '../../translations/ref';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { YourRegistries } from '../AffectedRegistries/YourRegistries';
import { PlanReview } from '../ActionDialog/PlanReview';
import { EntityName } from '../shared/EntityName';
import { joined } from '../shared/joined';
import { Fact, Facts } from '../shared/layout';
import { Ago } from '../shared/Time';
import { useOperationTitle } from '../shared/useOperationTitle';

/** Decision about an operation. */
export type DecisionId = OperationOffer['action'];

/** Decides about an operation. The approver sees the plan, and can reject it from there. */
export function DecisionDialog(props: {
  action: DecisionId;
  operation: Operation;
  fallbackFocus: RefObject<HTMLElement>;
  onDecided(operation: Operation): void;
  onClosed(): void;
}) {
  const [action, setAction] = useState(props.action);
  // The decision is about the operation that was shown when the dialog opened.
  const [operation] = useState(props.operation);
  const t = useTexts();
  const titleOf = useOperationTitle();
  const request = useSendOnce<Operation>();
  const isApproval = action === 'approve';
  // A program cannot type the name, so the approver of its request does.
  const name = isApproval ? operation.approval?.typedName : undefined;
  const mayReject = operation.actions.some(
    offer => offer.action === 'reject' && offer.allowed,
  );
  return (
    <ConfirmationDialog
      title={joined([
        t(`decision.${action}.button`),
        titleOf(operationKindOf(operation), operation.registryName),
      ])}
      confirm={t(`decision.${action}.confirm`)}
      request={request}
      asksReason={!isApproval}
      name={name}
      first={
        isApproval &&
        mayReject && (
          <Button
            variant="outlined"
            disabled={request.pending}
            onClick={() => {
              // A refusal is about one decision, not about another that is chosen instead.
              request.reopen();
              setAction('reject');
            }}
          >
            {t('decision.reject.button')}
          </Button>
        )
      }
      fallbackFocus={props.fallbackFocus}
      onConfirm={async ({ reason, typedName }) => {
        const decided = await request.send(api =>
          isApproval
            ? api.approve(operation.id, operation.plan.hash, name && typedName)
            : api[action](operation.id, reason),
        );
        if (decided) props.onDecided(decided);
        return decided !== undefined;
      }}
      onClosed={props.onClosed}
    >
      <YourRegistries consumers={operation.plan.consumers} />
      <Typography variant="body2">{t(`decision.${action}.what`)}</Typography>
      <Facts>
        <Fact name={t('operation.by')}>
          <EntityName entityRef={operation.requestedBy} />,{' '}
          <Ago at={operation.createdAt} />
        </Fact>
        <Fact name={t('operation.reason')}>{operation.reason}</Fact>
      </Facts>
      {isApproval && (
        <PlanReview
          plan={operation.plan}
          approves={operation.approval}
          readOnly
        />
      )}
    </ConfirmationDialog>
  );
}
