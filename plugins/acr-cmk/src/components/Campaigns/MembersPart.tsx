import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Campaign,
  CampaignMember,
  CampaignMemberState,
  CampaignOutcome,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { useCampaignMembers } from '../../hooks/useCampaigns';
import { acrCmkCampaignTranslationRef } from '../../translations/campaign';
import { CountButtons } from '../shared/CountButtons';
import { SelectField } from '../shared/SelectField';
import { stack } from '../shared/styles';
import {
  MEMBER_STATES,
  memberStyles,
  OUTCOMES,
  outcomeStyles,
} from './campaignStyles';
import { FIRST_PAGE, MembersPage } from './MembersPage';
import { MembersTable, NoMember } from './MembersTable';

const useStyles = makeStyles(
  theme => ({
    root: stack(theme, 1),
    filters: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      '& > :first-child': { flex: '1 1 16em', minWidth: 0 },
    },
    stage: { width: '11em' },
  }),
  { name: 'AcrCmkCampaignMembersPart' },
);

/** Members of a campaign, filtered by outcome before its start and by state and stage after it. */
export function MembersPart(props: {
  campaign: Campaign;
  started: boolean;
  onSkip?(member: CampaignMember): void;
}) {
  const { campaign, started } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkCampaignTranslationRef);
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
  const counts: ReadonlyMap<string, number> = new Map(
    started
      ? campaign.states.map(each => [each.state, each.count])
      : campaign.outcomes.map(each => [each.outcome, each.count]),
  );
  return (
    <div className={classes.root}>
      <div className={classes.filters}>
        {started ? (
          <CountButtons
            label={t('members.filter')}
            items={MEMBER_STATES.filter(
              id => counts.has(id) || state.includes(id),
            ).map(id => ({
              id,
              text: t(`member.${id}`),
              statusStyle: memberStyles[id],
              count: counts.get(id) ?? 0,
            }))}
            selected={state}
            onChange={selected => {
              setState(selected);
              setPlace(FIRST_PAGE);
            }}
          />
        ) : (
          <CountButtons
            label={t('preview.filter')}
            items={OUTCOMES.filter(
              id => counts.has(id) || outcome.includes(id),
            ).map(id => ({
              id,
              text: t(`outcome.${id}`),
              statusStyle: outcomeStyles[id],
              count: counts.get(id) ?? 0,
            }))}
            selected={outcome}
            onChange={selected => {
              setOutcome(selected);
              setPlace(FIRST_PAGE);
            }}
          />
        )}
        {started && stages.length > 1 && (
          <div className={classes.stage}>
            <SelectField
              label={t('members.stage')}
              value={stage}
              onChange={chosen => {
                setStage(chosen);
                setPlace(FIRST_PAGE);
              }}
              options={[
                { value: '', text: t('members.anyStage') },
                ...stages.map(({ number }) => ({
                  value: String(number),
                  text: t('strategy.stage', { number: String(number) }),
                })),
              ]}
            />
          </div>
        )}
      </div>
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
            <NoMember />
          )
        }
      </MembersPage>
    </div>
  );
}
