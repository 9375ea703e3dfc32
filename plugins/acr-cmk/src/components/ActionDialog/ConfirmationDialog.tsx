import { useId, type ReactNode, type RefObject } from 'react';
import type { SendOnce } from '../../hooks/useSendOnce';
import { useTexts } from '../../translations/ref';
import { FormActions, FormContent, FormDialog } from '../shared/FormDialog';
import { ConfirmationFields, useConfirmation } from './ConfirmationFields';
import { RefusalNote } from './RefusalNote';

/** A request that a person confirms by a reason, a typed name, or a button alone. */
export function ConfirmationDialog<T>(props: {
  title: string;
  confirm: string;
  request: SendOnce<T>;
  /** Default: true. */
  asksReason?: boolean;
  /** Name to type; absent where none is asked for. */
  name?: string;
  /** Another button, apart from the others. */
  first?: ReactNode;
  fallbackFocus: RefObject<HTMLElement>;
  /** @returns true when it was done */
  onConfirm(confirmation: {
    reason: string;
    typedName: string;
  }): Promise<boolean>;
  onClosed(): void;
  /** Consequences. */
  children: ReactNode;
}) {
  const { asksReason = true, name } = props;
  const { pending, refusal, answer } = props.request;
  const formId = useId();
  const t = useTexts();
  const confirmation = useConfirmation();
  return (
    <FormDialog
      title={props.title}
      pending={pending}
      fallbackFocus={props.fallbackFocus}
      onClosed={props.onClosed}
    >
      {close => (
        <>
          <FormContent
            below={
              <form
                id={formId}
                noValidate
                onSubmit={async event => {
                  event.preventDefault();
                  if (pending || (asksReason && !confirmation.hasReason())) {
                    return;
                  }
                  const { reason, typedName } = confirmation;
                  const isDone = await props.onConfirm({
                    reason: reason.trim(),
                    typedName,
                  });
                  if (isDone) close();
                }}
              >
                <ConfirmationFields
                  confirmation={confirmation}
                  asksReason={asksReason}
                  name={name}
                  refusal={refusal}
                  disabled={pending}
                />
              </form>
            }
          >
            {props.children}
          </FormContent>
          <FormActions
            formId={formId}
            close={t('close')}
            confirm={props.confirm}
            pending={pending}
            disabled={answer !== undefined}
            onClose={close}
            first={props.first}
          >
            {refusal && <RefusalNote refusal={refusal} />}
          </FormActions>
        </>
      )}
    </FormDialog>
  );
}
