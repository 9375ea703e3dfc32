import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import {
  isTerminal,
  operationKindOf,
  type Operation,
  type OperationState,
} from 'backstage-plugin-acr-cmk-common';
import { useId } from 'react';
import { usePagePath } from '../../hooks/usePagePath';
import { useTexts } from '../../translations/ref';
import { YourRegistries } from '../AffectedRegistries/YourRegistries';
import { EntityName } from '../shared/EntityName';
import { Code, CopyableFact, Fact, Facts } from '../shared/layout';
import { NamesInText } from '../shared/NamesInText';
import { NeedInWords } from '../shared/NeedInWords';
import { useExplainPermissions } from '../shared/permissions';
import { PullsSeen } from '../shared/PullsSeen';
import { duration } from '../shared/relativeTime';
import { RouteLink } from '../shared/RouteLink';
import { Row } from '../shared/Stack';
import { OperationStatus } from '../shared/OperationStatus';
import { Ago, Until, useLocale } from '../shared/Time';
import { OperationActions } from './OperationActions';
import { isUnbegun } from './isUnbegun';
import { mayApprove } from './mayApprove';
import { Steps } from './Steps';
import { YourApproval } from './YourApproval';
import { namedStyles, stack } from '../shared/styles';
import { useOperationTitle } from '../shared/useOperationTitle';

const useStyles = namedStyles('Operation', theme => ({
  root: {
    ...stack(theme, 2),
    padding: theme.spacing(2),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  // The status repeats it in words.
  progress: {
    '@media (prefers-reduced-motion: reduce)': { display: 'none' },
  },
  title: { fontWeight: 700 },
  // A long sentence leaves the button beside it where it is.
  head: { '& > :first-child': { flex: '1 1 16em', minWidth: 0 } },
}));

/** States in which the operation proceeds without a person. */
const IN_PROGRESS: readonly OperationState[] = ['queued', 'running', 'waiting'];

const isInProgress = (operation: Operation) =>
  IN_PROGRESS.includes(operation.state) && !isUnbegun(operation);

/** One operation: state, requester, reason, steps with evidence, and result. */
export function OperationView(props: {
  operation: Operation;
  /** No updates arrive: nothing is known of its progress. */
  disconnected?: boolean;
  onDismiss?(): void;
  onDecided(operation: Operation): void;
}) {
  const { operation, disconnected = false } = props;
  const classes = useStyles();
  const t = useTexts();
  const titleOf = useOperationTitle();
  const titleId = useId();
  return (
    <div role="group" aria-labelledby={titleId} className={classes.root}>
      <Row alignItems="flex-start" className={classes.head}>
        <div>
          <Typography
            id={titleId}
            variant="subtitle1"
            component="h3"
            className={classes.title}
          >
            {titleOf(operationKindOf(operation), operation.registryName)}
          </Typography>
          <Typography variant="body2" component="div" role="status">
            <OperationStatus state={operation.state} />
            <StateInWords operation={operation} disconnected={disconnected} />
          </Typography>
        </div>
        {props.onDismiss && (
          <Button size="small" onClick={props.onDismiss}>
            {t('operation.dismiss')}
          </Button>
        )}
      </Row>
      {isInProgress(operation) && !disconnected && (
        <LinearProgress
          aria-label={t('operation.running')}
          className={classes.progress}
        />
      )}
      {!isTerminal(operation.state) && (
        <YourRegistries consumers={operation.plan.consumers} />
      )}
      <OperationActions operation={operation} onDecided={props.onDecided} />
      <Steps operation={operation} />
      <OperationFacts operation={operation} />
    </div>
  );
}

/** Explanation of the state: what the operation waits for, until when, or how it ended. */
function StateInWords(props: { operation: Operation; disconnected: boolean }) {
  const { operation } = props;
  const t = useTexts();
  const explain = useExplainPermissions();
  const { approval, beginsAt, restoresAt, restoreOverdue, waiting, result } =
    operation;
  return (
    <>
      {approval?.state === 'pending' && (
        <>
          <div>
            {mayApprove(operation) ? (
              <YourApproval needs={approval.needs} />
            ) : (
              explain(operation.plan.approval.message ?? t('operation.awaits'))
            )}
          </div>
          {approval.expiresAt && (
            <div>
              {t('operation.requestExpires')} <Until at={approval.expiresAt} />
            </div>
          )}
        </>
      )}
      {beginsAt && isUnbegun(operation) && (
        <div>
          {t('operation.begins')} <Until at={beginsAt} />
        </div>
      )}
      {waiting && approval?.state !== 'pending' && !isUnbegun(operation) && (
        <div>
          {waiting.message}
          {!props.disconnected && (
            <>
              {' '}
              ({t('operation.checksAgain')} <Until at={waiting.until} />)
            </>
          )}
        </div>
      )}
      {result && (
        <div>
          <NamesInText>{result.message}</NamesInText>
        </div>
      )}
      {operation.pulls && (
        <div>
          <PullsSeen pulls={operation.pulls} />
        </div>
      )}
      {restoresAt && (
        <div>
          {t(
            restoreOverdue ? 'operation.restoreOverdue' : 'operation.restores',
          )}{' '}
          <Until at={restoresAt} />
        </div>
      )}
      <WillRestore operation={operation} />
    </>
  );
}

/** Time from the end of a running revoke to its automatic restore. */
function WillRestore({ operation }: { operation: Operation }) {
  const t = useTexts();
  const locale = useLocale();
  const { intent, startedAt, endedAt, confirmedBy } = operation;
  const minutes = intent.kind === 'revoke' && intent.restoreAfterMinutes;
  if (!minutes || !startedAt || endedAt || confirmedBy) return null;
  return (
    <div>
      {t('operation.willRestore', { time: duration(minutes * 60, locale) })}
    </div>
  );
}

/** Requester, reason, times, and ids of Azure's log. */
export function OperationFacts({ operation }: { operation: Operation }) {
  const t = useTexts();
  const pagePath = usePagePath();
  // While nobody has approved, the state says all of them.
  const needs =
    operation.approval?.needs?.filter(
      (_need, _index, all) =>
        operation.approval?.state !== 'pending' || all.some(({ by }) => by),
    ) ?? [];
  const ofStep = operation.steps.some(
    ({ correlationId }) => correlationId === operation.result?.correlationId,
  );
  return (
    <Facts>
      <Fact
        name={t(operation.automatic ? 'operation.startedBy' : 'operation.by')}
      >
        <StartedBy operation={operation} />, <Ago at={operation.createdAt} />
      </Fact>
      <Fact name={t('operation.reason')}>{operation.reason}</Fact>
      {operation.campaignId && (
        <Fact name={t('operation.campaign')}>
          <RouteLink to={`${pagePath}/campaigns/${operation.campaignId}`}>
            {t('operation.openCampaign')}
          </RouteLink>
        </Fact>
      )}
      {needs.map(need => (
        <Fact
          key={`${need.permission} ${need.entityRef ?? need.because}`}
          name={t('operation.need')}
        >
          <NeedInWords
            need={need}
            approvedBy={t('operation.approval.approved')}
            open={t('operation.needOpen')}
          />
        </Fact>
      ))}
      {operation.approval?.by && (
        <Fact name={t(`operation.approval.${operation.approval.state}`)}>
          <EntityName entityRef={operation.approval.by} />
          {operation.approval.at && (
            <>
              , <Ago at={operation.approval.at} />
            </>
          )}
        </Fact>
      )}
      <Fact name={t('operation.confirmedBy')}>
        {operation.confirmedBy && (
          <EntityName entityRef={operation.confirmedBy} />
        )}
      </Fact>
      <Fact name={t('operation.ended')}>
        {operation.endedAt && <Ago at={operation.endedAt} />}
      </Fact>
      <Fact name={t('operation.code')}>
        {operation.result?.code && <Code>{operation.result.code}</Code>}
      </Fact>
      <CopyableFact
        name={t('correlationId')}
        text={ofStep ? undefined : operation.result?.correlationId}
      />
      <CopyableFact name={t('operation.id')} text={operation.id} />
    </Facts>
  );
}

/** Requester of the operation; of an automatic restore, the person who requested the revoke. */
export function StartedBy({ operation }: { operation: Operation }) {
  const t = useTexts();
  const { automatic, requestedBy } = operation;
  return (
    <>
      {automatic && `${t('operation.automatically')} `}
      <EntityName entityRef={requestedBy} />
    </>
  );
}
