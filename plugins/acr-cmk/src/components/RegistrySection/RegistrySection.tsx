import {
  type ActionId,
  type Freshness,
  type Intent,
  type Operation,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useCallback, useId, useMemo, useRef, useState } from 'react';
import { dataOf, type Known } from '../../hooks/loaded';
import { useStructuralSharing } from '../../hooks/useStructuralSharing';
import { useTexts } from '../../translations/ref';
import { OperationHistory } from '../OperationHistory';
import { LiveOperation, useDecision } from '../OperationView';
import { isUnbegun } from '../OperationView/isUnbegun';
import { mayApprove } from '../OperationView/mayApprove';
import { ExternalLink } from '../shared/layout';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { Note } from '../shared/Note';
import { registryInPortal } from '../shared/portalLinks';
import {
  operationStyles,
  severityStyles,
  stateStyles,
} from '../shared/statusStyles';
import { ReadAt } from '../shared/ReadAt';
import { HeadActions, MainActionReason, type OnAction } from './Actions';
import { AtAGlance } from './AtAGlance';
import { ChangedOutsideNote } from './ChangedOutsideNote';
import { Details } from './Details';
import { EndedNotice } from './EndedNotice';
import { FactsPart } from './FactsPart';
import { Findings } from './Findings';
import { findingPlaces } from './findingPlaces';
import { mainActionOf, requestIn } from './mainAction';
import type { FactsOfRegistry } from './RegistryFacts';
import { SectionFrame } from './SectionFrame';
import { StateDetail, StateMessage } from './StateMessage';
import { useShownOperations } from './useShownOperations';
import { Stack } from '../shared/Stack';

const ActionDialog = lazyOrNotice(() =>
  import('../ActionDialog').then(m => m.ActionDialog),
);

const NONE: Known<Operation[]> = { status: 'ready', data: [] };

/** Whether facts were read before the last step of an operation that has ended. */
function isOlderThan(
  { observedAt }: Freshness,
  { startedAt, steps }: Operation,
): boolean {
  const times = [startedAt, ...steps.map(({ endedAt }) => endedAt)];
  return times.some(
    time => time !== undefined && Date.parse(time) > Date.parse(observedAt),
  );
}

/** One registry: its state with the matching action, then the facts, then the history. */
export const RegistrySection = memo(
  (props: {
    entityRef: string;
    registry: RegistryEncryption;
    /** Absent where no entity is asked: neither the history nor the link to an entity is shown. */
    operations?: Known<Operation[]>;
    /** False: one line, in a list of several registries. */
    open?: boolean;
    onToggle?(name: string): void;
    reload(): void;
  }) => {
    const { entityRef, registry, reload, operations: listed = NONE } = props;
    const ofEntity = props.operations !== undefined;
    const t = useTexts();
    const heading = useRef<HTMLHeadingElement>(null);
    const requestView = useRef<HTMLDivElement>(null);
    const [followed, setFollowed] = useState<Operation>();
    const reasonId = useId();
    const { decide, dialog: decision } = useDecision({
      fallbackFocus: heading,
      onDecided: reload,
    });
    const [dialog, setDialog] = useState<{
      action: ActionId;
      intent?: Intent;
    }>();
    const onAction = useCallback<OnAction>(
      (action, intent) => setDialog({ action, intent }),
      [],
    );
    const { shown, notice, operations, start, open, onEnd, read, dismiss } =
      useShownOperations({
        registryId: registry.registryId,
        runningOperationId: registry.runningOperationId,
        operations: listed,
      });
    const onEndReload = useCallback(
      (operation: Operation) => {
        onEnd(operation);
        reload();
      },
      [onEnd, reload],
    );
    // A viewer who has read the result needs no line at the top, and nothing moves.
    const onRead = useCallback(({ id }: Operation) => read(id), [read]);
    const shownIds = shown.map(({ id }) => id).join();
    const shownAbove = useMemo(() => new Set(shownIds.split(',')), [shownIds]);

    // The age of the facts changes with every reading, the facts themselves seldom.
    const { freshness, ...rest } = registry;
    const facts = useStructuralSharing(rest);

    const request = requestIn(shown.flatMap(({ first }) => first ?? []));
    const main = mainActionOf(registry, request);
    const { ofState, cause, findings, notes } = useMemo(
      () => findingPlaces(facts),
      [facts],
    );

    const isRunning = ({ id }: Operation) => id === registry.runningOperationId;
    const runningOperation =
      dataOf(operations)?.find(isRunning) ??
      (followed && isRunning(followed) ? followed : undefined);
    // An unlisted operation may still be waiting, or belong to another entity.
    const running = runningOperation
      ? !isUnbegun(runningOperation)
      : registry.runningOperationId !== null &&
        operations.status === 'ready' &&
        ofEntity;
    const state = t(`state.${registry.state.id}`);
    return (
      <SectionFrame
        ref={heading}
        name={registry.name}
        open={props.open}
        onToggle={props.onToggle}
        about={<About registry={facts} />}
        // The state was read before the operation, which is about to change it.
        statusStyle={
          running ? operationStyles.running : stateStyles[registry.state.id]
        }
        word={running ? t('list.running') : state}
        message={
          <StateMessage
            word={running ? state : undefined}
            state={registry.state}
          />
        }
        detail={
          (registry.state.revoked || ofState || cause) && (
            <StateDetail
              state={registry.state}
              finding={ofState}
              cause={cause}
              mayRestore={registry.actions.some(
                ({ action, allowed }) => action === 'restore' && allowed,
              )}
              onShowOperation={open}
            />
          )
        }
        summary={
          registry.versionMode && t(`mode.short.${registry.versionMode}`)
        }
        age={
          <>
            {t('head.checked')} <ReadAt freshness={freshness} />
          </>
        }
        actions={
          <HeadActions
            registry={registry}
            request={
              request && {
                mayApprove: mayApprove(request),
                onShow() {
                  if (mayApprove(request)) decide('approve', request);
                  else if (props.open === false)
                    props.onToggle?.(registry.name);
                  else requestView.current?.focus();
                },
              }
            }
            main={main}
            reasonId={reasonId}
            onAction={onAction}
          />
        }
        actionsNote={
          <MainActionReason
            registry={registry}
            main={main}
            reasonId={reasonId}
          />
        }
        outside={
          <>
            {decision}
            {dialog && (
              <ActionDialog
                key={dialog.action}
                action={dialog.action}
                intent={dialog.intent}
                entityRef={entityRef}
                registry={registry}
                fallbackFocus={heading}
                onAccepted={operation => {
                  start(operation);
                  reload();
                }}
                onEnd={onRead}
                onClosed={() => setDialog(undefined)}
              />
            )}
          </>
        }
      >
        {freshness.stale && (
          <Note statusStyle={severityStyles.warning} role="status">
            {t('head.stale')} {freshness.problem}
          </Note>
        )}
        {registry.changedOutside && (
          <ChangedOutsideNote change={registry.changedOutside} />
        )}
        {notice && (
          <EndedNotice
            operation={notice}
            onDismiss={() => dismiss(notice.id)}
          />
        )}
        {shown.map(({ id, first, live }) => (
          <Stack
            key={id}
            ref={id === request?.id ? requestView : undefined}
            tabIndex={-1}
          >
            <LiveOperation
              id={id}
              first={first}
              onDecided={reload}
              onChange={
                id === registry.runningOperationId ? setFollowed : undefined
              }
              onEnd={live ? onEndReload : undefined}
              onDismiss={() => dismiss(id)}
            />
          </Stack>
        ))}
        <Findings
          title="findings.title"
          findings={findings}
          offers={registry.actions}
          fixedAbove={main?.finding?.id}
          onAction={onAction}
        />
        {running &&
          runningOperation &&
          isOlderThan(freshness, runningOperation) && (
            <Note statusStyle={operationStyles.running}>
              {t('glance.beforeOperation')}
            </Note>
          )}
        <AtAGlance registry={facts} onAction={onAction} />
        {registry.encryption.status === 'enabled' && (
          <FactsPart registry={facts} onAction={onAction} />
        )}
        {ofEntity && (
          <OperationHistory
            registryId={registry.registryId}
            operations={operations}
            shownAbove={shownAbove}
            onRead={onRead}
          />
        )}
        {(registry.encryption.status === 'enabled' || notes.length > 0) && (
          <Details
            registry={facts}
            ofEntity={ofEntity}
            notes={notes}
            onAction={onAction}
          />
        )}
      </SectionFrame>
    );
  },
);

/** Login server and location, with a link to Azure's portal. */
function About({ registry }: { registry: FactsOfRegistry }) {
  const { registryId, loginServer, location } = registry;
  const t = useTexts();
  const portal = registryInPortal(registryId, loginServer);
  return (
    <>
      {loginServer} · {location}
      {portal && (
        <>
          {' · '}
          <ExternalLink href={portal}>{t('head.openInAzure')}</ExternalLink>
        </>
      )}
    </>
  );
}
