import type { CampaignMemberRow, Evidence } from '../evidence';

/** Something that must hold after every run, whatever went wrong in it. */
export interface Invariant {
  /** A sentence that is true when it holds. */
  name: string;
  /** @returns what does not hold, each with the operation or registry it is about; empty: it holds */
  violations(evidence: Evidence): string[];
}

export const TERMINAL = [
  'succeeded',
  'failed',
  'cancelled',
  'rejected',
  'unverified',
];

/** Names an operation in a violation, with the id under which it is in the log. */
export const inWords = (operation: {
  id: string;
  kind: string;
  registryName: string;
}) => `${operation.kind} of ${operation.registryName} (${operation.id})`;

/** States of a member of a campaign that has ended, or never takes part. */
const ENDED_MEMBER: readonly string[] = [
  'excluded',
  'succeeded',
  'failed',
  'unverified',
  'rejected',
  'expired',
  'skipped',
  'not-started',
] satisfies CampaignMemberRow['state'][];

export const isOpenMember = ({ state }: Pick<CampaignMemberRow, 'state'>) =>
  !ENDED_MEMBER.includes(state);
