import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import type { Campaign, CampaignStage } from 'backstage-plugin-acr-cmk-common';
import { useCampaignTexts } from '../../translations/campaign';
import { namedStyles } from '../shared/styles';
import { Row, Stack } from '../shared/Stack';
import { EntityNames } from '../shared/EntityName';
import { Status } from '../shared/statusStyles';
import { Until } from '../shared/Time';
import { endedOf, MEMBER_STATES, memberStyles } from './campaignStyles';

const useStyles = namedStyles('StageBars', theme => ({
  bar: { margin: theme.spacing(0.5, 0), height: 6 },
}));

/** Progress of each stage, and why one waits. */
export function StageBars({ campaign }: { campaign: Campaign }) {
  const { state, message, stages } = campaign;
  const t = useCampaignTexts();
  return (
    <Stack
      component="ol"
      gap={1.5}
      minColumnWidth="18em"
      aria-label={t('page.stages')}
    >
      {stages.map(stage => (
        <li key={stage.number}>
          <StageBar
            stage={stage}
            // The head has said it.
            waitingFor={
              stage.waitingFor === message ? undefined : stage.waitingFor
            }
            soakUntil={state === 'running' ? stage.soakUntil : undefined}
          />
        </li>
      ))}
    </Stack>
  );
}

function StageBar(props: {
  stage: CampaignStage;
  waitingFor: string | undefined;
  /** End of the pause after it; absent while nothing opens. */
  soakUntil: string | undefined;
}) {
  const { stage, waitingFor, soakUntil } = props;
  const classes = useStyles();
  const t = useCampaignTexts();
  const { number, state, members, states, approvers = [] } = stage;
  const done = endedOf(states);
  const byState = new Map(states.map(each => [each.state, each.count]));
  return (
    <>
      <Row justifyContent="space-between">
        <Typography variant="body2">
          <strong>{t('strategy.stage', { number })}</strong> ·{' '}
          {t('list.members', { count: members })}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {t(`page.stageState.${state}`)}
        </Typography>
      </Row>
      <LinearProgress
        variant="determinate"
        value={members > 0 ? (done / members) * 100 : 0}
        className={classes.bar}
        aria-label={t('page.progress', {
          number,
          done,
          total: members,
        })}
      />
      <Typography variant="body2" component="div">
        <Row gap={0.5}>
          {MEMBER_STATES.filter(id => byState.has(id)).map(id => (
            <Status key={id} statusStyle={memberStyles[id]}>
              {`${byState.get(id)} ${t(`member.${id}`)}`}
            </Status>
          ))}
        </Row>
      </Typography>
      {(waitingFor || approvers.length > 0 || soakUntil) && (
        <Typography variant="body2" component="div">
          {waitingFor && <div>{waitingFor}</div>}
          {approvers.length > 0 && (
            <div>
              {t('page.approvers')} <EntityNames of={approvers} />
              {stage.approvalExpiresAt && (
                <>
                  {` (${t('page.expires')} `}
                  <Until at={stage.approvalExpiresAt} />)
                </>
              )}
            </div>
          )}
          {soakUntil && (
            <div>
              {t('page.opens')} <Until at={soakUntil} />
            </div>
          )}
        </Typography>
      )}
    </>
  );
}
