import Button from '@material-ui/core/Button';
import {
  isTerminal,
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useRef, useState } from 'react';
import type { Known } from '../../hooks/loaded';
import { useTexts } from '../../translations/ref';
import { LiveOperation, useDecision } from '../OperationView';
import { isUnbegun } from '../OperationView/isUnbegun';
import { mayApprove } from '../OperationView/mayApprove';
import { EntityName } from '../shared/EntityName';
import { Note } from '../shared/Note';
import { operationStyles } from '../shared/statusStyles';
import { Ago, Until } from '../shared/Time';
import { useOperationTitle } from '../shared/useOperationTitle';
import { affectedOf, requestsOfOthers } from './requests';

/** Requests for registries that share a key with those of the entity, and what became of them. */
export function RequestBanners(props: {
  operations: Known<Operation[]>;
  /** Registries of the entity. */
  registryIds: string[];
  onDecided(): void;
}) {
  const { operations, registryIds } = props;
  const [dismissed, setDismissed] = useState<string[]>([]);
  if (operations.status !== 'ready') return null;
  const requests = requestsOfOthers(operations.data, {
    registryIds,
    now: Date.now(),
  });
  return (
    <>
      {requests
        .filter(({ id }) => !dismissed.includes(id))
        .map(operation => (
          <RequestBanner
            key={operation.id}
            operation={operation}
            affected={affectedOf(operation, registryIds)}
            onDecided={props.onDecided}
            onDismiss={() => setDismissed([...dismissed, operation.id])}
          />
        ))}
    </>
  );
}

function RequestBanner(props: {
  operation: Operation;
  affected: string[];
  onDecided(): void;
  onDismiss(): void;
}) {
  const { operation, affected } = props;
  const t = useTexts();
  const title = useOperationTitle()(
    operationKindOf(operation),
    operation.registryName,
  );
  const [open, setOpen] = useState(false);
  const reviewButton = useRef<HTMLButtonElement>(null);
  const { decide, dialog } = useDecision({
    fallbackFocus: reviewButton,
    onDecided: props.onDecided,
  });
  return (
    <section aria-label={title}>
      <Note
        statusStyle={operationStyles[operation.state]}
        role="status"
        action={
          <>
            {mayApprove(operation) ? (
              <Button
                ref={reviewButton}
                size="small"
                variant="contained"
                color="primary"
                aria-haspopup="dialog"
                onClick={() => decide('approve', operation)}
              >
                {t('asked.review')}
              </Button>
            ) : (
              <Button
                size="small"
                variant="outlined"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              >
                {t(open ? 'close' : 'asked.show')}
              </Button>
            )}
            {isTerminal(operation.state) && (
              <Button size="small" onClick={props.onDismiss}>
                {t('operation.dismiss')}
              </Button>
            )}
          </>
        }
      >
        <strong>{title}</strong> <Standing operation={operation} />
        <div>
          {t('operation.by')} <EntityName entityRef={operation.requestedBy} />{' '}
          <Ago at={operation.createdAt} />: “{operation.reason}”
          {affected.length > 0 && (
            <> · {t('asked.sharesKey', { registries: affected.join(', ') })}</>
          )}
        </div>
      </Note>
      {dialog}
      {open && (
        <LiveOperation
          id={operation.id}
          first={operation}
          onDecided={props.onDecided}
        />
      )}
    </section>
  );
}

/** The viewer's decision about a request, and what it waits for or what became of it. */
function Standing({ operation }: { operation: Operation }) {
  const { approval } = operation;
  const t = useTexts();
  return (
    <>
      {approval?.byCaller && `· ${t(`asked.you.${approval.byCaller}`)} `}
      {'· '}
      <StateInShort operation={operation} />
    </>
  );
}

function StateInShort({ operation }: { operation: Operation }) {
  const { approval, state, beginsAt, endedAt } = operation;
  const t = useTexts();
  if (state === 'awaiting-approval') {
    return (
      <>
        {t(mayApprove(operation) ? 'asked.awaitsYou' : 'asked.awaits')}
        {approval?.expiresAt && (
          <>
            {' ('}
            {t('operation.expires')} <Until at={approval.expiresAt} />)
          </>
        )}
      </>
    );
  }
  return isUnbegun(operation) && beginsAt ? (
    <>
      {t('operation.begins')} <Until at={beginsAt} />
    </>
  ) : (
    <>
      {t(`operation.state.${state}`)} {endedAt && <Ago at={endedAt} />}
    </>
  );
}
