import type { Consumer, KeyView } from 'backstage-plugin-acr-cmk-common';
import { useMemo } from 'react';
import { useTexts } from '../../translations/ref';
import { Fold } from '../shared/Fold';
import { Block } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { dayInWords, useLocale } from '../shared/Time';
import { useIsNarrow } from '../shared/useIsNarrow';
import { Legend, TimelineChart } from './TimelineChart';
import { LABEL_SPACING, timelineOf } from './timeline';
import { VersionTable } from './VersionTable';

/** The versions of the key over time: the shaded part is how far the registry is behind. */
export function VersionTimeline(props: {
  registryName: string;
  registryKey: KeyView;
  consumers: Consumer[];
  /** Offers to use a version, to a person who may rotate. */
  onUseVersion?(version: string): void;
  /** Current time for reproducible screenshots. Epoch milliseconds. Default: the clock. */
  now?: number;
}) {
  const { registryName, registryKey, consumers, now } = props;
  const t = useTexts();
  const locale = useLocale();
  const narrow = useIsNarrow();
  const labelSpacing = narrow ? LABEL_SPACING.narrow : LABEL_SPACING.wide;
  const timeline = useMemo(
    () =>
      timelineOf(registryKey, consumers, {
        now: now ?? Date.now(),
        labelSpacing,
      }),
    [registryKey, consumers, now, labelSpacing],
  );
  const day = (time: string) => dayInWords(time, locale);
  const { inUse, latest, newer } = timeline;
  const messages = [
    t('timeline.count', { count: timeline.versions.length }),
    inUse &&
      t('timeline.uses', {
        registry: registryName,
        version: shortVersion(inUse.version),
        date: day(inUse.created),
      }),
    latest &&
      t('timeline.latestIs', {
        version: shortVersion(latest.version),
        date: day(latest.created),
      }),
    inUse && latest && t('timeline.newer', { count: newer }),
  ]
    .filter(Boolean)
    .join(' ');

  if (timeline.versions.length === 0) return null;
  const table = (
    <VersionTable
      timeline={timeline}
      registryName={registryName}
      onUse={props.onUseVersion}
    />
  );
  return (
    <Block folds title={t('timeline.title')}>
      {timeline.versions.length === 1 ? (
        table
      ) : (
        <figure style={{ margin: 0 }}>
          <TimelineChart
            timeline={timeline}
            registryName={registryName}
            description={messages}
            labelWidth={labelSpacing}
          />
          <Legend timeline={timeline} />
          {/* Two hundred rows for each of fifty registries cost seconds. */}
          <Fold muted onDemand summary={t('timeline.asTable')}>
            {table}
          </Fold>
        </figure>
      )}
    </Block>
  );
}
