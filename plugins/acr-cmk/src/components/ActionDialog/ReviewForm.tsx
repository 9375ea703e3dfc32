import Typography from '@material-ui/core/Typography';
import type {
  ActionId,
  Plan,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId } from 'react';
import { dataOf, isRefreshing } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { useLatestDefined } from '../../hooks/useLatestDefined';
import { usePlan } from '../../hooks/usePlan';
import type { SendOnce } from '../../hooks/useSendOnce';
import { useTexts } from '../../translations/ref';
import { FormActions, FormContent } from '../shared/FormDialog';
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
import { RefusalNote } from './RefusalNote';
import { acceptPlan, type Accepted } from './acceptPlan';
import { ConfirmationFields, useConfirmation } from './ConfirmationFields';
import { namedStyles } from '../shared/styles';

const useStyles = namedStyles('ReviewForm', theme => ({
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
}));

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
  request: SendOnce<Accepted>;
  onAccepted(operation: Accepted): void;
  onCancel(): void;
}) {
  const { action, registry, answers, request } = props;
  const { pending, refusal, reopen } = request;
  const classes = useStyles();
  const t = useTexts();
  const formId = useId();
  const incompleteId = useId();
  const confirmation = useConfirmation();

  const intent = intentOf(action, registry, answers);
  const { plan, again } = usePlan(
    intent && {
      entityRef: props.entityRef,
      registryId: registry.registryId,
      intent,
    },
    intent !== undefined && isTyped(intent),
  );
  const ready = intent && dataOf(plan);
  // While another plan is loading, the questions and the fields keep what they show.
  const last = useLatestDefined(ready);

  const offersStop =
    action === 'rotate' &&
    staysOnVersion(registry, answers) &&
    (answers.stopRotation || last?.afterwards?.stopRotation === true);
  const onAnswers = (changed: Partial<Answers>) => {
    reopen();
    props.onAnswers({ ...answers, ...changed });
  };
  const { onPlan } = props;
  useEffect(() => onPlan(ready), [onPlan, ready]);
  const hasQuestions = questionsOf(action, registry, answers).length > 0;
  const replanning = isRefreshing(plan);
  const acceptable = ready !== undefined && !ready.blocked && !replanning;

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (pending || !acceptable || !confirmation.hasReason()) return;
    const accepted = await request.send((api, idempotencyKey) =>
      acceptPlan(api, {
        planId: ready.id,
        planHash: ready.hash,
        reason: confirmation.reason.trim(),
        ...(ready.confirmation.typedName !== null && {
          confirmation: confirmation.typedName,
        }),
        idempotencyKey,
      }),
    );
    if (accepted) props.onAccepted(accepted);
  };

  const confirm =
    intent && last?.approval.required
      ? t('plan.requestApproval')
      : props.operationLabel;
  return (
    <>
      <FormContent
        className={hasQuestions ? classes.twoColumns : undefined}
        below={
          plan.status !== 'denied' && (
            <form id={formId} onSubmit={submit} noValidate>
              <ConfirmationFields
                confirmation={confirmation}
                name={last?.confirmation.typedName}
                refusal={refusal}
                disabled={pending}
              />
            </form>
          )
        }
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
              id={incompleteId}
              className={classes.nothingYet}
            >
              {t('plan.incomplete')}
            </Typography>
          )}
        </div>
      </FormContent>
      <FormActions
        formId={formId}
        close={t('cancel')}
        confirm={plan.status === 'denied' ? undefined : confirm}
        pending={pending}
        disabled={!acceptable}
        disabledBecause={ready?.blocked ? t('plan.blocked') : undefined}
        describedBy={intent ? undefined : incompleteId}
        dangerous={action === 'revoke' || action === 'retire'}
        onClose={props.onCancel}
      >
        {refusal && (
          <RefusalNote
            refusal={refusal}
            onReplan={() => {
              reopen();
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
      </FormActions>
    </>
  );
}
