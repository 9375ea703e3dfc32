import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import Typography from '@material-ui/core/Typography';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { LiveOperation } from '../OperationView';

/** The operation as it goes. It does not need the dialog, which can be closed at any time. */
export function AcceptedView(props: {
  operationId: string;
  first?: Operation;
  onClose(): void;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const closeButton = useRef<HTMLButtonElement>(null);
  // The button that had the focus is gone. A frame later: Material UI 4 crashes when a button gets
  // the keyboard's focus before it has mounted the ripple that shows it.
  useEffect(() => {
    const frame = requestAnimationFrame(() => closeButton.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <DialogContent dividers>
        <Typography variant="body2" color="textSecondary" gutterBottom>
          {t('operation.goesOn')}
        </Typography>
        <LiveOperation id={props.operationId} first={props.first} />
      </DialogContent>
      <DialogActions>
        <Button onClick={props.onClose} variant="outlined" ref={closeButton}>
          {t('close')}
        </Button>
      </DialogActions>
    </>
  );
}
