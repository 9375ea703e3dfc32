import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Refusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Note } from '../shared/Note';
import { useExplainPermissions } from '../shared/permissions';
import { duration } from '../shared/relativeTime';
import { operationStyles } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';
import { ReasonField } from './ReasonField';
import { TypedNameField } from './TypedNameField';
import { stack } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    root: stack(theme, 1.5),
    fields: {
      display: 'grid',
      gap: theme.spacing(1.5, 2),
      // In one row where it is wide enough, so that they take little of the height of a dialog.
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 18em), 1fr))',
    },
  }),
  { name: 'AcrCmkConfirmationFields' },
);

/** Inputs that accepting a plan needs, and notes on approval and waiting period. */
export function ConfirmationFields(props: {
  plan: Pick<Plan, 'confirmation' | 'approval' | 'waitingSeconds'> | undefined;
  reason: string;
  onReason(reason: string): void;
  /** Number of submissions without a reason. */
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
  const name = plan?.confirmation.typedName ?? null;
  // A request that is refused neither waits nor is approved.
  const noRoom = plan?.approval.noRoom;
  return (
    <div className={classes.root}>
      {noRoom && <Note statusStyle={operationStyles.unverified}>{noRoom}</Note>}
      {plan?.approval.required && !noRoom && (
        <Note statusStyle={operationStyles['awaiting-approval']}>
          {explain(plan.approval.message ?? t('plan.needsApproval'))}
        </Note>
      )}
      {plan && !noRoom && plan.waitingSeconds > 0 && (
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
          <TypedNameField
            name={name}
            value={props.typedName}
            onChange={props.onTypedName}
            refusal={refusal}
            disabled={props.disabled}
          />
        )}
      </div>
    </div>
  );
}
