import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { ForScreenReaders } from '../shared/ForScreenReaders';
import { Copyable } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { plainTable } from '../shared/styles';
import { Day } from '../shared/Time';
import type { Timeline } from './timeline';

/** Number of rows shown before **More**: a row costs time, and a key can have hundreds. */
export const FIRST_SHOWN = 25;

const useStyles = makeStyles(
  theme => ({
    // On a narrow screen the table scrolls; its columns stay readable.
    scroll: { overflowX: 'auto' },
    table: { ...plainTable(theme, 0.5), minWidth: '40em' },
    use: { display: 'block', marginTop: theme.spacing(0.5) },
  }),
  { name: 'AcrCmkVersionTable' },
);

/** The chart as a table, latest version first. */
export function VersionTable(props: {
  timeline: Timeline;
  registryName: string;
  onUse?(version: string): void;
}) {
  const { onUse } = props;
  const [all, setAll] = useState(false);
  const versions = [...props.timeline.versions].reverse();
  const shown = all ? versions : versions.slice(0, FIRST_SHOWN);
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption>
          <ForScreenReaders>{t('timeline.title')}</ForScreenReaders>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('key.version')}</th>
            <th scope="col">{t('timeline.status')}</th>
            <th scope="col">{t('timeline.created')}</th>
            <th scope="col">{t('timeline.expires')}</th>
            <th scope="col">{t('timeline.usedBy')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(version => (
            <tr key={version.version}>
              <th scope="row">
                <Copyable text={version.version} name={t('key.version')} />
              </th>
              <td>
                {t(`timeline.is.${version.status}`)}
                {version.latest && <> · {t('timeline.isLatest')}</>}
              </td>
              <td>
                <Day at={version.created} />
              </td>
              <td>
                {version.expires ? (
                  <Day at={version.expires} inUtc />
                ) : (
                  t('key.neverExpires')
                )}
              </td>
              <td>
                {[
                  ...(version.inUse ? [props.registryName] : []),
                  ...version.others,
                ].join(', ')}
                {onUse && !version.inUse && version.status === 'enabled' && (
                  <Button
                    size="small"
                    variant="outlined"
                    className={classes.use}
                    aria-label={t('timeline.useNamed', {
                      version: shortVersion(version.version),
                    })}
                    onClick={() => onUse(version.version)}
                  >
                    {t('timeline.use')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {versions.length > shown.length && (
        <Button size="small" onClick={() => setAll(true)}>
          {t('more', { count: versions.length - shown.length })}
        </Button>
      )}
    </div>
  );
}
