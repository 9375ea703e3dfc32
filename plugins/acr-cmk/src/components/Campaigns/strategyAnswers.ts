import type {
  CampaignStageRule,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';

/** Members that a stage takes. */
type StageSize = 'count' | 'percent' | 'owner' | 'subscription' | 'rest';

/** Answers about a stage, as typed. */
export interface StageAnswers {
  size: StageSize;
  value: string;
  /** A number, or a percentage. */
  failures: string;
  soakMinutes: string;
}

/** Answers about a strategy, as typed. */
export interface StrategyAnswers {
  stages: StageAnswers[];
  concurrency: string;
  perVault: string;
  perSubscription: string;
}

/** Problem of a field, named by its text. */
type StrategyProblem =
  | Exclude<StageSize, 'rest'>
  | 'failures'
  | 'soakMinutes'
  | 'concurrency'
  | 'perVault'
  | 'perSubscription';

/** Fields with a problem, such as `concurrency` and `stages.0.value`. */
export type StrategyProblems = Record<string, StrategyProblem>;

/** Limits of the API. */
const MOST_MEMBERS = 10_000;
const MOST_AT_ONCE = 50;
const MOST_SOAK_MINUTES = 10_080;
export const MOST_STAGES = 10;

export function strategyAnswers(strategy: CampaignStrategy): StrategyAnswers {
  const { stages, concurrency, perVault, perSubscription } = strategy;
  return {
    stages: stages.map(stageAnswers),
    concurrency: String(concurrency),
    perVault: String(perVault ?? ''),
    perSubscription: String(perSubscription ?? ''),
  };
}

function stageAnswers(rule: CampaignStageRule): StageAnswers {
  const { maxFailures, maxFailurePercent, soakMinutes = 0 } = rule;
  const sizes = ['count', 'percent', 'owner', 'subscription'] as const;
  const size = sizes.find(each => rule[each] !== undefined) ?? 'rest';
  return {
    size,
    value: size === 'rest' ? '' : String(rule[size]),
    failures:
      maxFailurePercent === undefined
        ? String(maxFailures ?? 0)
        : `${maxFailurePercent}%`,
    soakMinutes: String(soakMinutes),
  };
}

/** The strategy for the answers; none while one of them is wrong. */
export function strategyFrom(answers: StrategyAnswers): {
  strategy?: CampaignStrategy;
  problems: StrategyProblems;
} {
  const problems: StrategyProblems = {};
  const atOnce = (
    field: 'concurrency' | 'perVault' | 'perSubscription',
  ): number | undefined => {
    if (field !== 'concurrency' && answers[field].trim() === '') {
      return undefined;
    }
    const number = wholeNumber(answers[field], 1, MOST_AT_ONCE);
    if (number === undefined) problems[field] = field;
    return number;
  };
  const last = answers.stages.length - 1;
  const stages = answers.stages.map((stage, index) =>
    ruleFrom(
      index === last ? { ...stage, size: 'rest', soakMinutes: '0' } : stage,
      { index, problems },
    ),
  );
  const concurrency = atOnce('concurrency');
  const perVault = atOnce('perVault');
  const perSubscription = atOnce('perSubscription');
  if (Object.keys(problems).length > 0 || concurrency === undefined) {
    return { problems };
  }
  return {
    problems,
    strategy: {
      stages,
      concurrency,
      ...(perVault && { perVault }),
      ...(perSubscription && { perSubscription }),
    },
  };
}

function ruleFrom(
  { size, value, failures, soakMinutes }: StageAnswers,
  of: { index: number; problems: StrategyProblems },
): CampaignStageRule {
  const wrong = (field: string, problem: StrategyProblem) => {
    of.problems[`stages.${of.index}.${field}`] = problem;
  };
  const rule: CampaignStageRule = {};
  const text = value.trim();
  switch (size) {
    case 'count': {
      const count = wholeNumber(text, 1, MOST_MEMBERS);
      if (count === undefined) wrong('value', size);
      rule.count = count;
      break;
    }
    case 'percent': {
      const percent = percentage(text.replace(/%$/, ''));
      if (percent === undefined || percent === 0) wrong('value', size);
      rule.percent = percent;
      break;
    }
    case 'owner':
    case 'subscription':
      if (text === '') wrong('value', size);
      rule[size] = text;
      break;
    default:
  }
  const allowed = failures.trim();
  if (allowed.endsWith('%')) {
    const percent = percentage(allowed.slice(0, -1));
    if (percent === undefined) wrong('failures', 'failures');
    rule.maxFailurePercent = percent;
  } else {
    const count = wholeNumber(allowed, 0, MOST_MEMBERS);
    if (count === undefined) wrong('failures', 'failures');
    rule.maxFailures = count;
  }
  const soak = wholeNumber(soakMinutes, 0, MOST_SOAK_MINUTES);
  if (soak === undefined) wrong('soakMinutes', 'soakMinutes');
  if (soak) rule.soakMinutes = soak;
  return rule;
}

function wholeNumber(
  text: string,
  least: number,
  most: number,
): number | undefined {
  const number = /^\d{1,5}$/.test(text.trim()) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}

function percentage(text: string): number | undefined {
  const number = /^\d{1,3}([.,]\d{1,3})?$/.test(text.trim())
    ? Number(text.replace(',', '.'))
    : NaN;
  return number <= 100 ? number : undefined;
}

/** Field of the form for one that the backend names, such as `strategy.stages.0.owner`; nothing for another. */
export function strategyField(name: string | undefined): string | undefined {
  if (!name?.startsWith('strategy.')) return undefined;
  return name
    .slice('strategy.'.length)
    .replace(/\.(count|percent|owner|subscription)$/, '.value')
    .replace(/\.maxFailure(s|Percent)$/, '.failures');
}
