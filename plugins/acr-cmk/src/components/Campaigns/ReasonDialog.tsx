import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import { useId, useState, type RefObject } from 'react';
import type { Sending } from '../../hooks/useCampaigns';
import { acrCmkTranslationRef } from '../../translations/ref';
import { isReason, ReasonField } from '../ActionDialog/ReasonField';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { FormActions, FormContent, FormDialog } from '../shared/FormDialog';

/** Confirmation of a command, with its reason. */
export function ReasonDialog(props: {
  title: string;
  /** Consequences. */
  what: string;
  confirm: string;
  sending: Sending;
  fallbackFocus: RefObject<HTMLElement>;
  /** @returns true when it was done */
  onConfirm(reason: string): Promise<boolean>;
  onClosed(): void;
}) {
  const { sending } = props;
  const formId = useId();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(0);
  const pending = sending.status === 'sending';
  const refusal = sending.status === 'refused' ? sending.refusal : undefined;
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
            className=""
            below={
              <form
                id={formId}
                noValidate
                onSubmit={async event => {
                  event.preventDefault();
                  if (pending) return;
                  if (!isReason(reason)) {
                    setMissing(times => times + 1);
                    return;
                  }
                  if (await props.onConfirm(reason.trim())) close();
                }}
              >
                <ReasonField
                  value={reason}
                  onChange={setReason}
                  missing={missing}
                  refused={refusal?.field === 'reason'}
                  disabled={pending}
                />
              </form>
            }
          >
            <Typography variant="body2">{props.what}</Typography>
          </FormContent>
          <FormActions
            formId={formId}
            close={t('close')}
            confirm={props.confirm}
            pending={pending}
            onClose={close}
          >
            {refusal && <RefusalNote refusal={refusal} />}
          </FormActions>
        </>
      )}
    </FormDialog>
  );
}
