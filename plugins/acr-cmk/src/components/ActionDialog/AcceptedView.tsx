import Button from '@material-ui/core/Button';
import DialogContent from '@material-ui/core/DialogContent';
import Typography from '@material-ui/core/Typography';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../translations/ref';
import { LiveOperation } from '../OperationView';
import { DialogButtons } from '../shared/FormDialog';
import { namedStyles } from '../shared/styles';
import type { Accepted } from './acceptPlan';

const useStyles = namedStyles('Accepted', theme => ({
  focused: {
    outline: `2px solid ${theme.palette.primary.main}`,
    outlineOffset: 2,
  },
}));

/** The operation, live. It does not need the dialog, which can be closed at any time. */
export function AcceptedView(
  props: Accepted & {
    onEnd(operation: Operation): void;
    onClose(): void;
  },
) {
  const classes = useStyles();
  const t = useTexts();
  const closeButton = useRef<HTMLButtonElement>(null);
  // The button that had the focus is gone.
  useEffect(() => closeButton.current?.focus(), []);
  return (
    <>
      <DialogContent dividers>
        <Typography variant="body2" color="textSecondary" gutterBottom>
          {t('operation.accepted')}
        </Typography>
        <LiveOperation id={props.id} first={props.first} onEnd={props.onEnd} />
      </DialogContent>
      <DialogButtons>
        {/* Material UI 4 crashes when the keyboard's focus comes to a button before it has mounted
            the ripple that shows it; hence an outline instead. */}
        <Button
          onClick={props.onClose}
          variant="outlined"
          ref={closeButton}
          disableFocusRipple
          focusVisibleClassName={classes.focused}
        >
          {t('close')}
        </Button>
      </DialogButtons>
    </>
  );
}
