import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import {
  assertNever,
  isTerminal,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect } from 'react';
import { readRefusal } from '../../hooks/refusal';
import { useOperation } from '../../hooks/useOperation';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Denied } from '../shared/Denied';
import { checkLooks, severityLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { OperationView } from './OperationView';

/** One operation as it goes, whoever started it. */
export function LiveOperation(props: {
  id: string;
  first?: Operation;
  /** Called after somebody here has said something to it. */
  onDecided?(): void;
  /** Called once, when it has been seen to end. */
  onEnd?(): void;
  /** Offers to put an ended operation away. */
  onHide?(): void;
}) {
  const { id, first, onEnd, onHide } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { operation, tell } = useOperation(id, first);
  const ended =
    operation.status === 'ready' && isTerminal(operation.data.state);
  useEffect(() => {
    if (ended) onEnd?.();
  }, [ended, onEnd]);

  switch (operation.status) {
    case 'loading':
      return <Progress aria-label={t('operation.loading')} />;
    case 'denied':
      return <Denied {...operation} />;
    case 'failed':
      return (
        <Note
          look={checkLooks.fail}
          role="alert"
          action={
            <Button size="small" onClick={operation.retry}>
              {t('tryAgain')}
            </Button>
          }
        >
          {t('operation.failedToLoad', {
            message: readRefusal(operation.error).message,
          })}
        </Note>
      );
    case 'ready':
      return (
        <>
          {operation.refreshError && (
            <Note look={severityLooks.warning} role="status">
              {t('operation.cutOff', {
                message: readRefusal(operation.refreshError).message,
              })}
            </Note>
          )}
          <OperationView
            operation={operation.data}
            onHide={ended ? onHide : undefined}
            onDecided={decided => {
              tell(decided);
              props.onDecided?.();
            }}
          />
        </>
      );
    default:
      return assertNever(operation);
  }
}
