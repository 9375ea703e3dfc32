import Typography from '@material-ui/core/Typography';
import type {
  ActionId,
  Intent,
  Operation,
  Plan,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useState, type RefObject } from 'react';
import { useSendOnce } from '../../hooks/useSendOnce';
import { useTexts } from '../../translations/ref';
import { FormDialog } from '../shared/FormDialog';
import { namedStyles } from '../shared/styles';
import { AcceptedView } from './AcceptedView';
import type { Accepted } from './acceptPlan';
import { answersFor, questionsOf } from './intents';
import { ReviewForm } from './ReviewForm';
import { useOperationLabel } from './useOperationLabel';

const useStyles = namedStyles('ActionDialog', theme => ({
  // Where the plan stands beside the questions, it begins with the same sentence.
  saidByPlan: { [theme.breakpoints.up('md')]: { display: 'none' } },
}));

/**
 * From the intent to the operation: the form, its plan, the reason, and then the operation, live.
 */
export function ActionDialog(props: {
  action: ActionId;
  /** Initial answers of the form. Default: those of the action. */
  intent?: Intent;
  entityRef: string;
  registry: RegistryEncryption;
  /** Takes the focus when the button that opened the dialog cannot. */
  fallbackFocus: RefObject<HTMLElement>;
  onAccepted(operation: Accepted): void;
  /** Called when the operation has ended. */
  onEnd(operation: Operation): void;
  onClosed(): void;
}) {
  const { action, entityRef, registry } = props;
  const classes = useStyles();
  const t = useTexts();
  const [answers, setAnswers] = useState(() =>
    answersFor(registry, props.intent),
  );
  const [plan, setPlan] = useState<Plan>();
  const request = useSendOnce<Accepted>();
  const accepted = request.answer;
  const label = useOperationLabel(action, answers, plan);
  const hasQuestions = questionsOf(action, registry, answers).length > 0;

  return (
    <FormDialog
      title={t('operation.ofRegistry', {
        kind: label,
        registry: registry.name,
      })}
      subtitle={
        <Typography
          variant="body2"
          color="textSecondary"
          className={action === 'revoke' ? classes.saidByPlan : undefined}
        >
          {t(`actions.${action}.what`)}
        </Typography>
      }
      wide={hasQuestions && !accepted}
      pending={request.pending}
      fallbackFocus={props.fallbackFocus}
      onClosed={props.onClosed}
    >
      {close =>
        accepted ? (
          <AcceptedView {...accepted} onEnd={props.onEnd} onClose={close} />
        ) : (
          <ReviewForm
            action={action}
            entityRef={entityRef}
            registry={registry}
            answers={answers}
            onAnswers={setAnswers}
            operationLabel={label}
            onPlan={setPlan}
            request={request}
            onAccepted={props.onAccepted}
            onCancel={close}
          />
        )
      }
    </FormDialog>
  );
}
