import Button from '@material-ui/core/Button';
import type { ReactNode } from 'react';
import { useCardTexts } from '../../translations/card';
import { Note } from './Note';
import { severityStyles } from './statusStyles';

/** A message that something could not be loaded, with a button to try again. */
export function LoadFailure(props: {
  /** Default: `error`, announced by screen readers at once. */
  severity?: 'error' | 'warning';
  onRetry(): void;
  children: ReactNode;
}) {
  const { severity = 'error' } = props;
  const t = useCardTexts();
  return (
    <Note
      statusStyle={severityStyles[severity]}
      role={severity === 'error' ? 'alert' : 'status'}
      action={
        <Button size="small" variant="outlined" onClick={props.onRetry}>
          {t('tryAgain')}
        </Button>
      }
    >
      {props.children}
    </Note>
  );
}
