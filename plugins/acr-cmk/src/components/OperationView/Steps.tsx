import Typography from '@material-ui/core/Typography';
import type { Operation, OperationStep } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { Code, Copyable } from '../shared/layout';
import { stepStyles, useToneStyles } from '../shared/statusStyles';
import { Stack } from '../shared/Stack';
import { namedStyles, plainList } from '../shared/styles';

const useStyles = namedStyles('Steps', theme => ({
  step: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr)',
    columnGap: theme.spacing(1.5),
    '&:last-child $rail': { background: 'none' },
    '&:last-child $text': { paddingBottom: 0 },
  },
  // The line that leads from one step to the next.
  rail: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    background: `linear-gradient(${theme.palette.divider}, ${theme.palette.divider}) no-repeat center 28px / 2px 100%`,
  },
  text: { paddingBottom: theme.spacing(2), overflowWrap: 'anywhere' },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    lineHeight: '24px',
  },
  title: { fontWeight: 700 },
  quiet: { color: theme.palette.text.secondary },
  evidence: { ...plainList, marginTop: theme.spacing(0.5) },
}));

/** The steps of an operation, each with what was observed before and after. */
export function Steps({ operation }: { operation: Operation }) {
  const t = useTexts();
  return (
    <Stack component="ol" gap={0} aria-label={t('operation.steps')}>
      {operation.steps.map(step => (
        <Step
          key={step.index}
          step={step}
          message={isShownAbove(step, operation) ? undefined : step.message}
        />
      ))}
    </Stack>
  );
}

/** The message of an operation often contains that of its step, which is then not repeated. */
function isShownAbove(
  { message = '' }: OperationStep,
  { result, waiting }: Operation,
): boolean {
  return [result?.message, waiting?.message].some(said =>
    said?.includes(message.replace(/\.$/, '')),
  );
}

function Step(props: { step: OperationStep; message: string | undefined }) {
  const { step, message } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const t = useTexts();
  const { Icon, tone } = stepStyles[step.state];
  return (
    <li className={classes.step}>
      <div className={classes.rail}>
        <Icon className={tones[tone]} />
      </div>
      <Typography variant="body2" component="div" className={classes.text}>
        <div className={classes.head}>
          <span className={classes.title}>{step.title}</span>
          <span className={classes.quiet}>
            {t(`step.${step.state}`)}
            {step.attempts > 1 && (
              <> · {t('step.attempts', { count: step.attempts })}</>
            )}
          </span>
        </div>
        <Code>{step.target}</Code>
        {message && <div>{message}</div>}
        {step.evidence && step.evidence.length > 0 && (
          <ul className={classes.evidence} aria-label={t('step.evidence')}>
            {step.evidence.map(({ what, before, after }) => (
              <li key={what}>
                {what}: <Code>{before}</Code>{' '}
                {before === after ? (
                  t('step.same')
                ) : (
                  <>
                    → <Code>{after}</Code>
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        {step.correlationId && (
          <div className={classes.quiet}>
            {t('correlationId')}:{' '}
            <Copyable text={step.correlationId} name={t('correlationId')} />
          </div>
        )}
      </Typography>
    </li>
  );
}
