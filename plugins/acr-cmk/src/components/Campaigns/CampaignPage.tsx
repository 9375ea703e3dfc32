import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Campaign, CampaignMember } from 'backstage-plugin-acr-cmk-common';
import { useRef, useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { useCampaign } from '../../hooks/useCampaigns';
import { useSendOnce } from '../../hooks/useSendOnce';
import { useCampaignTexts } from '../../translations/campaign';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { EntityName } from '../shared/EntityName';
import { Fact, Facts } from '../shared/layout';
import { LoadedView } from '../shared/LoadedView';
import { Note } from '../shared/Note';
import { RouteLink } from '../shared/RouteLink';
import { severityStyles } from '../shared/statusStyles';
import { namedStyles, stack } from '../shared/styles';
import { Ago } from '../shared/Time';
import { CampaignActions } from './CampaignActions';
import { CampaignState } from './CampaignState';
import { memberStyles } from './campaignStyles';
import { ChangeDialog } from './ChangeDialog';
import { MembersPart } from './MembersPart';
import { PreviewPart } from './PreviewPart';
import { StageBars } from './StageBars';
import { strategyInWords } from './StrategyForm';

const useStyles = namedStyles('CampaignPage', theme => ({
  // Secondary text has too little contrast on the page itself.
  root: {
    ...stack(theme, 2),
    padding: theme.spacing(2),
    '&:focus': { outline: 'none' },
  },
  title: { fontWeight: 700, overflowWrap: 'anywhere' },
}));

/** One campaign, live: state, stages, members and commands. */
export function CampaignPage(props: { id: string; listPath: string }) {
  const { id, listPath } = props;
  const t = useCampaignTexts();
  const loaded = useCampaign(id);
  return (
    <LoadedView
      of={loaded}
      loading={t('loading')}
      failed={message => t('failed', { message })}
      refreshFailed={message => t('refreshFailed', { message })}
    >
      {campaign => (
        <Shown
          campaign={campaign}
          listPath={listPath}
          onChanged={loaded.reload}
        />
      )}
    </LoadedView>
  );
}

const isStarted = ({ startedAt }: Campaign) => startedAt !== undefined;

function Shown(props: {
  campaign: Campaign;
  listPath: string;
  onChanged(): void;
}) {
  const { campaign, onChanged } = props;
  const { request } = campaign;
  const classes = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const t = useCampaignTexts();
  const [starts, setStarts] = useState(false);
  return (
    <Paper ref={root} tabIndex={-1} variant="outlined" className={classes.root}>
      <div>
        <RouteLink to={props.listPath} variant="body2">
          {t('page.back')}
        </RouteLink>
        <Typography variant="h6" component="h2" className={classes.title}>
          {campaign.title}
        </Typography>
        <Typography variant="body2" component="div" role="status">
          <CampaignState campaign={campaign} />
        </Typography>
      </div>
      {request && (
        <Note
          statusStyle={memberStyles.approval}
          action={
            <Button
              size="small"
              variant="contained"
              color="primary"
              component={RouterLink}
              to={props.listPath.replace(/campaigns$/, 'waiting')}
            >
              {t('page.decide')}
            </Button>
          }
        >
          {t('page.yours', { count: request.members })}
        </Note>
      )}
      {campaign.retry && (
        <Note statusStyle={severityStyles.info} role="status">
          {campaign.retry.problem === undefined
            ? t('page.retrying', {
                planned: campaign.retry.planned ?? 0,
                total: campaign.retry.total ?? 0,
              })
            : t('page.notRetried', { problem: campaign.retry.problem })}
        </Note>
      )}
      {campaign.offers.includes('start') && (
        <div>
          <Button
            size="small"
            variant="contained"
            color="primary"
            onClick={() => setStarts(true)}
          >
            {t('page.startIt')}
          </Button>
        </div>
      )}
      <CampaignActions campaign={campaign} onChanged={onChanged} />
      <CampaignFacts campaign={campaign} />
      {isStarted(campaign) ? (
        <Started campaign={campaign} onChanged={onChanged} />
      ) : (
        <PreviewPart campaign={campaign} />
      )}
      {starts && (
        <ChangeDialog
          title={campaign.title}
          previewed={campaign.id}
          fallbackFocus={root}
          onStarted={onChanged}
          onClosed={() => setStarts(false)}
        />
      )}
    </Paper>
  );
}

function CampaignFacts({ campaign }: { campaign: Campaign }) {
  const t = useCampaignTexts();
  const { requestedBy, reason, startedAt, endedAt, strategy } = campaign;
  return (
    <Facts>
      <Fact name={t('page.by')}>
        <EntityName entityRef={requestedBy} />
      </Fact>
      <Fact name={t('page.reason')}>{reason}</Fact>
      <Fact name={t('page.started')}>
        {startedAt && <Ago at={startedAt} />}
      </Fact>
      <Fact name={t('page.ended')}>{endedAt && <Ago at={endedAt} />}</Fact>
      <Fact name={t('strategy.title')}>
        {strategy && strategyInWords(strategy, t)}
      </Fact>
    </Facts>
  );
}

/** Stages and members of a campaign that was started. */
function Started(props: { campaign: Campaign; onChanged(): void }) {
  const { campaign, onChanged } = props;
  const root = useRef<HTMLDivElement>(null);
  const t = useCampaignTexts();
  const request = useSendOnce<Campaign>();
  const [skips, setSkips] = useState<CampaignMember>();
  const skip = (member: CampaignMember) => {
    request.reopen();
    setSkips(member);
  };
  return (
    <>
      <StageBars campaign={campaign} />
      <div ref={root} tabIndex={-1}>
        <MembersPart
          campaign={campaign}
          started
          onSkip={campaign.offers.includes('skip') ? skip : undefined}
        />
      </div>
      {skips && (
        <ConfirmationDialog
          title={t('command.skipDialog.title', { name: skips.name })}
          confirm={t('command.skipDialog.confirm')}
          request={request}
          fallbackFocus={root}
          onConfirm={async ({ reason }) => {
            const skipped = await request.send(({ campaigns }) =>
              campaigns.skip(campaign.id, skips.position, { reason }),
            );
            onChanged();
            return skipped !== undefined;
          }}
          onClosed={() => setSkips(undefined)}
        >
          <Typography variant="body2">
            {t('command.skipDialog.what')}
          </Typography>
        </ConfirmationDialog>
      )}
    </>
  );
}
