import type { Campaign } from 'backstage-plugin-acr-cmk-common';
import { useCampaignTexts } from '../../translations/campaign';
import { NamesInText } from '../shared/NamesInText';
import { Status } from '../shared/statusStyles';
import { styleOf } from './campaignStyles';

/** The state in a word, and what the backend says about it. */
export function CampaignState({ campaign }: { campaign: Campaign }) {
  const { state, aborting, message } = campaign;
  const t = useCampaignTexts();
  const word = t(`state.${aborting ? 'aborting' : state}`);
  // "Ended with 2 failed" has the word.
  const hasWord = message?.startsWith(word);
  return (
    <>
      <Status statusStyle={styleOf(campaign)}>
        {hasWord && message ? <NamesInText>{message}</NamesInText> : word}
      </Status>
      {message && !hasWord && (
        <>
          {' · '}
          <NamesInText>{message}</NamesInText>
        </>
      )}
    </>
  );
}
