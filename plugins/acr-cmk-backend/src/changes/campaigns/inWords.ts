import type { CampaignMemberState } from 'backstage-plugin-acr-cmk-common';
import { UNDER_WAY } from './memberStates';

/** Words in the message of a member that a retry could not plan. */
export const NOT_AGAIN = 'It could not be tried again';
/** Code of an operation that was cancelled because its campaign was aborted. */
export const ABORTED = 'CAMPAIGN_ABORTED';
/** Words in the message of a member whose registries have findings that they did not have. */
export const WORSE = 'findings became worse';
/** Words in the message of a member whose registries could not be read afterwards. */
export const NOT_PROVEN = 'It could not be proven';

/** Reason why members of an open stage do not start, if it is a person that they wait for. */
export function standstillInWords(
  states: readonly { state: CampaignMemberState; count: number }[],
): string | undefined {
  if (states.some(({ state }) => state === 'ready' || UNDER_WAY.has(state))) {
    return undefined;
  }
  const countOf = (wanted: CampaignMemberState) =>
    states.find(({ state }) => state === wanted)?.count ?? 0;
  const approvals = countOf('approval');
  if (approvals > 0) {
    return `${membersInWords(approvals)} ${approvals === 1 ? 'waits' : 'wait'} for approval`;
  }
  const changed = countOf('changed');
  return changed > 0
    ? `The plan of ${membersInWords(changed)} no longer fits, and nothing was written. Retry or skip ${changed === 1 ? 'it' : 'them'}, or abort the campaign`
    : undefined;
}

function membersInWords(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}

const OTHER_ENDS: readonly [CampaignMemberState, string][] = [
  ['unverified', 'not proven'],
  ['skipped', 'skipped'],
  ['rejected', 'rejected'],
  ['expired', 'not approved in time'],
  ['not-started', 'not started'],
];

/**
 * The end of a campaign in words. It has succeeded only when every member has.
 *
 * @param of.areAll - false for a reader who sees only some of its members
 */
export function endInWords(
  members: readonly { state: CampaignMemberState; count: number }[],
  { areAll = true } = {},
): string {
  const seen = areAll ? '' : ' that you can see';
  const sumOf = (of: typeof members) =>
    of.reduce((sum, { count }) => sum + count, 0);
  const count = (wanted: CampaignMemberState) =>
    sumOf(members.filter(({ state }) => state === wanted));
  const others = OTHER_ENDS.map(([state, words]) => ({
    count: count(state),
    words,
  })).filter(one => one.count > 0);
  const failed = count('failed');
  const succeeded = count('succeeded');
  if (failed === 0 && others.length === 0) {
    return `Ended. ${succeeded === 1 ? '1 member' : `All ${succeeded} members`}${seen} succeeded`;
  }
  const listed = [
    ...(failed > 0 || others.length === 0 ? [`${failed} failed`] : []),
    ...others.map(({ count: number, words }) => `${number} ${words}`),
  ];
  return `Ended with ${listed.join(', ')}. ${succeeded} of ${sumOf(members)}${seen} succeeded`;
}
