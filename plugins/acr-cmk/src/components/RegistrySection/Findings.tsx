import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  type ActionOffer,
  type Finding,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { ForScreenReaders } from '../shared/ForScreenReaders';
import { explanationOf } from '../shared/explanation';
import { Block, ExternalLink } from '../shared/layout';
import { Note } from '../shared/Note';
import { severityStyles, undecidedStyle } from '../shared/statusStyles';
import type { OnAction } from './Actions';

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

/** The findings of the health rules, with what to do about them. */
export const Findings = memo(
  (props: {
    title: string;
    findings: Finding[];
    /** Actions and whether the viewer may take them. */
    offers: ActionOffer[];
    /** Id of the finding whose fix is in the head, and not again here. */
    fixedAbove: string | undefined;
    onAction: OnAction;
  }) => {
    const { findings, offers, onAction } = props;
    const classes = useStyles();
    const { t } = useTranslationRef(acrCmkTranslationRef);
    if (findings.length === 0) return null;
    return (
      <Block title={props.title}>
        <ul className={classes.list}>
          {findings.map(finding => (
            <li key={finding.id}>
              <Note
                statusStyle={styleOf(finding)}
                action={
                  finding.intent &&
                  finding.id !== props.fixedAbove && (
                    <ReviewButton
                      finding={finding}
                      intent={finding.intent}
                      offers={offers}
                      onAction={onAction}
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
                <Typography variant="body2" component="div">
                  <ExternalLink href={explanationOf(finding)}>
                    {t('findings.more')}
                  </ExternalLink>
                </Typography>
              </Note>
            </li>
          ))}
        </ul>
      </Block>
    );
  },
);

/** Opens the plan that fixes the finding. */
function ReviewButton(props: {
  finding: Finding;
  intent: Intent;
  offers: ActionOffer[];
  onAction: OnAction;
}) {
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
        onClick={() => props.onAction(offer.action, intent)}
      >
        {/* A deliberate setting has nothing to fix. */}
        {props.finding.severity === 'info' && offer.action === 'rotate'
          ? t('findings.reviewPlan')
          : t(`findings.review.${offer.action}`)}
      </Button>
      {!offer.allowed && (
        <ForScreenReaders>
          <span id={reasonId}>{offer.reason}</span>
        </ForScreenReaders>
      )}
    </div>
  );
}

function styleOf({ verdict, severity }: Finding) {
  switch (verdict) {
    case 'found':
      return severityStyles[severity];
    case 'undecided':
      return undecidedStyle;
    default:
      return assertNever(verdict);
  }
}
