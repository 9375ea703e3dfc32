import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import type { Campaign } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { useCampaignTexts } from '../../translations/campaign';
import { Stack } from '../shared/Stack';
import { CommandBlock } from '../shared/CommandBlock';
import { Fold } from '../shared/Fold';
import { joined } from '../shared/joined';
import { Note } from '../shared/Note';
import { duration } from '../shared/relativeTime';
import { severityStyles } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';
import { MembersPart } from './MembersPart';

/** Outcomes of a preview, its members, and registries that are left out. */
export function PreviewPart(props: {
  campaign: Campaign;
  /** Estimate of the chosen strategy, in place of that of the default one. Null while it is not known. */
  estimatedSeconds?: number | null;
  /** Shows the change that is planned, where no title above does. */
  named?: boolean;
  /** Choices that belong to its summary. */
  children?: ReactNode;
}) {
  const { campaign } = props;
  const t = useCampaignTexts();
  const { unlinkedCommands = [] } = campaign;
  const unlinked = countOf(campaign, 'unlinked');
  return (
    <Stack gap={1.5}>
      {props.named && (
        <Typography variant="subtitle1" component="h3">
          {campaign.title}
        </Typography>
      )}
      <div role="status">
        <Standing
          campaign={campaign}
          isSaidAbove={!props.named}
          estimatedSeconds={
            props.estimatedSeconds === undefined
              ? campaign.estimatedSeconds
              : props.estimatedSeconds
          }
        />
      </div>
      {props.children}
      {unlinkedCommands.length > 0 && (
        <Fold
          summary={t('preview.unlinkedTitle', {
            unlinked,
          })}
        >
          {t('preview.unlinkedHelp')}
          <CommandBlock
            name={t('preview.commands')}
            script={unlinkedCommands.join('\n')}
          />
        </Fold>
      )}
      <MembersPart campaign={campaign} started={false} />
    </Stack>
  );
}

function countOf(
  { outcomes }: Campaign,
  of: Campaign['outcomes'][number]['outcome'],
): number {
  return outcomes.find(({ outcome }) => outcome === of)?.count ?? 0;
}

/** Progress of the planning, or its result in a sentence. */
function Standing({
  campaign,
  isSaidAbove,
  estimatedSeconds,
}: {
  campaign: Campaign;
  /** The head of the page says what is planned, and why that was interrupted. */
  isSaidAbove: boolean;
  estimatedSeconds: number | null | undefined;
}) {
  const t = useCampaignTexts();
  const locale = useLocale();
  const total = campaign.outcomes.reduce((sum, { count }) => sum + count, 0);
  if (campaign.state === 'previewing') {
    const planned = total - countOf(campaign, 'pending');
    return (
      <>
        {!isSaidAbove && (
          <Typography variant="body2">
            {t('preview.planning', {
              planned,
              total,
            })}
          </Typography>
        )}
        <LinearProgress
          variant="determinate"
          value={total > 0 ? (planned / total) * 100 : 0}
          aria-label={t('preview.progress')}
        />
      </>
    );
  }
  if (campaign.state === 'interrupted') {
    return isSaidAbove ? null : (
      <Note statusStyle={severityStyles.warning}>{campaign.message}</Note>
    );
  }
  const change = countOf(campaign, 'change');
  const { registries, writes } = campaign;
  return (
    <>
      <Typography variant="body2">
        {t('preview.summary', {
          change,
          total,
        })}
      </Typography>
      <Typography variant="body2">
        {change === 0
          ? t('preview.nothing')
          : joined([
              registries !== undefined &&
                registries !== change &&
                t('preview.registries', { count: registries }),
              writes !== undefined && t('preview.writes', { count: writes }),
              typeof estimatedSeconds === 'number' &&
                t('preview.about', {
                  time: duration(Math.max(60, estimatedSeconds), locale),
                }),
            ])}
      </Typography>
    </>
  );
}
