import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import DialogActions from '@material-ui/core/DialogActions';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useId, useState, type RefObject } from 'react';
import type { Sending } from '../../hooks/useCampaigns';
import { acrCmkTranslationRef } from '../../translations/ref';
import { isReason, ReasonField } from '../ActionDialog/ReasonField';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { FormContent, FormDialog } from '../shared/FormDialog';

const useStyles = makeStyles(
  theme => ({
    notes: {
      padding: theme.spacing(0, 3),
      '& > *': { margin: theme.spacing(1, 0) },
    },
  }),
  { name: 'AcrCmkReasonDialog' },
);

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
  const classes = useStyles();
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
          <div className={classes.notes}>
            {refusal && <RefusalNote refusal={refusal} />}
          </div>
          <DialogActions>
            <Button onClick={close} disabled={pending}>
              {t('close')}
            </Button>
            <Button
              type="submit"
              form={formId}
              variant="contained"
              color="primary"
              disabled={pending}
              startIcon={
                pending ? (
                  <CircularProgress size={16} color="inherit" aria-hidden />
                ) : undefined
              }
            >
              {props.confirm}
            </Button>
          </DialogActions>
        </>
      )}
    </FormDialog>
  );
}
