import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  type ActionId,
  type OperationRequest,
  type Plan,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useId, useState } from 'react';
import type { Acceptance } from '../../hooks/useAcceptance';
import type { Loaded } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { useLast } from '../../hooks/useLast';
import { usePlan } from '../../hooks/usePlan';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Denied } from '../shared/Denied';
import { checkLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { useDangerStyles } from '../shared/danger';
import { intentOf, isTyped, questionsOf, type Answers } from './intents';
import { PlanReview } from './PlanReview';
import { Questions } from './Questions';
import { RefusalNote } from './RefusalNote';
import { SignFields } from './SignFields';

const useStyles = makeStyles(
  theme => ({
    content: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'minmax(0, 1fr)',
      alignContent: 'start',
    },
    // The questions and the signature beside the plan that they make, where there is room.
    beside: {
      [theme.breakpoints.up('md')]: {
        gridTemplateColumns: 'minmax(0, 24rem) minmax(0, 1fr)',
        gridTemplateRows: 'auto 1fr',
        columnGap: theme.spacing(4),
        '& > [data-part=plan]': { gridColumn: 2, gridRow: '1 / 3' },
        '& > [data-part=sign]': { gridColumn: 1, gridRow: 2 },
      },
    },
    part: { minWidth: 0 },
    nothingYet: {
      padding: theme.spacing(3),
      border: `1px dashed ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      textAlign: 'center',
    },
    notes: {
      padding: theme.spacing(0, 3),
      '& > *': { margin: theme.spacing(1, 0) },
    },
    actions: { flexWrap: 'wrap' },
    blocked: {
      flex: '1 1 15em',
      padding: theme.spacing(0, 2),
      [theme.breakpoints.down('xs')]: { flexBasis: '100%' },
    },
  }),
  { name: 'AcrCmkReviewForm' },
);

/** What is asked, the plan that comes of it, what it needs of a person, and the button for it. */
export function ReviewForm(props: {
  action: ActionId;
  entityRef: string;
  registry: RegistryEncryption;
  answers: Answers;
  onAnswers(answers: Answers): void;
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
  // While another plan is made, the questions and the fields keep what they show.
  const last = useLast(ready);

  const asks = questionsOf(action, registry, answers).length > 0;
  const pending = acceptance.status === 'sending';
  const refusal =
    acceptance.status === 'refused' ? acceptance.refusal : undefined;
  const replanning = plan.status === 'ready' && plan.refreshing;
  const acceptable = ready !== undefined && !ready.blocked && !replanning;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (pending || !acceptable) return;
    props.onAccept({
      planId: ready.id,
      planHash: ready.hash,
      reason: reason.trim(),
      ...(ready.confirmation.typedName !== null && { confirmation: typedName }),
    });
  };

  return (
    <>
      <DialogContent
        dividers
        className={`${classes.content} ${asks ? classes.beside : ''}`}
      >
        {asks && (
          <div className={classes.part}>
            <Questions
              action={action}
              registry={registry}
              answers={answers}
              methods={last?.methods}
              disabled={pending}
              onAnswers={changed => {
                props.onReopen();
                props.onAnswers({ ...answers, ...changed });
              }}
            />
          </div>
        )}
        <div className={classes.part} data-part="plan">
          {intent ? (
            <PlanPart plan={plan} />
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
        {plan.status !== 'denied' && (
          <form
            id={formId}
            onSubmit={submit}
            className={classes.part}
            data-part="sign"
            noValidate
          >
            <SignFields
              plan={last}
              reason={reason}
              onReason={setReason}
              typedName={typedName}
              onTypedName={setTypedName}
              refusal={refusal}
              disabled={pending}
            />
          </form>
        )}
      </DialogContent>
      {/* Outside of what scrolls, so that it is seen whatever is read. */}
      <div className={classes.notes}>
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
          <Note look={checkLooks.fail} role="alert">
            {t('plan.failed', {
              message: readRefusal(plan.refreshError).message,
            })}
          </Note>
        )}
      </div>
      <DialogActions className={classes.actions}>
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
          <ConfirmButton
            action={action}
            formId={formId}
            pending={pending}
            disabled={pending || !acceptable}
            describedBy={ready?.blocked ? blockedId : undefined}
          />
        )}
      </DialogActions>
    </>
  );
}

function PlanPart({ plan }: { plan: Loaded<Plan> }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  switch (plan.status) {
    case 'loading':
      return (
        <>
          <Typography variant="body2" role="status" gutterBottom>
            {t('plan.loading')}
          </Typography>
          <Progress aria-label={t('plan.loading')} />
        </>
      );
    case 'denied':
      return <Denied {...plan} />;
    case 'failed':
      return (
        <Note
          look={checkLooks.fail}
          role="alert"
          action={
            <Button size="small" variant="outlined" onClick={plan.retry}>
              {t('tryAgain')}
            </Button>
          }
        >
          {t('plan.failed', { message: readRefusal(plan.error).message })}
        </Note>
      );
    case 'ready':
      return <PlanReview plan={plan.data} />;
    default:
      return assertNever(plan);
  }
}

function ConfirmButton(props: {
  action: ActionId;
  formId: string;
  pending: boolean;
  disabled: boolean;
  describedBy?: string;
}) {
  const { action } = props;
  const danger = useDangerStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const dangerous = action === 'revoke' || action === 'retire';
  return (
    <Button
      type="submit"
      form={props.formId}
      variant="contained"
      color={dangerous ? 'default' : 'primary'}
      className={dangerous && !props.disabled ? danger.contained : undefined}
      disabled={props.disabled}
      aria-describedby={props.describedBy}
      startIcon={
        props.pending ? (
          <CircularProgress size={16} color="inherit" aria-hidden />
        ) : undefined
      }
    >
      {t(`actions.${action}.confirm`)}
    </Button>
  );
}
