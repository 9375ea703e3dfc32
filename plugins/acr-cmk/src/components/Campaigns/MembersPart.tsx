import Typography from '@material-ui/core/Typography';
import type {
  Campaign,
  CampaignMember,
  CampaignMemberState,
  CampaignOutcome,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { useCampaignMembers } from '../../hooks/useCampaigns';
import { useCampaignTexts } from '../../translations/campaign';
import { CountFilter } from '../shared/CountFilter';
import { SelectField } from '../shared/SelectField';
import { Row, Stack } from '../shared/Stack';
import { namedStyles } from '../shared/styles';
import { memberStyles, outcomeStyles } from './campaignStyles';
import { FIRST_PAGE, MembersPage } from './MembersPage';
import { MembersTable } from './MembersTable';

const useStyles = namedStyles('CampaignMembersPart', {
  filters: { '& > :first-child': { flex: '1 1 16em', minWidth: 0 } },
  stage: { width: '11em' },
});

/** Members of a campaign, filtered by outcome before its start and by state and stage after it. */
export function MembersPart(props: {
  campaign: Campaign;
  started: boolean;
  onSkip?(member: CampaignMember): void;
}) {
  const { campaign, started } = props;
  const classes = useStyles();
  const t = useCampaignTexts();
  const [outcome, setOutcome] = useState<CampaignOutcome[]>([]);
  const [state, setState] = useState<CampaignMemberState[]>([]);
  const [stage, setStage] = useState('');
  const [place, setPlace] = useState(FIRST_PAGE);
  const members = useCampaignMembers(
    { id: campaign.id, changed: campaign.revision },
    {
      ...(started
        ? { state, stage: stage ? Number(stage) : undefined }
        : { outcome }),
      cursor: place.cursor,
    },
  );
  const { stages } = campaign;
  const show =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setPlace(FIRST_PAGE);
    };
  return (
    <Stack>
      <Row className={classes.filters}>
        {started ? (
          <CountFilter
            label={t('members.filter')}
            counts={campaign.states.map(each => [each.state, each.count])}
            styles={memberStyles}
            textOf={id => t(`member.${id}`)}
            selected={state}
            onChange={show(setState)}
          />
        ) : (
          <CountFilter
            label={t('preview.filter')}
            counts={campaign.outcomes.map(each => [each.outcome, each.count])}
            styles={outcomeStyles}
            textOf={id => t(`outcome.${id}`)}
            selected={outcome}
            onChange={show(setOutcome)}
          />
        )}
        {started && stages.length > 1 && (
          <div className={classes.stage}>
            <SelectField
              label={t('members.stage')}
              value={stage}
              onChange={show(setStage)}
              options={[
                { value: '', text: t('members.anyStage') },
                ...stages.map(({ number }) => ({
                  value: String(number),
                  text: t('strategy.stage', { number }),
                })),
              ]}
            />
          </div>
        )}
      </Row>
      <MembersPage of={members} place={place} onPlace={setPlace}>
        {items =>
          items.length > 0 ? (
            <MembersTable
              label={t('page.members')}
              members={items}
              started={started}
              onSkip={props.onSkip}
            />
          ) : (
            <Typography variant="body2">{t('members.none')}</Typography>
          )
        }
      </MembersPage>
    </Stack>
  );
}
