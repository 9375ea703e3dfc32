import { useLocation } from 'react-router-dom';
import { FleetBody } from '../FleetPage/FleetFrame';
import { CampaignList } from './CampaignList';
import { CampaignPage } from './CampaignPage';

/** `…/campaigns`, and below it the id of one. */
const PATH = /^(.*\/campaigns)(?:\/([0-9a-f-]{36}))?\/?$/;

/** The list of campaigns, or the one that the path names. */
export function Campaigns() {
  const [, listPath = '', id] = PATH.exec(useLocation().pathname) ?? [];
  return (
    <FleetBody>
      {id ? (
        <CampaignPage key={id} id={id} listPath={listPath} />
      ) : (
        <CampaignList listPath={listPath} />
      )}
    </FleetBody>
  );
}
