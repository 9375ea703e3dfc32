import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId, useRef } from 'react';
import type { Refusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Note } from '../shared/Note';
import { useExplainPermissions } from '../shared/permissions';
import { duration } from '../shared/relativeTime';
import { operationStyles } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';
import { ReasonField } from './ReasonField';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(1.5),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
    fields: {
      display: 'grid',
      gap: theme.spacing(1.5, 2),
      // In one row where it is wide enough, so that they take little of the height of a dialog.
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 18em), 1fr))',
    },
  }),
  { name: 'AcrCmkConfirmationFields' },
);

/** What a plan needs of the person who accepts it, and what comes before its first change. */
export function ConfirmationFields(props: {
  plan: Pick<Plan, 'confirmation' | 'approval' | 'waitingSeconds'> | undefined;
  reason: string;
  onReason(reason: string): void;
  /** How often the form was submitted without a reason. */
  reasonMissing: number;
  typedName: string;
  onTypedName(name: string): void;
  refusal: Refusal | undefined;
  disabled: boolean;
}) {
  const { plan, refusal } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const explain = useExplainPermissions();
  const locale = useLocale();
  const id = useId();
  const nameInput = useRef<HTMLInputElement>(null);
  // It is brought into view, ready to be typed again.
  useEffect(() => {
    if (refusal?.field === 'confirmation') nameInput.current?.focus();
  }, [refusal]);
  const name = plan?.confirmation.typedName ?? null;
  return (
    <div className={classes.root}>
      {plan?.approval.required && (
        <Note statusStyle={operationStyles['awaiting-approval']}>
          {explain(plan.approval.message ?? t('plan.needsApproval'))}
        </Note>
      )}
      {plan && plan.waitingSeconds > 0 && (
        <Note statusStyle={operationStyles.waiting}>
          {t('plan.waits', { time: duration(plan.waitingSeconds, locale) })}
        </Note>
      )}
      <div className={classes.fields}>
        <ReasonField
          value={props.reason}
          onChange={props.onReason}
          missing={props.reasonMissing}
          refused={refusal?.field === 'reason'}
          disabled={props.disabled}
        />
        {name !== null && (
          <TextField
            id={`${id}-name`}
            inputRef={nameInput}
            label={t('plan.typeName', { name })}
            helperText={t('plan.typeNameHelp')}
            value={props.typedName}
            onChange={event => props.onTypedName(event.target.value)}
            error={refusal?.field === 'confirmation'}
            disabled={props.disabled}
            variant="outlined"
            size="small"
            fullWidth
            autoComplete="off"
            InputLabelProps={{ shrink: true }}
            inputProps={{ spellCheck: false, autoCapitalize: 'none' }}
          />
        )}
      </div>
    </div>
  );
}
