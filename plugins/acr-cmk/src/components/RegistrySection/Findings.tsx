import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { assertNever, type Finding } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Block } from '../shared/layout';
import { severityLooks, undecidedLook } from '../shared/looks';
import { Note } from '../shared/Note';

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      padding: 0,
      margin: 0,
      display: 'grid',
      gap: theme.spacing(1),
    },
    word: { fontWeight: 700 },
  }),
  { name: 'AcrCmkFindings' },
);

/** What the health rules say, with what to do about it. */
export function Findings({ findings }: { findings: Finding[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (findings.length === 0) return null;
  return (
    <Block title={t('findings.title', { count: findings.length })}>
      <ul className={classes.list}>
        {findings.map(finding => (
          <li key={finding.id}>
            <Note look={lookOf(finding)}>
              <span className={classes.word}>
                {finding.verdict === 'undecided'
                  ? t('findings.undecided')
                  : t(`findings.${finding.severity}`)}
              </span>
              {' · '}
              {finding.sentence}
              {finding.remedy && (
                <Typography variant="body2" color="textSecondary">
                  {t('remedy', { remedy: finding.remedy })}
                </Typography>
              )}
            </Note>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function lookOf({ verdict, severity }: Finding) {
  switch (verdict) {
    case 'found':
      return severityLooks[severity];
    case 'undecided':
      return undecidedLook;
    default:
      return assertNever(verdict);
  }
}
