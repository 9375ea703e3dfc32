import { makeStyles } from '@material-ui/core/styles';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Refusal } from '../../hooks/refusal';
import { ReasonField } from './ReasonField';
import { TypedNameField } from './TypedNameField';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(1.5, 2),
      // In one row where it is wide enough, so that they take little of the height of a dialog.
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 18em), 1fr))',
    },
  }),
  { name: 'AcrCmkConfirmationFields' },
);

/** Inputs that accepting a plan needs. They stay in view, so notes on the plan stand in the plan. */
export function ConfirmationFields(props: {
  plan: Pick<Plan, 'confirmation'> | undefined;
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
  const name = plan?.confirmation.typedName ?? null;
  return (
    <div className={classes.root}>
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
  );
}
