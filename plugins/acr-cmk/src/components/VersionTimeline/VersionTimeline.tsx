import Typography from '@material-ui/core/Typography';
import type { Consumer, KeyView } from 'backstage-plugin-acr-cmk-common';
import { useMemo, useState } from 'react';
import { useTexts } from '../../translations/ref';
import { Block } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { namedStyles } from '../shared/styles';
import { dayInWords, useLocale } from '../shared/Time';
import { useIsNarrow } from '../shared/useIsNarrow';
import { Legend, TimelineChart } from './TimelineChart';
import { LABEL_SPACING, timelineOf } from './timeline';
import { VersionTable } from './VersionTable';

const useStyles = namedStyles('Timeline', theme => ({
  figure: { margin: 0 },
  summary: { cursor: 'pointer', color: theme.palette.text.secondary },
}));

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
  const classes = useStyles();
  const t = useTexts();
  const locale = useLocale();
  const [asTable, setAsTable] = useState(false);
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
  const day = (time: string) => dayInWords(new Date(time), locale);
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
        <figure className={classes.figure}>
          <TimelineChart
            timeline={timeline}
            registryName={registryName}
            description={messages}
            labelWidth={labelSpacing}
          />
          <Legend timeline={timeline} />
          <Typography component="details" variant="body2" open={asTable}>
            <summary
              className={classes.summary}
              onClick={event => {
                event.preventDefault();
                setAsTable(!asTable);
              }}
            >
              {t('timeline.asTable')}
            </summary>
            {/* Two hundred rows for each of fifty registries cost seconds, so only on demand. */}
            {asTable && table}
          </Typography>
        </figure>
      )}
    </Block>
  );
}
