import type { LookedAt, NotReadable } from '../domain/consumers/consumer';
import { CONSUMER_TYPES } from '../domain/consumers/types';
import type { PermissionSet } from '../azure/ports';
import { readableTypes } from './consumerRights';
import type { StoredFact } from './rows';

/** One subscription, with its last list of consumers and our own rights in it. */
export interface LookedAtIn {
  subscription: string;
  /** Whether the last list was whole, and is young enough. */
  isWhole: boolean;
  observedAt?: number;
  problem?: string;
  rights?: StoredFact<PermissionSet[]>;
}

/** Types that are known of in a subscription, and what is in the way of the others. */
function inOne({ isWhole, observedAt, problem, rights }: LookedAtIn): {
  types: string[];
  problem?: string;
} {
  if (observedAt === undefined) {
    return {
      types: [],
      problem: problem ?? 'Other Azure services have not been listed yet',
    };
  }
  if (!isWhole) {
    return {
      types: [],
      problem:
        problem ??
        `Other Azure services were last listed at ${new Date(observedAt).toISOString()}`,
    };
  }
  if (rights?.value === undefined || rights.problem) {
    return {
      types: [],
      problem:
        rights?.problem?.message ??
        'The rights of the read credential have not been read yet',
    };
  }
  const types = readableTypes(rights.value);
  const lacking = CONSUMER_TYPES.filter(({ type }) => !types.includes(type));
  return lacking.length === 0
    ? { types }
    : {
        types,
        problem: `The read credential may not read ${lacking.length} of ${
          CONSUMER_TYPES.length
        } types of resources: it lacks ${lacking
          .slice(0, 3)
          .map(({ type }) => `${type}/read`)
          .join(', ')}${lacking.length > 3 ? ', …' : ''}`,
      };
}

/**
 * Extent of what is known about consumers. A list alone does not tell it: Resource Graph leaves out without a word what
 * may not be read.
 *
 * @param problem - reason why there may be more subscriptions, or why Azure could not be asked just now
 */
export function lookedAtOf(
  subscriptions: readonly LookedAtIn[],
  problem?: string,
): LookedAt {
  const each = subscriptions.map(one => ({ ...inOne(one), of: one }));
  const notReadable: NotReadable[] = [
    ...(problem ? [{ problem }] : []),
    ...each.flatMap(one =>
      one.problem
        ? [{ subscription: one.of.subscription, problem: one.problem }]
        : [],
    ),
  ];
  const times = subscriptions.map(({ observedAt }) => observedAt);
  const isAnywhere = each.some(({ types }) => types.length > 0);
  const state = notReadable.length === 0 ? 'all' : 'partly';
  return {
    state: isAnywhere ? state : 'no',
    ...(times.length > 0 &&
      times.every(time => time !== undefined) && {
        at: Math.min(...times.map(Number)),
      }),
    types: CONSUMER_TYPES.filter(
      ({ type }) =>
        each.length > 0 && each.every(({ types }) => types.includes(type)),
    ).map(({ service }) => service),
    notReadable,
  };
}
