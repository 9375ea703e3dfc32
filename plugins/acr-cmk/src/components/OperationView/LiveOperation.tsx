import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
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
import { severityStyles } from '../shared/statusStyles';
import { LoadFailure } from '../shared/LoadFailure';
import { Note } from '../shared/Note';
import { Ago } from '../shared/Time';
import { OperationView } from './OperationView';

/** One operation, live. */
export function LiveOperation(props: {
  id: string;
  first?: Operation;
  /** Called after a decision of the viewer. */
  onDecided?(): void;
  /** Called when it has ended. */
  onEnd?(operation: Operation): void;
  /** Offers to dismiss an operation that has ended. */
  onDismiss?(): void;
}) {
  const { id, first, onEnd, onDismiss } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { operation, update, disconnectedAt } = useOperation(id, first);
  const ended =
    operation.status === 'ready' && isTerminal(operation.data.state)
      ? operation.data
      : undefined;
  useEffect(() => {
    if (ended) onEnd?.(ended);
  }, [ended, onEnd]);

  switch (operation.status) {
    case 'loading':
      return <Progress aria-label={t('operation.loading')} />;
    case 'denied':
      return <Denied {...operation} />;
    case 'failed':
      return (
        <LoadFailure onRetry={operation.retry}>
          {t('operation.failedToLoad', {
            message: readRefusal(operation.error).message,
          })}
        </LoadFailure>
      );
    case 'ready':
      return (
        <>
          {operation.refreshError && (
            <Note statusStyle={severityStyles.warning} role="status">
              {t('operation.disconnected')}
              {disconnectedAt && (
                <>
                  {' '}
                  <Ago at={disconnectedAt} />
                </>
              )}{' '}
              {t('operation.disconnectedWhy', {
                message: readRefusal(operation.refreshError).message,
              })}
            </Note>
          )}
          <OperationView
            operation={operation.data}
            disconnected={operation.refreshError !== undefined}
            onDismiss={ended ? onDismiss : undefined}
            onDecided={decided => {
              update(decided);
              props.onDecided?.();
            }}
          />
        </>
      );
    default:
      return assertNever(operation);
  }
}
