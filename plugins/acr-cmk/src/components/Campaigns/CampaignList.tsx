import { EmptyState } from '@backstage/core-components';
import type { Campaign } from 'backstage-plugin-acr-cmk-common';
import { useCampaigns } from '../../hooks/useCampaigns';
import { useCampaignTexts } from '../../translations/campaign';
import { FleetContent } from '../FleetPage/FleetFrame';
import { DataTable } from '../shared/DataTable';
import { EntityName } from '../shared/EntityName';
import { joined } from '../shared/joined';
import { RouteLink } from '../shared/RouteLink';
import { Ago } from '../shared/Time';
import { CampaignState } from './CampaignState';
import { endedOf } from './campaignStyles';

/** Campaigns that the viewer may see, newest first. */
export function CampaignList({ listPath }: { listPath: string }) {
  const t = useCampaignTexts();
  const campaigns = useCampaigns();
  return (
    <FleetContent
      of={campaigns}
      label={t('loading')}
      failed={message => t('failed', { message })}
    >
      {({ items, mayCreate }) =>
        items.length === 0 ? (
          <EmptyState
            missing="data"
            title={t('list.none')}
            description={mayCreate ? t('list.noneHelp') : undefined}
          />
        ) : (
          <DataTable
            label={t('list.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: t('list.campaign'),
                width: 33,
                titleOf: ({ title, reason }) => joined([title, reason], '\n'),
                cell: ({ id, title }) => (
                  <RouteLink to={`${listPath}/${id}`}>{title}</RouteLink>
                ),
              },
              {
                title: t('list.state'),
                width: 31,
                titleOf: ({ message }) => message,
                cell: campaign => <CampaignState campaign={campaign} />,
              },
              {
                title: t('list.progress'),
                width: 10,
                cell: campaign => <Progress campaign={campaign} />,
              },
              {
                title: t('list.by'),
                width: 14,
                cell: ({ requestedBy }) => (
                  <EntityName entityRef={requestedBy} />
                ),
              },
              {
                title: t('list.created'),
                width: 12,
                cell: ({ createdAt }) => <Ago at={createdAt} />,
              },
            ]}
          />
        )
      }
    </FleetContent>
  );
}

function Progress({ campaign: { states, stages } }: { campaign: Campaign }) {
  const t = useCampaignTexts();
  const total = stages.reduce((sum, { members }) => sum + members, 0);
  if (total === 0) return null;
  return <>{t('list.done', { done: endedOf(states), total })}</>;
}
