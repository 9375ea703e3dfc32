import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useId, useState, type RefObject } from 'react';
import { useDecision, type DecisionId } from '../../hooks/useDecision';
import { acrCmkTranslationRef } from '../../translations/ref';
import { YourRegistries } from '../AffectedRegistries/YourRegistries';
import { PlanReview } from '../ActionDialog/PlanReview';
import { isReason, ReasonField } from '../ActionDialog/ReasonField';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { TypedNameField } from '../ActionDialog/TypedNameField';
import { EntityName } from '../shared/EntityName';
import { FormActions, FormContent, FormDialog } from '../shared/FormDialog';
import { Fact, Facts } from '../shared/layout';
import { Ago } from '../shared/Time';
import { stack } from '../shared/styles';
import { useOperationTitle } from '../shared/useOperationTitle';

const useStyles = makeStyles(
  theme => ({
    content: {
      ...stack(theme, 3),
      // On a narrow screen the dialog is as high as the screen; the content stays at its top.
      alignContent: 'start',
    },
  }),
  { name: 'AcrCmkDecision' },
);

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
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const titleOf = useOperationTitle();
  const formId = useId();
  const [reason, setReason] = useState('');
  const [typedName, setTypedName] = useState('');
  // A program cannot type the name, so the approver of its request does.
  const name = action === 'approve' ? operation.approval?.typedName : undefined;
  const { decision, decide } = useDecision(operation, action);
  const [reasonMissing, setReasonMissing] = useState(0);
  const pending = decision.status === 'sending';
  const refusal = decision.status === 'refused' ? decision.refusal : undefined;
  const mayReject = operation.actions.some(
    offer => offer.action === 'reject' && offer.allowed,
  );

  return (
    <FormDialog
      title={t(`decision.${action}.title`, {
        what: titleOf(operationKindOf(operation), operation.registryName),
      })}
      pending={pending}
      fallbackFocus={props.fallbackFocus}
      onClosed={props.onClosed}
    >
      {close => (
        <>
          <FormContent
            className={classes.content}
            below={
              <form
                id={formId}
                noValidate
                onSubmit={async event => {
                  event.preventDefault();
                  if (pending) return;
                  if (action !== 'approve' && !isReason(reason)) {
                    setReasonMissing(times => times + 1);
                    return;
                  }
                  const decided = await decide(
                    reason.trim(),
                    name === undefined ? undefined : typedName,
                  );
                  if (!decided) return;
                  props.onDecided(decided);
                  close();
                }}
              >
                {name !== undefined && (
                  <TypedNameField
                    name={name}
                    value={typedName}
                    onChange={setTypedName}
                    refusal={refusal}
                    disabled={pending}
                  />
                )}
                {action !== 'approve' && (
                  <ReasonField
                    value={reason}
                    onChange={setReason}
                    missing={reasonMissing}
                    refused={refusal?.field === 'reason'}
                    disabled={pending}
                  />
                )}
              </form>
            }
          >
            <YourRegistries consumers={operation.plan.consumers} />
            <Typography variant="body2">
              {t(`decision.${action}.what`)}
            </Typography>
            <Facts>
              <Fact name={t('operation.by')}>
                <EntityName entityRef={operation.requestedBy} />,{' '}
                <Ago at={operation.createdAt} />
              </Fact>
              <Fact name={t('operation.reason')}>{operation.reason}</Fact>
            </Facts>
            {action === 'approve' && (
              <PlanReview
                plan={operation.plan}
                approves={operation.approval}
                readOnly
              />
            )}
          </FormContent>
          <FormActions
            formId={formId}
            close={t('close')}
            confirm={t(`decision.${action}.confirm`)}
            pending={pending}
            disabled={decision.status === 'taken'}
            onClose={close}
            other={
              action === 'approve' &&
              mayReject && (
                <Button
                  variant="outlined"
                  disabled={pending}
                  onClick={() => setAction('reject')}
                >
                  {t('decision.reject.button')}
                </Button>
              )
            }
          >
            {refusal && <RefusalNote refusal={refusal} />}
          </FormActions>
        </>
      )}
    </FormDialog>
  );
}
