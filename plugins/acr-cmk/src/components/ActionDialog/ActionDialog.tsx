import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Dialog from '@material-ui/core/Dialog';
import DialogTitle from '@material-ui/core/DialogTitle';
import { useTheme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  ActionId,
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useId, useState, type RefObject } from 'react';
import { useAcceptance } from '../../hooks/useAcceptance';
import { acrCmkTranslationRef } from '../../translations/ref';
import { AcceptedView } from './AcceptedView';
import { FIRST_ANSWERS, intentOf } from './intents';
import { ReviewForm } from './ReviewForm';

/**
 * From the wish to the operation: shows the plan, takes the reason, has it carried out, and shows
 * how that goes. While the request is on its way nothing closes it.
 */
export function ActionDialog(props: {
  action: ActionId;
  entityRef: string;
  registry: RegistryEncryption;
  /** Takes the focus when the button that opened the dialog cannot. */
  fallbackFocus: RefObject<HTMLElement>;
  onAccepted(operation: { id: string; first?: Operation }): void;
  onClosed(): void;
}) {
  const { action, entityRef, registry } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const titleId = useId();
  const theme = useTheme();
  const narrow = useMediaQuery(theme.breakpoints.down('xs'));
  const [open, setOpen] = useState(true);
  const [trigger] = useState(() => document.activeElement);
  const [answers, setAnswers] = useState(FIRST_ANSWERS);
  const { acceptance, accept, reopen } = useAcceptance();

  const pending = acceptance.status === 'sending';
  const close = () => {
    if (!pending) setOpen(false);
  };

  return (
    <Dialog
      open={open}
      onClose={close}
      aria-labelledby={titleId}
      aria-busy={pending}
      maxWidth="md"
      fullWidth
      fullScreen={narrow}
      scroll="paper"
      TransitionProps={{
        onExited: () => {
          returnFocus(trigger, props.fallbackFocus.current);
          props.onClosed();
        },
      }}
    >
      <DialogTitle id={titleId} disableTypography>
        <Typography variant="h6" component="h2">
          {t(`actions.${action}.title`, { registry: registry.name })}
        </Typography>
      </DialogTitle>
      {acceptance.status === 'accepted' ? (
        <AcceptedView
          operationId={acceptance.operationId}
          first={acceptance.operation}
          onClose={close}
        />
      ) : (
        <ReviewForm
          action={action}
          request={{
            entityRef,
            registryId: registry.registryId,
            intent: intentOf(action, registry, answers),
          }}
          registry={registry}
          answers={answers}
          onAnswers={setAnswers}
          acceptance={acceptance}
          onAccept={async request => {
            const outcome = await accept(request);
            if (outcome.status === 'accepted') {
              props.onAccepted({
                id: outcome.operationId,
                first: outcome.operation,
              });
            }
          }}
          onReopen={reopen}
          onCancel={close}
        />
      )}
    </Dialog>
  );
}

/** A button that is disabled by now (an operation runs) cannot take the focus. */
function returnFocus(trigger: Element | null, fallback: HTMLElement | null) {
  const usable =
    trigger instanceof HTMLElement &&
    trigger.isConnected &&
    !trigger.matches(':disabled');
  (usable ? trigger : fallback)?.focus();
}
