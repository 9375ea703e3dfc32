import Button from '@material-ui/core/Button';
import type { EntityCampaign } from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { usePagePath } from '../../hooks/usePagePath';
import { useCampaignTexts } from '../../translations/campaign';
import { Note } from '../shared/Note';
import { memberStyles } from './campaignStyles';

type Member = EntityCampaign['members'][number];

/** Campaigns that are to change registries of an entity, each with a link to its page. */
export function CampaignBanners(props: {
  campaigns: readonly EntityCampaign[];
}) {
  const t = useCampaignTexts();
  const page = usePagePath();
  const standingOf = ({ name, stage, state }: Member) =>
    t(state === 'approval' ? 'banner.approval' : 'banner.changes', {
      name,
      stage,
    });
  return (
    <>
      {props.campaigns.map(({ id, title, state, members }) => {
        const name = t('banner.title', { title });
        const asked = members.find(one => one.state === 'approval');
        return (
          <section key={id} aria-label={name}>
            <Note
              statusStyle={memberStyles[(asked ?? members[0]).state]}
              role="status"
              action={
                <Button
                  size="small"
                  component={RouterLink}
                  to={`${page}/campaigns/${id}`}
                >
                  {t('waiting.open')}
                </Button>
              }
            >
              <strong>{name}</strong>
              {members.map(member => (
                <div key={member.name}>{standingOf(member)}</div>
              ))}
              {state === 'paused' && <div>{t('banner.paused')}</div>}
            </Note>
          </section>
        );
      })}
    </>
  );
}
