/** Report of a campaign, the same for everybody who may read it. Pure. */
import { createHash } from 'node:crypto';
import type { Campaign, CampaignReport } from 'backstage-plugin-acr-cmk-common';
import { canonicalJson } from '../../platform/audit/chain';
import {
  type CsvColumns,
  csvHeader,
  csvLines,
} from '../../registries/fleet/csv';
import { campaignInShort, presentMember } from './present';
import type { CampaignRecord, MemberCount, MemberRecord } from './types';

/** A report without the numbers of its audit records, which grow. */
interface ReportContent {
  campaign: Omit<Campaign, 'revision' | 'offers'>;
  members: Pick<CampaignReport['members'][number], 'member' | 'approvers'>[];
}

const approversOf = ({ needs }: MemberRecord): string[] =>
  [...new Set(needs.flatMap(({ by }) => by ?? []))].sort();

export function contentOf(
  campaign: CampaignRecord,
  members: readonly MemberRecord[],
  counts: readonly MemberCount[],
): ReportContent {
  return {
    campaign: campaignInShort(campaign, counts),
    members: members.map(member => ({
      member: presentMember(member),
      approvers: approversOf(member),
    })),
  };
}

/**
 * Hash that the end of a campaign puts into the audit record: by it `acr-cmk-audit verify --report` finds each field of
 * the report that was changed afterwards.
 */
export const contentHash = (content: ReportContent): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex');

const COLUMNS: CsvColumns<CampaignReport['members'][number]> = {
  position: ({ member }) => member.position,
  name: ({ member }) => member.name,
  registry_id: ({ member }) => member.registryId,
  key: ({ member }) => member.keyIdentifier,
  entity: ({ member }) => member.entityRef,
  owner: ({ member }) => member.owner,
  registries: ({ member }) => member.registries.join(' '),
  outcome: ({ member }) => member.outcome,
  stage: ({ member }) => member.stage,
  state: ({ member }) => member.state,
  before: ({ member }) => member.before,
  planned: ({ member }) => member.after,
  observed: ({ member }) => member.observed,
  message: ({ member }) => member.message,
  approvers: ({ approvers }) => approvers.join(' '),
  operation_id: ({ member }) => member.operationId,
  started_at: ({ member }) => member.startedAt,
  ended_at: ({ member }) => member.endedAt,
  audit_records: ({ records }) => records.join(' '),
};

/** The report as CSV: a header, then one line for each member. */
export const csvOf = ({ members }: CampaignReport): string =>
  csvHeader(COLUMNS) + csvLines(COLUMNS, members);
