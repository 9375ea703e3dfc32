import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  type ActionId,
  type ActionOffer,
  type Finding,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Block, ForScreenReaders } from '../shared/layout';
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

type OnAsk = (action: ActionId, intent: Intent) => void;

/** What the health rules say, with what to do about it. */
export const Findings = memo(
  (props: {
    findings: Finding[];
    /** What this person may ask for. */
    offers: ActionOffer[];
    onAsk: OnAsk;
  }) => {
    const { findings, offers, onAsk } = props;
    const classes = useStyles();
    const { t } = useTranslationRef(acrCmkTranslationRef);
    if (findings.length === 0) return null;
    return (
      <Block title={t('findings.title', { count: findings.length })}>
        <ul className={classes.list}>
          {findings.map(finding => (
            <li key={finding.id}>
              <Note
                look={lookOf(finding)}
                action={
                  finding.intent && (
                    <Mend
                      intent={finding.intent}
                      offers={offers}
                      onAsk={onAsk}
                    />
                  )
                }
              >
                <span className={classes.word}>
                  {finding.verdict === 'undecided'
                    ? t('findings.undecided')
                    : t(`findings.${finding.severity}`)}
                </span>
                {' · '}
                {finding.message}
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
  },
);

/** Opens the plan of what would mend it. */
function Mend(props: { intent: Intent; offers: ActionOffer[]; onAsk: OnAsk }) {
  const { intent } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const reasonId = useId();
  const offer = props.offers.find(({ action }) => action === intent.kind);
  if (!offer) return null;
  return (
    <div>
      <Button
        size="small"
        variant="outlined"
        disabled={!offer.allowed}
        aria-describedby={offer.allowed ? undefined : reasonId}
        title={offer.reason}
        onClick={() => props.onAsk(offer.action, intent)}
      >
        {t(`findings.mend.${offer.action}`)}
      </Button>
      {!offer.allowed && (
        <ForScreenReaders>
          <span id={reasonId}>{offer.reason}</span>
        </ForScreenReaders>
      )}
    </div>
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
