import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { OperationStep } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Code, Copyable } from '../shared/layout';
import { Status, stepLooks } from '../shared/looks';

const useStyles = makeStyles(
  theme => ({
    list: {
      margin: 0,
      paddingLeft: theme.spacing(3),
      display: 'grid',
      gap: theme.spacing(1.5),
    },
    evidence: {
      margin: theme.spacing(0.5, 0, 0),
      padding: 0,
      listStyle: 'none',
    },
  }),
  { name: 'AcrCmkSteps' },
);

/** The steps of an operation, each with what it saw before and after. */
export function Steps({ steps }: { steps: OperationStep[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <ol className={classes.list} aria-label={t('operation.steps')}>
      {steps.map(step => (
        <li key={step.index}>
          <Step step={step} />
        </li>
      ))}
    </ol>
  );
}

function Step({ step }: { step: OperationStep }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <Typography variant="body2" component="div">
      {step.title} ·{' '}
      <Status look={stepLooks[step.state]}>{t(`step.${step.state}`)}</Status>
      {step.attempts > 1 && (
        <> · {t('step.attempts', { count: step.attempts })}</>
      )}
      <div>
        <Code>{step.target}</Code>
      </div>
      {step.sentence && <div>{step.sentence}</div>}
      {step.evidence && step.evidence.length > 0 && (
        <ul className={classes.evidence} aria-label={t('step.evidence')}>
          {step.evidence.map(({ what, before, after }) => (
            <li key={what}>
              {what}: <Code>{before}</Code>{' '}
              {before === after ? (
                `(${t('plan.unchanged')})`
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
        <div>
          {t('correlationId')}:{' '}
          <Copyable text={step.correlationId} name={t('correlationId')} />
        </div>
      )}
    </Typography>
  );
}
