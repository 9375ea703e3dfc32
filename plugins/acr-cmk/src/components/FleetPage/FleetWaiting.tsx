import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type { FleetWaiting as Waiting } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useId, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useFleetWaiting } from '../../hooks/useFleet';
import { usePagePath } from '../../hooks/usePagePath';
import { useFleetTexts } from '../../translations/fleet';
import { useTexts } from '../../translations/ref';
import { EntityName } from '../shared/EntityName';
import { joined } from '../shared/joined';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { Note } from '../shared/Note';
import { OperationRow } from '../shared/OperationRow';
import { OperationStatus } from '../shared/OperationStatus';
import { RouteLink } from '../shared/RouteLink';
import { Stack } from '../shared/Stack';
import { severityStyles } from '../shared/statusStyles';
import { Ago } from '../shared/Time';
import { useOperationTitle } from '../shared/useOperationTitle';
import { FleetBody, FleetContent } from './FleetFrame';
import { WaitingCard } from './WaitingCard';

const WaitingStage = lazyOrNotice(() =>
  import('../Campaigns/WaitingStage').then(m => m.WaitingStage),
);
const ReviewedOperation = lazyOrNotice(() =>
  import('../OperationView').then(m => m.ReviewedOperation),
);

/** Parameter of the URL with the request that is open, to which notifications lead. */
const PARAMETER = 'request';

/** Operations that await the viewer's approval, with plan and decision, and outcomes of earlier ones. */
export function FleetWaiting() {
  const t = useFleetTexts();
  const waiting = useFleetWaiting();
  const title = useRef<HTMLHeadingElement>(null);
  const decided = useRef(false);
  const [parameters, setParameters] = useSearchParams();
  const openId = parameters.get(PARAMETER);
  const ids = [
    ...(waiting.data?.items.map(({ id }) => id) ?? []),
    ...(waiting.data?.campaigns.map(({ hash }) => hash) ?? []),
  ].join();
  const onDecided = () => {
    decided.current = true;
    waiting.reload();
  };
  useEffect(() => {
    // The decided operation has left the list, and the focus with it.
    const isLost = document.activeElement === document.body;
    if (decided.current && isLost) title.current?.focus();
    decided.current = false;
  }, [ids]);
  return (
    <FleetBody>
      {openId && (
        <ReviewedOperation
          key={openId}
          loading={t('waiting.loading')}
          id={openId}
          fallbackFocus={title}
          onDecided={onDecided}
          onClosed={() => setParameters({}, { replace: true })}
        />
      )}
      <FleetContent of={waiting} label={t('waiting.loading')}>
        {({ items, complete, campaigns, ...outcomes }) => (
          <>
            <div role="status">
              <Typography
                ref={title}
                tabIndex={-1}
                variant="h6"
                component="h2"
                style={{ outline: 'none' }}
              >
                {t('waiting.title', { count: items.length + campaigns.length })}
              </Typography>
            </div>
            {!complete && (
              <Note statusStyle={severityStyles.info} role="status">
                {t('waiting.incomplete')}
              </Note>
            )}
            <Stack component="ul" gap={2}>
              {items.map(item => (
                <li key={item.id}>
                  <WaitingOperation
                    operation={item}
                    onOpen={() => setParameters({ [PARAMETER]: item.id })}
                  />
                </li>
              ))}
              {campaigns.map(stage => (
                <li key={`${stage.campaignId} ${stage.stage}`}>
                  <WaitingStage
                    stage={stage}
                    onDecided={onDecided}
                    loading={t('waiting.loading')}
                  />
                </li>
              ))}
            </Stack>
            <Outcomes {...outcomes} />
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
}

/** Decisions of the viewer, newest first, each with what became of it. A stage of a campaign is one. */
function Outcomes(props: Pick<Waiting, 'decided' | 'decidedStages'>) {
  const t = useFleetTexts();
  const titleId = useId();
  const rows = [
    ...props.decided.map(outcome => ({
      at: outcome.decidedAt,
      row: <DecidedOperation key={outcome.id} outcome={outcome} />,
    })),
    ...props.decidedStages.map(stage => ({
      at: stage.decidedAt,
      row: (
        <DecidedStage key={`${stage.campaignId} ${stage.stage}`} of={stage} />
      ),
    })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (rows.length === 0) return null;
  return (
    <div>
      <Typography id={titleId} variant="h6" component="h2">
        {t('waiting.decided')}
      </Typography>
      <Stack component="ul" gap={0} aria-labelledby={titleId}>
        {rows.map(({ row }) => row)}
      </Stack>
    </div>
  );
}

function DecidedOperation(props: { outcome: Waiting['decided'][number] }) {
  const { outcome } = props;
  const t = useTexts();
  const titleOf = useOperationTitle();
  return (
    <OperationRow
      title={titleOf(outcome.kind, outcome.registryName)}
      state={
        <>
          <OperationStatus state={outcome.state} />{' '}
          {outcome.endedAt && <Ago at={outcome.endedAt} />}
        </>
      }
      text={
        <div title={outcome.message}>
          {outcome.entityRef && <EntityName entityRef={outcome.entityRef} />}
        </div>
      }
      about={
        <>
          {t(`asked.you.${outcome.decision}`)} <Ago at={outcome.decidedAt} />
        </>
      }
    />
  );
}

function DecidedStage({ of }: { of: Waiting['decidedStages'][number] }) {
  const t = useFleetTexts();
  const pagePath = usePagePath();
  const { campaignId, title, stage, approved, rejected } = of;
  return (
    <OperationRow
      title={
        <RouteLink to={`${pagePath}/campaigns/${campaignId}`}>
          {t('waiting.stage', { title, stage })}
        </RouteLink>
      }
      about={
        <>
          {joined([
            approved > 0 && t('waiting.approved', { count: approved }),
            rejected > 0 && t('waiting.rejected', { count: rejected }),
          ])}{' '}
          <Ago at={of.decidedAt} />
        </>
      }
    />
  );
}

function WaitingOperation(props: {
  operation: Waiting['items'][number];
  onOpen(): void;
}) {
  const { operation } = props;
  const t = useFleetTexts();
  const titleOf = useOperationTitle();
  const needsId = useId();
  return (
    <WaitingCard
      title={titleOf(operation.kind, operation.registryName)}
      request={operation}
      affects={t('waiting.affects', { count: operation.consumers })}
    >
      {operation.needs.length > 0 && (
        <Typography variant="body2" component="div">
          <span id={needsId}>{t('waiting.needs')}</span>
          <ul
            style={{ margin: 0, paddingLeft: '1.2em' }}
            aria-labelledby={needsId}
          >
            {operation.needs.map(need => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        </Typography>
      )}
      <div>
        <Button
          variant="contained"
          color="primary"
          size="small"
          aria-haspopup="dialog"
          onClick={props.onOpen}
        >
          {t('waiting.review')}
        </Button>
      </div>
    </WaitingCard>
  );
}
