import { DEFAULT_CAMPAIGN_STRATEGY } from 'backstage-plugin-acr-cmk-common';
import {
  strategyAnswers,
  strategyField,
  strategyFrom,
  type StrategyAnswers,
} from './strategyAnswers';

const DEFAULT = strategyAnswers(DEFAULT_CAMPAIGN_STRATEGY);

const stage = (
  changes: Partial<StrategyAnswers['stages'][number]>,
): StrategyAnswers => ({
  ...DEFAULT,
  stages: [{ ...DEFAULT.stages[0], ...changes }, DEFAULT.stages[2]],
});

describe('the answers about a strategy', () => {
  it.each([
    ['the default', DEFAULT_CAMPAIGN_STRATEGY],
    [
      'every field',
      {
        stages: [
          { owner: 'group:default/team-shop', maxFailures: 2 },
          { subscription: 'abc', maxFailures: 0, soakMinutes: 30 },
          { maxFailurePercent: 2.5 },
        ],
        concurrency: 3,
        perVault: 2,
        perSubscription: 1,
      },
    ],
  ])('give back the strategy that they were made from: %s', (_, strategy) => {
    expect(strategyFrom(strategyAnswers(strategy))).toEqual({
      strategy,
      problems: {},
    });
  });

  it.each([
    ['no member', stage({ value: '0' }), 'stages.0.value', 'count'],
    [
      '0 percent',
      stage({ size: 'percent', value: '0' }),
      'stages.0.value',
      'percent',
    ],
    [
      'more than all',
      stage({ size: 'percent', value: '101' }),
      'stages.0.value',
      'percent',
    ],
    [
      'no owner',
      stage({ size: 'owner', value: ' ' }),
      'stages.0.value',
      'owner',
    ],
    [
      'failures in words',
      stage({ failures: 'few' }),
      'stages.0.failures',
      'failures',
    ],
    [
      'failures of 200%',
      stage({ failures: '200%' }),
      'stages.0.failures',
      'failures',
    ],
    [
      'a pause below 0',
      stage({ soakMinutes: '-1' }),
      'stages.0.soakMinutes',
      'soakMinutes',
    ],
    [
      'none at a time',
      { ...DEFAULT, concurrency: '' },
      'concurrency',
      'concurrency',
    ],
    ['51 per vault', { ...DEFAULT, perVault: '51' }, 'perVault', 'perVault'],
  ])(
    'have no strategy with %s, and name the field',
    (_, answers, field, problem) => {
      expect(strategyFrom(answers)).toEqual({ problems: { [field]: problem } });
    },
  );

  it('let the last stage take all that are left, whatever was selected before', () => {
    const answers = {
      ...DEFAULT,
      stages: [{ ...DEFAULT.stages[0], value: '7' }],
    };
    expect(strategyFrom(answers).strategy?.stages).toEqual([
      { maxFailures: 0 },
    ]);
  });

  it.each(['x', '30'])(
    'let no pause follow the last stage, whatever was typed before: %s',
    soakMinutes => {
      const answers = {
        ...DEFAULT,
        stages: [{ ...DEFAULT.stages[0], soakMinutes }],
      };
      expect(strategyFrom(answers)).toEqual({
        strategy: {
          ...DEFAULT_CAMPAIGN_STRATEGY,
          stages: [{ maxFailures: 0 }],
        },
        problems: {},
      });
    },
  );
});

it.each([
  ['strategy.stages.0.owner', 'stages.0.value'],
  ['strategy.stages.1.maxFailurePercent', 'stages.1.failures'],
  ['strategy.stages.1.soakMinutes', 'stages.1.soakMinutes'],
  ['strategy.perVault', 'perVault'],
  ['reason', undefined],
])('a refusal of %s is shown at %s', (name, field) => {
  expect(strategyField(name)).toBe(field);
});
