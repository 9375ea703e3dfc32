import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import {
  isTerminal,
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import type { Known } from '../../hooks/loaded';
import { acrCmkTranslationRef } from '../../translations/ref';
import { LiveOperation } from '../OperationView';
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
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const title = useOperationTitle()(
    operationKindOf(operation),
    operation.registryName,
  );
  const [open, setOpen] = useState(false);
  const mayDecide = operation.actions.some(({ allowed }) => allowed);
  return (
    <section aria-label={title}>
      <Note
        statusStyle={operationStyles[operation.state]}
        role="status"
        action={
          <>
            {(mayDecide || open) && (
              <Button
                size="small"
                variant={open ? 'outlined' : 'contained'}
                color={open ? 'default' : 'primary'}
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              >
                {t(open ? 'close' : 'asked.review')}
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
        <strong>{title}</strong>{' '}
        <Standing operation={operation} mayDecide={mayDecide} />
        <div>
          {t('operation.by')} <EntityName entityRef={operation.requestedBy} />{' '}
          <Ago at={operation.createdAt} />: “{operation.reason}”
          {affected.length > 0 && (
            <> · {t('asked.sharesKey', { registries: affected.join(', ') })}</>
          )}
        </div>
      </Note>
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

/** State of a request: it waits for approval, or the viewer's decision and what became of it. */
function Standing(props: { operation: Operation; mayDecide: boolean }) {
  const { approval, state, endedAt } = props.operation;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      {approval?.byCaller && `· ${t(`asked.you.${approval.byCaller}`)} `}
      {state === 'awaiting-approval' ? (
        <>
          · {t(props.mayDecide ? 'asked.awaitsYou' : 'asked.awaits')}
          {approval?.expiresAt && (
            <>
              {' ('}
              {t('operation.expires')} <Until at={approval.expiresAt} />)
            </>
          )}
        </>
      ) : (
        <>
          · {t(`operation.state.${state}`)} {endedAt && <Ago at={endedAt} />}
        </>
      )}
    </>
  );
}
