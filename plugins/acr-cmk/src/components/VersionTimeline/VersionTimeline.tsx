import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles, type Theme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type { Consumer, KeyView } from 'backstage-plugin-acr-cmk-common';
import { useMemo, useState } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Block } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { dayInWords, useLocale } from '../shared/Time';
import { Legend, Picture } from './Picture';
import { LABEL_ROOM, timelineOf } from './timeline';
import { VersionTable } from './VersionTable';

const useStyles = makeStyles(
  theme => ({
    figure: { margin: 0 },
    summary: { cursor: 'pointer', color: theme.palette.text.secondary },
  }),
  { name: 'AcrCmkTimeline' },
);

/** The versions of the key over time: the gap between the marker and the newest is the drift. */
export function VersionTimeline(props: {
  registryName: string;
  registryKey: KeyView;
  consumers: Consumer[];
  /** For pictures that do not change; the present unless given. Epoch milliseconds. */
  now?: number;
}) {
  const { registryName, registryKey, consumers, now } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const locale = useLocale();
  const [asTable, setAsTable] = useState(false);
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('xs'));
  const labelRoom = narrow ? LABEL_ROOM.narrow : LABEL_ROOM.wide;
  const timeline = useMemo(
    () => timelineOf(registryKey, consumers, now ?? Date.now(), labelRoom),
    [registryKey, consumers, now, labelRoom],
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
      t('timeline.latest', {
        version: shortVersion(latest.version),
        date: day(latest.created),
      }),
    inUse && t('timeline.newer', { count: newer }),
  ]
    .filter(Boolean)
    .join(' ');

  if (timeline.versions.length === 0) return null;
  return (
    <Block title={t('timeline.title')}>
      <figure className={classes.figure}>
        <Picture
          timeline={timeline}
          registryName={registryName}
          description={messages}
        />
        <Legend timeline={timeline} />
        <Typography component="figcaption" variant="body2">
          {messages}
        </Typography>
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
          {asTable && (
            <VersionTable timeline={timeline} registryName={registryName} />
          )}
        </Typography>
      </figure>
    </Block>
  );
}
