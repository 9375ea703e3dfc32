import {
  type CampaignStrategy,
  DEFAULT_CAMPAIGN_STRATEGY,
} from 'backstage-plugin-acr-cmk-common';
import { estimatedSeconds, secondsOf, stagesOf } from './stages';

const SUBSCRIPTIONS = ['sub-a', 'sub-b'];
const members = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    position: index + 1,
    owner: `group:default/team-${index % 3}`,
    subscriptionId: SUBSCRIPTIONS[index % 2],
  }));
const sizes = (count: number, strategy: CampaignStrategy) =>
  stagesOf(members(count), strategy).positions.map(({ length }) => length);
const withStages = (
  ...stages: CampaignStrategy['stages']
): CampaignStrategy => ({ stages, concurrency: 5 });

describe('the stages of a strategy', () => {
  it.each([
    [1, [1]],
    [2, [1, 1]],
    [3, [1, 1, 1]],
    [40, [1, 4, 35]],
    [45, [1, 5, 39]],
    [1000, [1, 100, 899]],
  ])('divide %i members by default into %j', (count, expected) => {
    expect(sizes(count, DEFAULT_CAMPAIGN_STRATEGY)).toEqual(expected);
  });

  it('keep the order of the members, each in one stage', () => {
    const { positions } = stagesOf(members(40), DEFAULT_CAMPAIGN_STRATEGY);
    expect(positions.flat()).toEqual(
      members(40).map(({ position }) => position),
    );
  });

  it('keep the rules of the stages that have members', () => {
    const { strategy } = stagesOf(members(1), DEFAULT_CAMPAIGN_STRATEGY);
    expect(strategy).toEqual({
      concurrency: 5,
      stages: [DEFAULT_CAMPAIGN_STRATEGY.stages[0]],
    });
  });

  it('take members by owner and subscription, in any spelling', () => {
    expect(
      stagesOf(
        members(6),
        withStages(
          { owner: 'Group:default/Team-1' },
          { subscription: 'SUB-B' },
          {},
        ),
      ).positions,
    ).toEqual([
      [2, 5],
      [4, 6],
      [1, 3],
    ]);
  });

  it.each<[string, RegExp, CampaignStrategy['stages']]>([
    [
      'leave members over',
      /^strategy\.stages\.1: leaves 7 of 10/,
      [{ count: 1 }, { count: 2 }],
    ],
    [
      'select nobody by owner',
      /^strategy\.stages\.0\.owner: selects no member/,
      [{ owner: 'group:default/nobody' }, {}],
    ],
    [
      'select nobody by subscription',
      /^strategy\.stages\.1\.subscription: selects no member/,
      [{ count: 1 }, { subscription: 'sub-c' }, {}],
    ],
    [
      'have two rules',
      /^strategy\.stages\.0\.percent: cannot be combined with count/,
      [{ count: 1, percent: 10 }, {}],
    ],
    [
      'have two thresholds',
      /^strategy\.stages\.0\.maxFailurePercent: cannot be combined/,
      [{ maxFailures: 1, maxFailurePercent: 10 }],
    ],
  ])('are refused when they %s', (_, message, stages) => {
    expect(() => stagesOf(members(10), withStages(...stages))).toThrow(message);
  });
});

describe('the estimate of a duration', () => {
  const timed = (count: number, more: object = {}) =>
    members(count).map(({ subscriptionId }) => ({
      stage: 1,
      seconds: 30,
      vaultHost: 'kv',
      subscriptionId,
      ...more,
    }));

  it('adds the steps of an operation', () => {
    expect(
      secondsOf([{ kind: 'point-registry-at-key' }, { kind: 'await-access' }]),
    ).toBe(630);
  });

  it.each<[string, number, Partial<CampaignStrategy>]>([
    ['five at once', 60, { concurrency: 5 }],
    ['one at once', 300, { concurrency: 1 }],
    ['two of a vault at once', 150, { concurrency: 5, perVault: 2 }],
    [
      'one of a subscription at once',
      150,
      { concurrency: 5, perSubscription: 1 },
    ],
  ])('plays ten members, %s', (_, seconds, strategy) => {
    expect(
      estimatedSeconds(timed(10), {
        stages: [{}],
        concurrency: 5,
        ...strategy,
      }),
    ).toBe(seconds);
  });

  it('plays ten thousand members, limited in each way in seconds', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      stage: 1,
      // Each ends at a time of its own.
      seconds: 30 + index / 10_000,
      vaultHost: `vault-${index % 600}`,
      subscriptionId: `sub-${index % 10}`,
    }));
    const seconds = estimatedSeconds(many, {
      stages: [{}],
      concurrency: 50,
      perVault: 1,
      perSubscription: 4,
    });
    expect(Math.round(seconds / 100)).toBe(76);
  });

  it('adds the stages', () => {
    expect(
      estimatedSeconds(
        [...timed(1), ...timed(5, { stage: 2 })],
        withStages({ count: 1 }, {}),
      ),
    ).toBe(60);
  });
});
