import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId, useRef } from 'react';
import type { Refusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { duration } from '../shared/distance';
import { operationLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { useLocale } from '../shared/Time';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(2),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
  }),
  { name: 'AcrCmkSignFields' },
);

/** What a plan needs of the person who has it carried out, and what stands between it and Azure. */
export function SignFields(props: {
  plan: Pick<Plan, 'confirmation' | 'approval' | 'waitingSeconds'> | undefined;
  reason: string;
  onReason(reason: string): void;
  typedName: string;
  onTypedName(name: string): void;
  refusal: Refusal | undefined;
  disabled: boolean;
}) {
  const { plan, refusal } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const locale = useLocale();
  const id = useId();
  const reasonInput = useRef<HTMLInputElement>(null);
  const nameInput = useRef<HTMLInputElement>(null);
  // What was refused is brought into sight, ready to be typed again.
  useEffect(() => {
    if (refusal?.field === 'reason') reasonInput.current?.focus();
    if (refusal?.field === 'confirmation') nameInput.current?.focus();
  }, [refusal]);
  const name = plan?.confirmation.typedName ?? null;
  return (
    <div className={classes.root}>
      {plan?.approval.required && (
        <Note look={operationLooks['awaiting-approval']}>
          {plan.approval.message ?? t('plan.needsApproval')}
        </Note>
      )}
      {plan && plan.waitingSeconds > 0 && (
        <Note look={operationLooks.waiting}>
          {t('plan.waits', { time: duration(plan.waitingSeconds, locale) })}
        </Note>
      )}
      <TextField
        id={`${id}-reason`}
        inputRef={reasonInput}
        label={t('plan.reason')}
        helperText={t('plan.reasonHelp')}
        value={props.reason}
        onChange={event => props.onReason(event.target.value)}
        error={refusal?.field === 'reason'}
        disabled={props.disabled}
        variant="outlined"
        fullWidth
        autoComplete="off"
        InputLabelProps={{ shrink: true }}
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
          fullWidth
          autoComplete="off"
          InputLabelProps={{ shrink: true }}
          inputProps={{ spellCheck: false, autoCapitalize: 'none' }}
        />
      )}
    </div>
  );
}
