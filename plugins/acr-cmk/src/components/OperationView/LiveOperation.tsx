import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useState, type RefObject } from 'react';
import { dataOf } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { useOperation } from '../../hooks/useOperation';
import { useTexts } from '../../translations/ref';
import { severityStyles } from '../shared/statusStyles';
import { LoadedView } from '../shared/LoadedView';
import { Note } from '../shared/Note';
import { Ago } from '../shared/Time';
import { mayApprove } from './mayApprove';
import { DecisionDialog } from './useDecision';
import { OperationView } from './OperationView';

/** One operation, live. */
export function LiveOperation(props: {
  id: string;
  first?: Operation;
  /** Called after a decision of the viewer. */
  onDecided?(): void;
  /** Called with each state of it, from the first one on. */
  onChange?(operation: Operation): void;
  /** Called when it has ended. */
  onEnd?(operation: Operation): void;
  /** Offers to dismiss an operation that has ended. */
  onDismiss?(): void;
}) {
  const { id, first, onChange, onEnd, onDismiss } = props;
  const t = useTexts();
  const { operation, update, disconnectedAt } = useOperation(id, first);
  const known = dataOf(operation);
  const refreshError =
    operation.status === 'ready' ? operation.refreshError : undefined;
  const ended = known && isTerminal(known.state) ? known : undefined;
  useEffect(() => {
    if (known) onChange?.(known);
  }, [known, onChange]);
  useEffect(() => {
    if (ended) onEnd?.(ended);
  }, [ended, onEnd]);

  return (
    <LoadedView
      of={operation}
      loading={t('operation.loading')}
      failed={message => t('operation.failedToLoad', { message })}
    >
      {data => (
        <>
          {refreshError && (
            <Note statusStyle={severityStyles.warning} role="status">
              {t('operation.disconnected')}
              {disconnectedAt && (
                <>
                  {' '}
                  <Ago at={disconnectedAt} />
                </>
              )}{' '}
              {t('operation.disconnectedWhy', {
                message: readRefusal(refreshError).message,
              })}
            </Note>
          )}
          <OperationView
            operation={data}
            disconnected={refreshError !== undefined}
            onDismiss={ended ? onDismiss : undefined}
            onDecided={decided => {
              update(decided);
              props.onDecided?.();
            }}
          />
        </>
      )}
    </LoadedView>
  );
}

/** A request in the dialog that approves or rejects it; in full where the viewer cannot approve it by now. */
export function ReviewedOperation(props: {
  id: string;
  fallbackFocus: RefObject<HTMLElement>;
  onDecided(): void;
  onClosed(): void;
}) {
  const t = useTexts();
  const { operation, update } = useOperation(props.id);
  // The dialog closes by itself after the decision, which makes it one that cannot be approved.
  const [reviewed, setReviewed] = useState<Operation>();
  if (!reviewed && operation.status === 'ready' && mayApprove(operation.data)) {
    setReviewed(operation.data);
  }
  const onDecided = (decided: Operation) => {
    update(decided);
    props.onDecided();
  };
  return reviewed ? (
    <DecisionDialog
      action="approve"
      operation={reviewed}
      fallbackFocus={props.fallbackFocus}
      onDecided={onDecided}
      onClosed={props.onClosed}
    />
  ) : (
    <LoadedView
      of={operation}
      loading={t('operation.loading')}
      failed={message => t('operation.failedToLoad', { message })}
    >
      {data => (
        <OperationView
          operation={data}
          onDismiss={props.onClosed}
          onDecided={onDecided}
        />
      )}
    </LoadedView>
  );
}
