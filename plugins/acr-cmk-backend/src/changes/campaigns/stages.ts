/** Stages of a strategy, and how long they take. Pure. */
import {
  type CampaignStageRule,
  type CampaignStrategy,
  InvalidInput,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../domain/steps';
import { FOLLOW_HOUR_MS } from '../../domain/steps/timing';
import { UnderWay } from './UnderWay';

/** The part of a member that decides about its stage. */
interface StagedMember {
  position: number;
  /** Lower case. */
  owner?: string;
  subscriptionId: string;
}

/** The part of a member that decides how long it takes, beside others. */
interface TimedMember {
  stage: number;
  seconds: number;
  vaultHost?: string;
  subscriptionId: string;
}

const SELECTORS = ['count', 'percent', 'owner', 'subscription'] as const;

/**
 * Divides members into the stages of a strategy, in their order. Stages for which no members are left are dropped, so
 * that a strategy with a canary also fits a single member.
 *
 * @param members - those that will change
 * @returns the strategy with the stages that have members, and the positions of each
 * @throws InvalidInput that names the field of the strategy
 */
export function stagesOf(
  members: readonly StagedMember[],
  strategy: CampaignStrategy,
): { strategy: CampaignStrategy; positions: number[][] } {
  const rules: CampaignStageRule[] = [];
  const positions: number[][] = [];
  let left = [...members];
  strategy.stages.forEach((rule, index) => {
    const field = `strategy.stages.${index}`;
    requireOneSelector(rule, field);
    const taken = new Set(takenBy(rule, { left, all: members.length }));
    if (taken.size === 0) {
      const selector = rule.owner === undefined ? 'subscription' : 'owner';
      if (left.length > 0) {
        throw new InvalidInput(
          `${field}.${selector}`,
          'selects no member that is left. Correct it, or remove the stage',
        );
      }
      return;
    }
    left = left.filter(member => !taken.has(member));
    rules.push(rule);
    positions.push([...taken].map(({ position }) => position));
  });
  if (left.length > 0) {
    const last = strategy.stages.length - 1;
    throw new InvalidInput(
      `strategy.stages.${last}`,
      `leaves ${left.length} of ${members.length} members over. Add a stage that takes all that are left: {}`,
    );
  }
  return { strategy: { ...strategy, stages: rules }, positions };
}

function requireOneSelector(rule: CampaignStageRule, field: string): void {
  const given = SELECTORS.filter(name => rule[name] !== undefined);
  if (given.length > 1) {
    throw new InvalidInput(
      `${field}.${given[1]}`,
      `cannot be combined with ${given[0]}. A stage has at most one of ${SELECTORS.join(', ')}`,
    );
  }
  if (rule.maxFailures !== undefined && rule.maxFailurePercent !== undefined) {
    throw new InvalidInput(
      `${field}.maxFailurePercent`,
      'cannot be combined with maxFailures',
    );
  }
}

function takenBy(
  { count, percent, owner, subscription }: CampaignStageRule,
  { left, all }: { left: readonly StagedMember[]; all: number },
): readonly StagedMember[] {
  if (count !== undefined) return left.slice(0, count);
  if (percent !== undefined) {
    return left.slice(0, Math.ceil((all * percent) / 100));
  }
  if (owner !== undefined) {
    return left.filter(member => member.owner === owner.toLowerCase());
  }
  if (subscription !== undefined) {
    return left.filter(
      ({ subscriptionId }) =>
        subscriptionId.toLowerCase() === subscription.toLowerCase(),
    );
  }
  return left;
}

/**
 * Durations of steps, in seconds. A grant takes up to ten minutes to spread, and a registry follows within an hour
 * (Azure's documentation). Azure documents no duration of the other writes: our choice, above what was measured.
 */
const SECONDS: Partial<Record<StepSpec['kind'], number>> = {
  'await-access': 600,
  'await-following': FOLLOW_HOUR_MS / 1000,
  'attach-identity': 30,
  'point-registry-at-key': 30,
};
const OTHER_SECONDS = 5;

/** Estimated duration of an operation. */
export function secondsOf(steps: readonly Pick<StepSpec, 'kind'>[]): number {
  return steps.reduce(
    (sum, { kind }) => sum + (SECONDS[kind] ?? OTHER_SECONDS),
    0,
  );
}

/** Estimated duration of all stages, without soaks, windows and waits for approvals. */
export function estimatedSeconds(
  members: readonly TimedMember[],
  strategy: CampaignStrategy,
): number {
  return strategy.stages.reduce(
    (sum, _, index) =>
      sum +
      secondsOfStage(
        members.filter(({ stage }) => stage === index + 1),
        strategy,
      ),
    0,
  );
}

/** Members of one vault and subscription, in their order. They have room together, or none has. */
interface Queue {
  members: { at: number; member: TimedMember }[];
  /** Number of those that have begun. */
  begun: number;
}

/** Plays a stage: each member begins as soon as its vault, its subscription and the campaign have room. */
function secondsOfStage(
  members: readonly TimedMember[],
  strategy: CampaignStrategy,
): number {
  const queues = queuesOf(members);
  const changing = new UnderWay({ strategy });
  let now = 0;
  let running: { until: number; member: TimedMember }[] = [];
  for (let waiting = members.length; waiting > 0;) {
    const member = takeFirst(queues, changing);
    if (member) {
      changing.add(member);
      running.push({ until: now + member.seconds, member });
      waiting -= 1;
      continue;
    }
    const next = Math.min(...running.map(({ until }) => until));
    for (const { until, member: done } of running) {
      if (until <= next) changing.remove(done);
    }
    running = running.filter(({ until }) => until > next);
    now = next;
  }
  return Math.max(now, ...running.map(({ until }) => until));
}

function queuesOf(members: readonly TimedMember[]): Queue[] {
  const queues = new Map<string, Queue>();
  members.forEach((member, at) => {
    const name = `${member.vaultHost ?? ''} ${member.subscriptionId}`;
    const queue = queues.get(name) ?? { members: [], begun: 0 };
    queues.set(name, queue);
    queue.members.push({ at, member });
  });
  return [...queues.values()];
}

/** The first member that has room, which begins. */
function takeFirst(
  queues: readonly Queue[],
  changing: UnderWay,
): TimedMember | undefined {
  let first: Queue | undefined;
  let firstAt = Infinity;
  for (const queue of queues) {
    const next = queue.members[queue.begun];
    if (next && next.at < firstAt && changing.hasRoomFor(next.member)) {
      first = queue;
      firstAt = next.at;
    }
  }
  if (!first) return undefined;
  first.begun += 1;
  return first.members[first.begun - 1].member;
}
