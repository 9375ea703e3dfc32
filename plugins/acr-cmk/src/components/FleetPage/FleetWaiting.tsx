import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { FleetWaiting as Waiting } from 'backstage-plugin-acr-cmk-common';
import { Suspense, useEffect, useId, useRef, useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { useFleetWaiting } from '../../hooks/useFleet';
import { usePagePath } from '../../hooks/usePagePath';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { acrCmkTranslationRef } from '../../translations/ref';
import { EntityName } from '../shared/EntityName';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { Note } from '../shared/Note';
import {
  operationStyles,
  severityStyles,
  Status,
} from '../shared/statusStyles';
import { Ago, Until } from '../shared/Time';
import { useOperationTitle } from '../shared/useOperationTitle';
import { FleetCard, FleetCards } from './FleetCard';
import { FleetBody, FleetContent } from './FleetFrame';

const WaitingStage = lazyOrNotice(() =>
  import('../Campaigns/WaitingStage').then(m => m.WaitingStage),
);
const ReviewedOperation = lazyOrNotice(() =>
  import('../OperationView').then(m => m.ReviewedOperation),
);

const useStyles = makeStyles(
  theme => ({
    heading: { '&:focus': { outline: 'none' } },
    needs: { margin: 0, paddingLeft: '1.2em' },
    decided: { marginTop: theme.spacing(2) },
    outcomes: { listStyle: 'none', margin: 0, padding: 0 },
  }),
  { name: 'AcrCmkFleetWaiting' },
);

/** Operations that await the viewer's approval, with plan and decision, and outcomes of earlier ones. */
export function FleetWaiting() {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const waiting = useFleetWaiting();
  const title = useRef<HTMLHeadingElement>(null);
  const decided = useRef(false);
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
      <FleetContent of={waiting} label={t('waiting.loading')}>
        {({ items, complete, campaigns, ...outcomes }) => (
          <>
            <div role="status">
              <Typography
                ref={title}
                tabIndex={-1}
                variant="h6"
                component="h2"
                className={classes.heading}
              >
                {t('waiting.title', { count: items.length + campaigns.length })}
              </Typography>
            </div>
            {!complete && (
              <Note statusStyle={severityStyles.info} role="status">
                {t('waiting.incomplete')}
              </Note>
            )}
            <FleetCards>
              {items.map(item => (
                <li key={item.id}>
                  <WaitingOperation operation={item} onDecided={onDecided} />
                </li>
              ))}
              {campaigns.map(stage => (
                <li key={`${stage.campaignId} ${stage.stage}`}>
                  <Suspense
                    fallback={<Progress aria-label={t('waiting.loading')} />}
                  >
                    <WaitingStage stage={stage} onDecided={onDecided} />
                  </Suspense>
                </li>
              ))}
            </FleetCards>
            <Outcomes {...outcomes} />
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
}

/** Decisions of the viewer, newest first, each with what became of it. A stage of a campaign is one. */
function Outcomes(props: Pick<Waiting, 'decided' | 'decidedStages'>) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const titleId = useId();
  const lines = [
    ...props.decided.map(outcome => ({
      key: outcome.id,
      at: outcome.decidedAt,
      title: outcome.message,
      line: <DecidedOperation outcome={outcome} />,
    })),
    ...props.decidedStages.map(stage => ({
      key: `${stage.campaignId} ${stage.stage}`,
      at: stage.decidedAt,
      title: undefined,
      line: <DecidedStage of={stage} />,
    })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (lines.length === 0) return null;
  return (
    <div className={classes.decided}>
      <Typography id={titleId} variant="h6" component="h2">
        {t('waiting.decided')}
      </Typography>
      <ul className={classes.outcomes} aria-labelledby={titleId}>
        {lines.map(({ key, title, line }) => (
          <Typography key={key} component="li" variant="body2" title={title}>
            {line}
          </Typography>
        ))}
      </ul>
    </div>
  );
}

function DecidedOperation({
  outcome,
}: {
  outcome: Waiting['decided'][number];
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const titleOf = useOperationTitle();
  return (
    <>
      <strong>{titleOf(outcome.kind, outcome.registryName)}</strong>
      {outcome.entityRef && (
        <>
          {' · '}
          <EntityName entityRef={outcome.entityRef} />
        </>
      )}
      {' · '}
      {t(`asked.you.${outcome.decision}`)} <Ago at={outcome.decidedAt} />
      {' · '}
      <Status statusStyle={operationStyles[outcome.state]}>
        {t(`operation.state.${outcome.state}`)}
      </Status>{' '}
      {outcome.endedAt && <Ago at={outcome.endedAt} />}
    </>
  );
}

function DecidedStage({ of }: { of: Waiting['decidedStages'][number] }) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const pagePath = usePagePath();
  const { campaignId, title, stage, approved, rejected } = of;
  return (
    <>
      <Link component={RouterLink} to={`${pagePath}/campaigns/${campaignId}`}>
        <strong>{t('waiting.stage', { title, stage: String(stage) })}</strong>
      </Link>
      {approved > 0 && ` · ${t('waiting.approved', { count: approved })}`}
      {rejected > 0 && ` · ${t('waiting.rejected', { count: rejected })}`}{' '}
      <Ago at={of.decidedAt} />
    </>
  );
}

function WaitingOperation(props: {
  operation: Waiting['items'][number];
  onDecided(): void;
}) {
  const { operation } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const titleOf = useOperationTitle();
  const needsId = useId();
  const reviewButton = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <FleetCard title={titleOf(operation.kind, operation.registryName)}>
      <Typography variant="body2">{operation.summary}</Typography>
      <Typography variant="body2" component="div">
        “{operation.reason}” · {t('waiting.by')}{' '}
        <EntityName entityRef={operation.requestedBy} />,{' '}
        <Ago at={operation.createdAt} /> ·{' '}
        {t('waiting.affects', { count: operation.consumers })}
        {operation.expiresAt && (
          <>
            {' · '}
            {t('waiting.expires')} <Until at={operation.expiresAt} />
          </>
        )}
        {operation.entityRef && (
          <div>
            <EntityName entityRef={operation.entityRef} />
          </div>
        )}
      </Typography>
      {operation.needs.length > 0 && (
        <Typography variant="body2" component="div">
          <span id={needsId}>{t('waiting.needs')}</span>
          <ul className={classes.needs} aria-labelledby={needsId}>
            {operation.needs.map(need => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        </Typography>
      )}
      <div>
        <Button
          ref={reviewButton}
          variant="contained"
          color="primary"
          size="small"
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
        >
          {t('waiting.review')}
        </Button>
      </div>
      {open && (
        <Suspense fallback={<Progress aria-label={t('waiting.loading')} />}>
          <ReviewedOperation
            id={operation.id}
            fallbackFocus={reviewButton}
            onDecided={props.onDecided}
            onClosed={() => setOpen(false)}
          />
        </Suspense>
      )}
    </FleetCard>
  );
}
