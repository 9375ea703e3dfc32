import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  type ActionId,
  type OperationRequest,
  type Plan,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId, useState } from 'react';
import type { Acceptance } from '../../hooks/useAcceptance';
import { readRefusal } from '../../hooks/refusal';
import { useLatestDefined } from '../../hooks/useLatestDefined';
import { usePlan } from '../../hooks/usePlan';
import { acrCmkTranslationRef } from '../../translations/ref';
import {
  DialogButtons,
  FormContent,
  FormNotes,
  SubmitButton,
} from '../shared/FormDialog';
import { checkStyles } from '../shared/statusStyles';
import { Note } from '../shared/Note';
import { StopRotation } from './IdentityQuestions';
import {
  intentOf,
  isTyped,
  questionsOf,
  staysOnVersion,
  type Answers,
} from './intents';
import { PlanPart } from './PlanPart';
import { Questions } from './Questions';
import { isReason } from './ReasonField';
import { RefusalNote } from './RefusalNote';
import { ConfirmationFields } from './ConfirmationFields';
import { stack } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    content: {
      ...stack(theme, 3),
      alignContent: 'start',
    },
    // The questions to the left of their plan, where it is wide enough.
    twoColumns: {
      [theme.breakpoints.up('md')]: {
        gridTemplateColumns: 'minmax(0, 24rem) minmax(0, 1fr)',
        columnGap: theme.spacing(4),
      },
    },
    part: { minWidth: 0 },
    nothingYet: {
      padding: theme.spacing(3),
      border: `1px dashed ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      textAlign: 'center',
    },
    blocked: {
      flex: '1 1 15em',
      [theme.breakpoints.down('xs')]: { flexBasis: '100%' },
    },
  }),
  { name: 'AcrCmkReviewForm' },
);

/** The questions, the plan for their answers, what it needs of a person, and the button that accepts it. */
export function ReviewForm(props: {
  action: ActionId;
  entityRef: string;
  registry: RegistryEncryption;
  answers: Answers;
  onAnswers(answers: Answers): void;
  /** Name of the operation. */
  operationLabel: string;
  /** Called with the plan that is shown; undefined while there is none. */
  onPlan(plan: Plan | undefined): void;
  acceptance: Exclude<Acceptance, { status: 'accepted' }>;
  onAccept(request: Omit<OperationRequest, 'idempotencyKey'>): void;
  onReopen(): void;
  onCancel(): void;
}) {
  const { action, registry, answers, acceptance } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const formId = useId();
  const blockedId = useId();
  const [reason, setReason] = useState('');
  const [typedName, setTypedName] = useState('');
  const [reasonMissing, setReasonMissing] = useState(0);

  const intent = intentOf(action, registry, answers);
  const { plan, again } = usePlan(
    intent && {
      entityRef: props.entityRef,
      registryId: registry.registryId,
      intent,
    },
    intent !== undefined && isTyped(intent),
  );
  const ready = intent && plan.status === 'ready' ? plan.data : undefined;
  // While another plan is loading, the questions and the fields keep what they show.
  const last = useLatestDefined(ready);

  const offersStop =
    action === 'rotate' &&
    staysOnVersion(registry, answers) &&
    (answers.stopRotation || last?.afterwards?.stopRotation === true);
  const onAnswers = (changed: Partial<Answers>) => {
    props.onReopen();
    props.onAnswers({ ...answers, ...changed });
  };
  const { onPlan } = props;
  useEffect(() => onPlan(ready), [onPlan, ready]);
  const hasQuestions = questionsOf(action, registry, answers).length > 0;
  const pending = acceptance.status === 'sending';
  const refusal =
    acceptance.status === 'refused' ? acceptance.refusal : undefined;
  const replanning = plan.status === 'ready' && plan.refreshing;
  const acceptable = ready !== undefined && !ready.blocked && !replanning;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (pending || !acceptable) return;
    if (!isReason(reason)) {
      setReasonMissing(times => times + 1);
      return;
    }
    props.onAccept({
      planId: ready.id,
      planHash: ready.hash,
      reason: reason.trim(),
      ...(ready.confirmation.typedName !== null && { confirmation: typedName }),
    });
  };

  const confirmation = plan.status !== 'denied' && (
    <form id={formId} onSubmit={submit} noValidate>
      <ConfirmationFields
        plan={last}
        reason={reason}
        onReason={setReason}
        reasonMissing={reasonMissing}
        typedName={typedName}
        onTypedName={setTypedName}
        refusal={refusal}
        disabled={pending}
      />
    </form>
  );

  return (
    <>
      <FormContent
        className={`${classes.content} ${
          hasQuestions ? classes.twoColumns : ''
        }`}
        below={confirmation}
      >
        {hasQuestions && (
          <div className={classes.part}>
            <Questions
              action={action}
              entityRef={props.entityRef}
              registry={registry}
              answers={answers}
              methods={last?.methods}
              disabled={pending}
              onAnswers={onAnswers}
            />
          </div>
        )}
        <div className={classes.part}>
          {intent ? (
            <PlanPart
              plan={plan}
              identity={registry.identity}
              offer={
                offersStop && (
                  <StopRotation
                    answers={answers}
                    disabled={pending}
                    onAnswers={onAnswers}
                  />
                )
              }
            />
          ) : (
            <Typography
              variant="body2"
              color="textSecondary"
              role="status"
              className={classes.nothingYet}
            >
              {t('plan.incomplete')}
            </Typography>
          )}
        </div>
      </FormContent>
      <FormNotes>
        {refusal && (
          <RefusalNote
            refusal={refusal}
            onReplan={() => {
              props.onReopen();
              again();
            }}
          />
        )}
        {plan.status === 'ready' && plan.refreshError && (
          <Note statusStyle={checkStyles.fail} role="alert">
            {t('plan.failed', {
              message: readRefusal(plan.refreshError).message,
            })}
          </Note>
        )}
      </FormNotes>
      <DialogButtons>
        {ready?.blocked && (
          <Typography
            id={blockedId}
            variant="body2"
            className={classes.blocked}
          >
            {t('plan.blocked')}
          </Typography>
        )}
        <Button onClick={props.onCancel} disabled={pending}>
          {t('cancel')}
        </Button>
        {plan.status !== 'denied' && (
          <SubmitButton
            dangerous={action === 'revoke' || action === 'retire'}
            formId={formId}
            pending={pending}
            disabled={!acceptable}
            describedBy={ready?.blocked ? blockedId : undefined}
          >
            {last?.approval.required
              ? t('plan.requestApproval')
              : props.operationLabel}
          </SubmitButton>
        )}
      </DialogButtons>
    </>
  );
}
