import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Code, ForScreenReaders } from '../shared/layout';
import { Day } from '../shared/Time';
import type { Timeline } from './timeline';

const useStyles = makeStyles(
  theme => ({
    table: {
      width: '100%',
      borderCollapse: 'collapse',
      '& th, & td': {
        textAlign: 'left',
        verticalAlign: 'top',
        padding: theme.spacing(0.5, 1),
        overflowWrap: 'anywhere',
        borderBottom: `1px solid ${theme.palette.divider}`,
      },
      '& th[scope=row]': { fontWeight: 400 },
    },
  }),
  { name: 'AcrCmkVersionTable' },
);

/** The picture in words, newest version first. */
export function VersionTable(props: {
  timeline: Timeline;
  registryName: string;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
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
        {[...props.timeline.versions].reverse().map(version => (
          <tr key={version.version}>
            <th scope="row">
              <Code>{version.version}</Code>
            </th>
            <td>
              {t(`timeline.is.${version.status}`)}
              {version.latest && <> · {t('timeline.isNewest')}</>}
            </td>
            <td>
              <Day at={version.created} />
            </td>
            <td>
              {version.expires ? (
                <Day at={version.expires} />
              ) : (
                t('key.neverExpires')
              )}
            </td>
            <td>
              {[
                ...(version.inUse ? [props.registryName] : []),
                ...version.others,
              ].join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
