import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import {
  type ActionOffer,
  type Finding,
  findingSubject,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId, useMemo, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { Stack } from '../shared/Stack';
import { ExplanationLink } from '../shared/DocumentationLink';
import { Block } from '../shared/layout';
import { Note } from '../shared/Note';
import { useExplainPermissions } from '../shared/permissions';
import { sentence } from '../shared/sentence';
import { severityStyles, checkStyles } from '../shared/statusStyles';
import type { OnAction } from './Actions';
import { messagesOf, type FindingMessage } from './causes';
import { reviewLabelOf } from './mainAction';

/** The findings of the health rules, with what to do about them. One cause is one message. */
export const Findings = memo(
  (props: {
    title: 'findings.title' | 'findings.notes';
    findings: Finding[];
    /** Actions and whether the viewer may take them. */
    offers: ActionOffer[];
    /** Id of the finding whose fix is in the head, and not again here. */
    fixedAbove: string | undefined;
    onAction: OnAction;
  }) => {
    const { findings, offers, onAction } = props;
    const t = useTexts();
    const messages = useMemo(() => messagesOf(findings), [findings]);
    if (messages.length === 0) return null;
    return (
      <Block title={t(props.title, { count: messages.length })}>
        <Stack component="ul">
          {messages.map(message => {
            const { finding } = message;
            return (
              <li key={finding.id}>
                <FindingNote
                  of={message}
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
                />
              </li>
            );
          })}
        </Stack>
      </Block>
    );
  },
);

/** A cause, and the checks that depend on it. */
export function Cause({ of }: { of: FindingMessage }) {
  const { finding, findings } = of;
  const t = useTexts();
  const subjects = new Set(findings.map(({ id }) => findingSubject(id)));
  return (
    <>
      {finding.detail}
      <div>
        {t('findings.dependent', { checks: [...subjects].join(', ') })}{' '}
        <ExplanationLink finding={finding} />
      </div>
    </>
  );
}

function FindingNote(props: { of: FindingMessage; action: ReactNode }) {
  const { finding, findings } = props.of;
  const t = useTexts();
  const isUndecided = finding.verdict === 'undecided';
  return (
    <Note
      statusStyle={
        isUndecided ? checkStyles.unknown : severityStyles[finding.severity]
      }
      action={props.action}
    >
      <strong>
        {isUndecided
          ? t('findings.undecided')
          : t(`findings.${finding.severity}`)}
      </strong>
      {' · '}
      {findings.length > 1 ? (
        <Cause of={props.of} />
      ) : (
        <>
          {finding.message}
          <FindingHelp finding={finding} />
        </>
      )}
    </Note>
  );
}

/** Detail and remedy of a finding, with its section in the documentation. */
export function FindingHelp({ finding }: { finding: Finding }) {
  const t = useTexts();
  const { detail, remedy } = finding;
  return (
    <Typography variant="body2" component="div" color="textSecondary">
      {detail && `${sentence(detail)} `}
      {remedy && `${t('remedy', { remedy })} `}
      <ExplanationLink finding={finding} />
    </Typography>
  );
}

/** Opens the plan that fixes the finding. */
function ReviewButton(props: {
  finding: Finding;
  intent: Intent;
  offers: ActionOffer[];
  onAction: OnAction;
}) {
  const { intent } = props;
  const t = useTexts();
  const reasonId = useId();
  const explain = useExplainPermissions();
  const offer = props.offers.find(({ action }) => action === intent.kind);
  if (!offer) return null;
  return (
    <div>
      <Button
        size="small"
        variant="outlined"
        disabled={!offer.allowed}
        aria-describedby={offer.allowed ? undefined : reasonId}
        onClick={() => props.onAction(offer.action, intent)}
      >
        {t(reviewLabelOf(props.finding, offer))}
      </Button>
      {!offer.allowed && offer.reason && (
        <Typography id={reasonId} variant="body2" color="textSecondary">
          {explain(offer.reason)}
        </Typography>
      )}
    </div>
  );
}
