import type {
  CampaignMember,
  CampaignMembers,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { useCampaignTexts } from '../../translations/campaign';
import { FleetContent } from '../FleetPage/FleetFrame';
import { PageButtons, type Place } from '../FleetPage/PageButtons';

export const FIRST_PAGE: Place = {};

/** One page of members, and the buttons for the others. */
export function MembersPage(props: {
  of: StaleWhileLoading<CampaignMembers>;
  place: Place;
  onPlace(place: Place): void;
  children(
    items: readonly CampaignMember[],
    more: { hasOthers: boolean },
  ): ReactNode;
}) {
  const { of, place } = props;
  const t = useCampaignTexts();
  return (
    <FleetContent
      of={of}
      label={t('loading')}
      failed={message => t('failed', { message })}
    >
      {({ items, total, nextCursor }) => (
        <>
          {props.children(items, {
            hasOthers: Boolean(nextCursor ?? place.cursor),
          })}
          <PageButtons
            search={place}
            nextCursor={nextCursor}
            shown={items.length}
            total={total}
            show={props.onPlace}
          />
        </>
      )}
    </FleetContent>
  );
}
