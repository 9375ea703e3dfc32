import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import EditIcon from '@material-ui/icons/Edit';
import VisibilityIcon from '@material-ui/icons/Visibility';
import type {
  Check,
  EncryptionFields,
  Plan,
  PlannedStep,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Consumers } from '../BlastRadius/Consumers';
import { Block, Code } from '../shared/layout';
import { checkLooks, operationLooks, Status } from '../shared/looks';
import { Note } from '../shared/Note';
import { Until } from '../shared/Time';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
    table: {
      width: '100%',
      borderCollapse: 'collapse',
      tableLayout: 'fixed',
      '& th, & td': {
        textAlign: 'left',
        verticalAlign: 'top',
        padding: theme.spacing(0.75, 1),
        borderBottom: `1px solid ${theme.palette.divider}`,
        overflowWrap: 'anywhere',
      },
      '& th[scope=row]': { fontWeight: 400 },
      '& thead th:first-child': { width: '9em' },
      [theme.breakpoints.down('xs')]: {
        '& thead': { display: 'none' },
        '& tr, & th, & td': { display: 'block', border: 'none' },
        '& tr': { borderBottom: `1px solid ${theme.palette.divider}` },
      },
    },
    changed: { fontWeight: 700 },
    summary: { cursor: 'pointer' },
    passed: { paddingTop: theme.spacing(1) },
    lead: { fontSize: theme.typography.pxToRem(16) },
    list: {
      margin: 0,
      paddingLeft: theme.spacing(3),
      display: 'grid',
      gap: theme.spacing(1),
    },
    checks: {
      margin: 0,
      padding: 0,
      listStyle: 'none',
      display: 'grid',
      gap: theme.spacing(1),
    },
    check: {
      display: 'grid',
      gridTemplateColumns: '9em minmax(0, 1fr)',
      columnGap: theme.spacing(1),
      [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
    },
    touch: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      color: theme.palette.text.secondary,
      '& svg': { fontSize: '1em' },
    },
  }),
  { name: 'AcrCmkPlanReview' },
);

/** What would happen, whom it would touch, and the way back. */
export function PlanReview(props: {
  plan: Plan;
  /** It has been accepted: then its expiry is of no interest any more. */
  accepted?: boolean;
}) {
  const { plan } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <div className={classes.root}>
      <div>
        <Typography className={classes.lead}>{plan.summary}</Typography>
        {!props.accepted && (
          <Typography variant="body2" color="textSecondary">
            {t('plan.expires')} <Until at={plan.expiresAt} />
          </Typography>
        )}
      </div>
      {plan.blocked && (
        <Note look={checkLooks.fail}>{t('plan.blockedLong')}</Note>
      )}
      {props.accepted && plan.approval.message && (
        <Note look={operationLooks['awaiting-approval']}>
          {plan.approval.message}
        </Note>
      )}
      <Block title={t('plan.beforeAfter')}>
        <BeforeAfter before={plan.before} after={plan.after} />
      </Block>
      <Block title={t('plan.checks')}>
        <Checks checks={plan.checks} />
      </Block>
      <Block title={t('plan.steps')}>
        <ol className={classes.list}>
          {plan.steps.map((step, index) => (
            <StepLine key={`${index} ${step.kind}`} step={step} />
          ))}
        </ol>
      </Block>
      <Block title={t('plan.consumers')}>
        <Consumers consumers={plan.consumers} />
      </Block>
      <Block title={t('plan.inverse')}>
        <Status
          look={plan.inverse.available ? checkLooks.pass : checkLooks.warn}
        >
          {plan.inverse.available
            ? t('plan.reversible')
            : t('plan.irreversible')}
        </Status>
        <Typography variant="body2">{plan.inverse.message}</Typography>
      </Block>
    </div>
  );
}

/** What needs a look comes first; what has passed is there for who wants to see it. */
const CHECK_ORDER = ['fail', 'warn', 'unknown'] as const;

function Checks({ checks }: { checks: Check[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const toRead = CHECK_ORDER.flatMap(status =>
    checks.filter(check => check.status === status),
  );
  const passed = checks.filter(check => check.status === 'pass');
  return (
    <div className={classes.checks}>
      {toRead.length > 0 && <CheckList checks={toRead} />}
      {passed.length > 0 && (
        <Typography component="details" variant="body2">
          <summary className={classes.summary}>
            <Status look={checkLooks.pass}>
              {t('plan.passed', { count: passed.length })}
            </Status>
          </summary>
          <div className={classes.passed}>
            <CheckList checks={passed} />
          </div>
        </Typography>
      )}
    </div>
  );
}

function CheckList({ checks }: { checks: Check[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.checks}>
      {checks.map(check => (
        <CheckLine key={check.id} check={check} />
      ))}
    </ul>
  );
}

const FIELDS = [
  'status',
  'keyIdentifier',
  'versionedKeyIdentifier',
  'identity',
  'keyRotationEnabled',
] as const satisfies readonly (keyof EncryptionFields)[];

function BeforeAfter(props: {
  before: EncryptionFields;
  after: EncryptionFields;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const text = (value: string | boolean | null) => {
    if (value === null) return t('nothing');
    if (typeof value === 'string') return value;
    return value ? t('yes') : t('no');
  };
  if (FIELDS.every(field => props.before[field] === props.after[field])) {
    return <Typography variant="body2">{t('plan.noChange')}</Typography>;
  }
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('plan.field')}</th>
          <th scope="col">{t('plan.before')}</th>
          <th scope="col">{t('plan.after')}</th>
        </tr>
      </thead>
      <tbody>
        {FIELDS.map(field => {
          const before = text(props.before[field]);
          const after = text(props.after[field]);
          const changes = before !== after;
          return (
            <tr key={field}>
              <th scope="row">{t(`plan.fields.${field}`)}</th>
              <td>
                <Code>{before}</Code>
              </td>
              <td className={changes ? classes.changed : undefined}>
                {changes ? (
                  <>
                    → <Code>{after}</Code>
                  </>
                ) : (
                  <Typography
                    component="span"
                    variant="body2"
                    color="textSecondary"
                  >
                    {t('plan.unchanged')}
                  </Typography>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function CheckLine({ check }: { check: Check }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <li className={classes.check}>
      <Status look={checkLooks[check.status]}>
        {t(`check.${check.status}`)}
      </Status>
      <div>
        <Typography variant="body2">{check.message}</Typography>
        {check.remedy && (
          <Typography variant="body2" color="textSecondary">
            {t('remedy', { remedy: check.remedy })}
          </Typography>
        )}
      </div>
    </li>
  );
}

function StepLine({ step }: { step: PlannedStep }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const Icon = step.writes ? EditIcon : VisibilityIcon;
  return (
    <li>
      <Typography variant="body2" component="div">
        {step.title}
        <div>
          <Code>{step.target}</Code>
        </div>
        <span className={classes.touch}>
          <Icon />
          {step.writes ? t('step.writes') : t('step.looks')}
        </span>
      </Typography>
    </li>
  );
}
