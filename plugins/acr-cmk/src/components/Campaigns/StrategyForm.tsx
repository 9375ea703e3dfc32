import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type {
  CampaignStageRule,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import { useId } from 'react';
import {
  useCampaignTexts,
  type CampaignTexts,
} from '../../translations/campaign';
import { SelectField } from '../shared/SelectField';
import { Row, Stack } from '../shared/Stack';
import { namedStyles, stack } from '../shared/styles';
import { TextInput } from '../shared/TextInput';
import {
  MOST_STAGES,
  type StageAnswers,
  type StrategyAnswers,
  type StrategyProblems,
} from './strategyAnswers';

const useStyles = namedStyles('StrategyForm', theme => ({
  stage: {
    ...stack(theme, 1.5),
    margin: 0,
    padding: theme.spacing(1, 1.5, 1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    minWidth: 0,
  },
}));

/** "1 member, then 10%, then the rest; 5 at a time; …". */
export function strategyInWords(
  { stages, concurrency }: CampaignStrategy,
  t: CampaignTexts,
): string {
  const soaks = stages.map(({ soakMinutes = 0 }) => soakMinutes);
  return t('strategy.summary', {
    stages: stages.map(rule => sizeInWords(rule, t)).join(t('strategy.then')),
    concurrency,
    failures: stages
      .map(({ maxFailures = 0, maxFailurePercent }) =>
        maxFailurePercent === undefined
          ? String(maxFailures)
          : t('strategy.failurePercent', { value: maxFailurePercent }),
      )
      .join(', '),
    soak: soaks.some(minutes => minutes > 0)
      ? t('strategy.soak', { minutes: soaks.join(', ') })
      : t('strategy.noSoak'),
  });
}

function sizeInWords(rule: CampaignStageRule, t: CampaignTexts): string {
  const { count, percent, owner, subscription } = rule;
  if (count !== undefined) return t('list.members', { count });
  if (percent !== undefined) {
    return t('strategy.percent', { value: percent });
  }
  if (owner) return t('strategy.owner', { value: owner });
  if (subscription) return t('strategy.subscription', { value: subscription });
  return t('strategy.rest');
}

/** The strategy in a sentence, and the form that changes it. */
export function StrategyForm(props: {
  /** Undefined while an answer is wrong. */
  strategy: CampaignStrategy | undefined;
  answers: StrategyAnswers;
  problems: StrategyProblems;
  /** Field of the strategy that the backend has refused. */
  refused?: { field: string; problem: string };
  open: boolean;
  disabled: boolean;
  onOpen(open: boolean): void;
  onAnswers(answers: StrategyAnswers): void;
}) {
  const { strategy, answers, problems, refused, disabled, onAnswers } = props;
  const open = props.open || refused !== undefined;
  const formId = useId();
  const t = useCampaignTexts();
  const { stages } = answers;
  const problemOf = (field: string) => {
    const problem = problems[field];
    if (problem) return t(`strategy.problem.${problem}`);
    return refused?.field === field ? refused.problem : undefined;
  };
  const numbered = stages.map((stage, index) => ({ stage, number: index + 1 }));
  const atOnce = (field: 'concurrency' | 'perVault' | 'perSubscription') => (
    <TextInput
      label={t(`strategy.${field}`)}
      value={answers[field]}
      error={problemOf(field) !== undefined}
      helperText={
        problemOf(field) ?? (field !== 'concurrency' && t('strategy.same'))
      }
      disabled={disabled}
      inputProps={{ inputMode: 'numeric' }}
      onChange={text => onAnswers({ ...answers, [field]: text })}
    />
  );
  return (
    <Stack>
      <Row>
        <Typography variant="body2">
          <strong>{t('strategy.title')}:</strong>{' '}
          {strategy && strategyInWords(strategy, t)}
        </Typography>
        <Button
          size="small"
          aria-expanded={open}
          aria-controls={open ? formId : undefined}
          endIcon={open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
          onClick={() => props.onOpen(!open)}
        >
          {t(open ? 'strategy.hide' : 'strategy.edit')}
        </Button>
      </Row>
      {open && (
        <Stack id={formId}>
          <Stack gap={1.5} minColumnWidth="11em" alignItems="start">
            {atOnce('concurrency')}
            {atOnce('perVault')}
            {atOnce('perSubscription')}
          </Stack>
          {numbered.map(({ stage, number }) => (
            <Stage
              key={number}
              number={number}
              isLast={number === stages.length}
              stage={stage}
              problemOf={field => problemOf(`stages.${number - 1}.${field}`)}
              disabled={disabled}
              onStage={changed =>
                onAnswers({
                  ...answers,
                  stages: stages.map(each => (each === stage ? changed : each)),
                })
              }
              onRemove={
                stages.length > 1
                  ? () =>
                      onAnswers({
                        ...answers,
                        stages: stages.filter(each => each !== stage),
                      })
                  : undefined
              }
            />
          ))}
          <div>
            <Button
              size="small"
              variant="outlined"
              disabled={disabled || stages.length >= MOST_STAGES}
              onClick={() =>
                onAnswers({
                  ...answers,
                  stages: [
                    ...stages.slice(0, -1),
                    {
                      size: 'percent',
                      value: '25',
                      failures: '2%',
                      soakMinutes: '0',
                    },
                    ...stages.slice(-1),
                  ],
                })
              }
            >
              {t('strategy.add')}
            </Button>
          </div>
        </Stack>
      )}
    </Stack>
  );
}

const SIZES = ['count', 'percent', 'owner', 'subscription'] as const;

function Stage(props: {
  number: number;
  isLast: boolean;
  stage: StageAnswers;
  problemOf(field: 'value' | 'failures' | 'soakMinutes'): string | undefined;
  disabled: boolean;
  onStage(stage: StageAnswers): void;
  onRemove?(): void;
}) {
  const { number, isLast, stage, problemOf, disabled, onStage } = props;
  const classes = useStyles();
  const t = useCampaignTexts();
  const text = (
    field: 'value' | 'failures' | 'soakMinutes',
    label: string,
    help?: string,
  ) => (
    <TextInput
      label={label}
      value={stage[field]}
      error={problemOf(field) !== undefined}
      helperText={problemOf(field) ?? help}
      disabled={disabled}
      exact
      onChange={typed => onStage({ ...stage, [field]: typed })}
    />
  );
  return (
    <fieldset className={classes.stage}>
      <Typography component="legend" variant="body2">
        {t('strategy.stage', { number })}
      </Typography>
      {isLast && (
        <Typography variant="body2" color="textSecondary">
          {t('strategy.last')}
        </Typography>
      )}
      <Stack gap={1.5} minColumnWidth="11em" alignItems="start">
        {!isLast && (
          <SelectField
            label={t('strategy.size')}
            value={stage.size === 'rest' ? 'percent' : stage.size}
            disabled={disabled}
            onChange={size => onStage({ ...stage, size })}
            options={SIZES.map(value => ({
              value,
              text: t(`strategy.sizes.${value}`),
            }))}
          />
        )}
        {!isLast &&
          text(
            'value',
            t(
              `strategy.value.${stage.size === 'rest' ? 'percent' : stage.size}`,
            ),
          )}
        {text('failures', t('strategy.failures'), t('strategy.failuresHelp'))}
        {!isLast && text('soakMinutes', t('strategy.soakMinutes'))}
      </Stack>
      {props.onRemove && (
        <div>
          <Button size="small" disabled={disabled} onClick={props.onRemove}>
            {t('strategy.remove', { number })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
