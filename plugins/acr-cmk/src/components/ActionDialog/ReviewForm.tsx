import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  type ActionId,
  type OperationRequest,
  type Plan,
  type PlanRequest,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId, useRef, useState } from 'react';
import type { Acceptance } from '../../hooks/useAcceptance';
import { readRefusal, type Refusal } from '../../hooks/refusal';
import { usePlan } from '../../hooks/usePlan';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Denied } from '../shared/Denied';
import { checkLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { FollowChoice } from './FollowChoice';
import { questionsOf, type Answers } from './intents';
import { PlanReview } from './PlanReview';

const useStyles = makeStyles(
  theme => ({
    content: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
    fields: { display: 'grid', gap: theme.spacing(2) },
    // In a high-contrast or dark theme the palette's own contrast text stays readable on it.
    danger: {
      backgroundColor: theme.palette.error.dark,
      color: theme.palette.getContrastText(theme.palette.error.dark),
      '&:hover': { backgroundColor: theme.palette.error.dark },
    },
    notes: {
      padding: theme.spacing(0, 3),
      '& > *': { margin: theme.spacing(1, 0) },
    },
    blocked: { flex: '1 1 auto', padding: theme.spacing(0, 2) },
    list: { margin: theme.spacing(0.5, 0), paddingLeft: theme.spacing(3) },
  }),
  { name: 'AcrCmkReviewForm' },
);

type Unaccepted = Exclude<Acceptance, { status: 'accepted' }>;

interface FormProps {
  action: ActionId;
  acceptance: Unaccepted;
  onAccept(request: Omit<OperationRequest, 'idempotencyKey'>): void;
  onReopen(): void;
  onCancel(): void;
}

/** The plan, what it needs of a person, and the button that accepts it. */
export function ReviewForm(
  props: FormProps & {
    request: PlanRequest;
    registry: RegistryEncryption;
    answers: Answers;
    onAnswers(answers: Answers): void;
  },
) {
  const { action, answers, registry } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { plan, again } = usePlan(props.request);
  const pending = props.acceptance.status === 'sending';
  const questions = questionsOf(action, registry).includes('follow') && (
    <FollowChoice
      follow={answers.follow}
      disabled={pending}
      onChange={follow => props.onAnswers({ ...answers, follow })}
    />
  );

  switch (plan.status) {
    case 'loading':
      return (
        <>
          <DialogContent className={classes.content}>
            {questions}
            <Typography role="status">{t('plan.loading')}</Typography>
            <Progress aria-label={t('plan.loading')} />
          </DialogContent>
          <DialogActions>
            <Button onClick={props.onCancel}>{t('cancel')}</Button>
          </DialogActions>
        </>
      );
    case 'denied':
      return (
        <>
          <DialogContent>
            <Denied {...plan} />
          </DialogContent>
          <DialogActions>
            <Button onClick={props.onCancel}>{t('close')}</Button>
          </DialogActions>
        </>
      );
    case 'failed':
      return (
        <>
          <DialogContent className={classes.content}>
            {questions}
            <Note look={checkLooks.fail} role="alert">
              {t('plan.failed', {
                sentence: readRefusal(plan.error).sentence,
              })}
            </Note>
          </DialogContent>
          <DialogActions>
            <Button onClick={props.onCancel}>{t('cancel')}</Button>
            <Button variant="outlined" onClick={plan.retry}>
              {t('tryAgain')}
            </Button>
          </DialogActions>
        </>
      );
    case 'ready':
      return (
        <PlanForm
          {...props}
          plan={plan.data}
          replanning={plan.refreshing}
          replanError={plan.refreshError}
          questions={questions}
          onReplan={() => {
            props.onReopen();
            again();
          }}
        />
      );
    default:
      return assertNever(plan);
  }
}

function PlanForm(
  props: FormProps & {
    plan: Plan;
    replanning: boolean;
    replanError?: Error;
    questions: React.ReactNode;
    onReplan(): void;
  },
) {
  const { action, plan, acceptance, replanning } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const formId = useId();
  const blockedId = useId();
  const [reason, setReason] = useState('');
  const [typedName, setTypedName] = useState('');
  const pending = acceptance.status === 'sending';
  const refusal =
    acceptance.status === 'refused' ? acceptance.refusal : undefined;
  const unusable = plan.blocked || replanning;
  const reasonInput = useRef<HTMLInputElement>(null);
  const nameInput = useRef<HTMLInputElement>(null);
  // What was refused is brought into sight, ready to be typed again.
  useEffect(() => {
    if (refusal?.field === 'reason') reasonInput.current?.focus();
    if (refusal?.field === 'confirmation') nameInput.current?.focus();
  }, [refusal]);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (pending || unusable) return;
    props.onAccept({
      planId: plan.id,
      planHash: plan.hash,
      reason: reason.trim(),
      ...(plan.confirmation.typedName !== null && { confirmation: typedName }),
    });
  };

  return (
    <>
      <DialogContent dividers className={classes.content}>
        {props.questions}
        <PlanReview plan={plan} />
        <form
          id={formId}
          onSubmit={submit}
          className={classes.fields}
          noValidate
        >
          <TextField
            id={`${formId}-reason`}
            inputRef={reasonInput}
            label={t('plan.reason')}
            helperText={t('plan.reasonHelp')}
            value={reason}
            onChange={event => setReason(event.target.value)}
            error={refusal?.field === 'reason'}
            disabled={pending}
            variant="outlined"
            fullWidth
            autoComplete="off"
            InputLabelProps={{ shrink: true }}
          />
          {plan.confirmation.typedName !== null && (
            <TextField
              id={`${formId}-name`}
              inputRef={nameInput}
              label={t('plan.typeName', { name: plan.confirmation.typedName })}
              helperText={t('plan.typeNameHelp')}
              value={typedName}
              onChange={event => setTypedName(event.target.value)}
              error={refusal?.field === 'confirmation'}
              disabled={pending}
              variant="outlined"
              fullWidth
              autoComplete="off"
              InputLabelProps={{ shrink: true }}
              inputProps={{ spellCheck: false, autoCapitalize: 'none' }}
            />
          )}
        </form>
      </DialogContent>
      {/* Outside of what scrolls, so that it is seen whatever is read. */}
      <div className={classes.notes}>
        {refusal && <RefusalNote refusal={refusal} onReplan={props.onReplan} />}
        {props.replanError && (
          <Note look={checkLooks.fail} role="alert">
            {t('plan.failed', {
              sentence: readRefusal(props.replanError).sentence,
            })}
          </Note>
        )}
      </div>
      <DialogActions>
        {plan.blocked && (
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
        <Button
          type="submit"
          form={formId}
          variant="contained"
          color={action === 'revoke' ? 'default' : 'primary'}
          className={
            action === 'revoke' && !pending && !unusable
              ? classes.danger
              : undefined
          }
          disabled={pending || unusable}
          aria-describedby={plan.blocked ? blockedId : undefined}
          startIcon={
            pending ? (
              <CircularProgress size={16} color="inherit" aria-hidden />
            ) : undefined
          }
        >
          {t(`actions.${action}.confirm`)}
        </Button>
      </DialogActions>
    </>
  );
}

/** Why the backend did not accept, and the way on. */
function RefusalNote(props: { refusal: Refusal; onReplan(): void }) {
  const { refusal } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <Note
      look={checkLooks.fail}
      role="alert"
      action={
        // A new plan does not heal an input.
        refusal.field === undefined && (
          <Button size="small" variant="outlined" onClick={props.onReplan}>
            {t('plan.again')}
          </Button>
        )
      }
    >
      {refusal.unanswered
        ? t('plan.unanswered', { sentence: refusal.sentence })
        : refusal.sentence}
      {refusal.changes.length > 0 && (
        <ul className={classes.list}>
          {refusal.changes.map(change => (
            <li key={change.field}>
              {t('plan.changed', {
                field: change.field,
                shown: change.shown,
                now: change.now,
              })}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}
