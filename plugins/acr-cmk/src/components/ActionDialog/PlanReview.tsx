import Typography from '@material-ui/core/Typography';
import EditIcon from '@material-ui/icons/Edit';
import VisibilityIcon from '@material-ui/icons/Visibility';
import {
  type Approval,
  type Check,
  type EncryptionIdentity,
  KeyIdentifier,
  type Plan,
  type PlannedStep,
} from 'backstage-plugin-acr-cmk-common';
import { type ReactNode, useMemo } from 'react';
import { useTexts } from '../../translations/ref';
import { OtherServices } from '../AffectedRegistries/OtherServices';
import { DependentEntities } from '../AffectedRegistries/DependentEntities';
import { Fold } from '../shared/Fold';
import { KeyGraph } from '../shared/KeyGraph';
import { keyGraphOf } from '../shared/keyGraphOf';
import { Block, Code } from '../shared/layout';
import { YourApproval } from '../OperationView/YourApproval';
import { AfterwardsPart, Remedy } from './AfterwardsPart';
import { AzCommands } from './AzCommands';
import { BeforeAfter } from './BeforeAfter';
import { withoutPlaceholder } from './planFields';
import { checkStyles, operationStyles, Status } from '../shared/statusStyles';
import { Note } from '../shared/Note';
import { useExplainPermissions } from '../shared/permissions';
import { duration } from '../shared/relativeTime';
import { Until, useHasPassed, useLocale } from '../shared/Time';
import { Stack } from '../shared/Stack';
import { namedStyles } from '../shared/styles';

const useStyles = namedStyles('PlanReview', theme => ({
  details: { paddingTop: theme.spacing(2) },
  lead: { fontSize: theme.typography.pxToRem(16) },
  list: {
    margin: 0,
    paddingLeft: theme.spacing(3),
    display: 'grid',
    gap: theme.spacing(1),
  },
  check: {
    display: 'grid',
    gridTemplateColumns: '9em minmax(0, 1fr)',
    columnGap: theme.spacing(1),
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
  effect: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    color: theme.palette.text.secondary,
    '& svg': { fontSize: '1em' },
  },
}));

const withStatus = ({ checks }: Plan, status: Check['status']) =>
  checks.filter(check => check.status === status);

/** A plan: what blocks it, its changes, the registries it affects and what it needs; the rest in its details. */
export function PlanReview(props: {
  plan: Plan;
  /** The present identity of the registry, if it is known. */
  identity?: EncryptionIdentity | null;
  /** Nothing is accepted from here: no expiry. */
  readOnly?: boolean;
  /** Approval that the viewer is about to give. */
  approves?: Approval;
  /** Change that the same plan can make about the state that it leads to. */
  offer?: ReactNode;
}) {
  const { plan } = props;
  const classes = useStyles();
  const t = useTexts();
  const hasExpired = useHasPassed(plan.expiresAt);
  const passed = withStatus(plan, 'pass');
  const doubts = [...withStatus(plan, 'warn'), ...withStatus(plan, 'unknown')];
  return (
    <Stack gap={3}>
      <div>
        <Typography className={classes.lead}>{plan.summary}</Typography>
        {!props.readOnly && (
          <Typography variant="body2" color="textSecondary">
            {hasExpired ? (
              t('plan.expired')
            ) : (
              <>
                {t('plan.expires')} <Until at={plan.expiresAt} />
              </>
            )}
          </Typography>
        )}
      </div>
      {plan.blocked && (
        <Note statusStyle={checkStyles.fail}>
          {t('plan.blocked')}
          <CheckList checks={withStatus(plan, 'fail')} />
        </Note>
      )}
      {!props.readOnly && <WhatItWaitsFor plan={plan} />}
      <Block title={t('plan.beforeAfter')}>
        <BeforeAfter
          before={plan.before}
          after={plan.after}
          changes={plan.changes ?? []}
          identity={props.identity}
          chosenFor={{
            entityRef: plan.entityRef,
            registryId: plan.registryId,
          }}
        />
      </Block>
      {plan.afterwards && (
        <Block title={t('plan.afterwards')}>
          <AfterwardsPart afterwards={plan.afterwards} offer={props.offer} />
        </Block>
      )}
      {/* An approver wants to know first what changes. */}
      {props.readOnly && (
        <WhatItWaitsFor plan={plan} approves={props.approves} />
      )}
      {doubts.length > 0 && (
        <Block title={t('plan.checks')}>
          <CheckList checks={doubts} />
        </Block>
      )}
      <Block title={t('plan.affected')}>
        <Affected plan={plan} />
        {plan.dependents && <DependentEntities dependents={plan.dependents} />}
      </Block>
      {!plan.inverse.available && <Undo plan={plan} />}
      <Fold summary={t('plan.details')}>
        <Stack gap={3} className={classes.details}>
          {passed.length > 0 && (
            <Block title={t('plan.passed', { count: passed.length })}>
              <CheckList checks={passed} />
            </Block>
          )}
          {plan.services && <OtherServices services={plan.services} />}
          <Block title={t('plan.steps')}>
            <ol className={classes.list}>
              {plan.steps.map((step, index) => (
                <StepLine key={`${index} ${step.kind}`} step={step} />
              ))}
            </ol>
            <AzCommands steps={plan.steps} />
          </Block>
          {plan.inverse.available && <Undo plan={plan} />}
        </Stack>
      </Fold>
    </Stack>
  );
}

/** The key of the registry after the plan, what uses it, and the effect on each. */
function Affected({ plan }: { plan: Plan }) {
  const t = useTexts();
  const graph = useMemo(() => {
    const { before, after } = plan;
    const uri = after.keyIdentifier ?? before.keyIdentifier;
    return keyGraphOf(t, {
      ...plan,
      key: KeyIdentifier.tryParse(withoutPlaceholder(uri ?? '')),
    });
  }, [t, plan]);
  if (plan.consumers.length + (plan.services ?? []).length === 0) {
    return <Typography variant="body2">{t('affected.none')}</Typography>;
  }
  return <KeyGraph label={t('affected.graph')} {...graph} />;
}

/** Undo of a plan. A plan that has none says so above its details. */
function Undo({ plan: { inverse } }: { plan: Plan }) {
  const t = useTexts();
  return (
    <Block title={t('plan.inverse')}>
      <Status
        statusStyle={inverse.available ? checkStyles.pass : checkStyles.warn}
      >
        {inverse.by
          ? t('plan.reversibleBy', {
              action: t(`actions.${inverse.by}.button`),
            })
          : t(inverse.available ? 'plan.reversible' : 'plan.irreversible')}
      </Status>
      <Typography variant="body2">{inverse.message}</Typography>
    </Block>
  );
}

/** Approval and waiting period of the operation; or why it cannot be requested now. */
function WhatItWaitsFor(props: { plan: Plan; approves?: Approval }) {
  const { approves } = props;
  const { approval, waitingSeconds } = props.plan;
  const t = useTexts();
  const explain = useExplainPermissions();
  const locale = useLocale();
  if (approval.noRoom) {
    return (
      <Note statusStyle={operationStyles.unverified}>{approval.noRoom}</Note>
    );
  }
  return (
    <>
      {approval.required && (
        <Note statusStyle={operationStyles['awaiting-approval']}>
          {approves ? (
            <YourApproval needs={approves.needs} />
          ) : (
            explain(approval.message ?? t('plan.needsApproval'))
          )}
        </Note>
      )}
      {waitingSeconds > 0 && (
        <Note statusStyle={operationStyles.waiting}>
          {t('plan.waits', { time: duration(waitingSeconds, locale) })}
        </Note>
      )}
    </>
  );
}

function CheckList({ checks }: { checks: Check[] }) {
  const classes = useStyles();
  const t = useTexts();
  return (
    <Stack component="ul">
      {checks.map(({ id, status, message, remedy }) => (
        <li key={id} className={classes.check}>
          <Status statusStyle={checkStyles[status]}>
            {t(`check.${status}`)}
          </Status>
          <div>
            <Typography variant="body2">{message}</Typography>
            {remedy && <Remedy remedy={remedy} />}
          </div>
        </li>
      ))}
    </Stack>
  );
}

function StepLine({ step }: { step: PlannedStep }) {
  const classes = useStyles();
  const t = useTexts();
  const Icon = step.writes ? EditIcon : VisibilityIcon;
  return (
    <li>
      <Typography variant="body2" component="div">
        {step.title}
        <div>
          <Code>{step.target}</Code>
        </div>
        <span className={classes.effect}>
          <Icon />
          {step.writes ? t('step.writes') : t('step.reads')}
        </span>
      </Typography>
    </li>
  );
}
