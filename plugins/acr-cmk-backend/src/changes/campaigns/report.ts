/** Report of a campaign, the same for everybody who may read it. Pure. */
import { createHash } from 'node:crypto';
import type {
  Campaign,
  CampaignMember,
  CampaignReport,
} from 'backstage-plugin-acr-cmk-common';
import { canonicalJson } from '../../platform/audit/chain';
import { isoTime } from '../../platform/database/clock';
import {
  type CsvColumns,
  csvHeader,
  csvLines,
} from '../../registries/fleet/csv';
import type { SeenOfMembers } from './CampaignReader';
import { campaignInShort, memberInShort } from './present';
import type { CampaignRecord, MemberCount, MemberRecord } from './types';

/** A report without the numbers of its audit records, which grow. */
interface ReportContent {
  campaign: Omit<Campaign, 'revision' | 'offers'>;
  members: Pick<CampaignReport['members'][number], 'member' | 'approvers'>[];
}

/** As it is in JSON. */
const withoutUndefined = <T extends object>(value: T): T =>
  JSON.parse(JSON.stringify(value));

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
      member: toMember(member),
      approvers: approversOf(member),
    })),
  };
}

/** A member without the names that its reader may not see. */
export function withoutHidden(
  shown: CampaignMember,
  { registryId, registries }: Pick<MemberRecord, 'registryId' | 'registries'>,
  seen: SeenOfMembers,
): CampaignMember {
  const visible = (ref: string | undefined) =>
    ref !== undefined && seen.entities.has(ref.toLowerCase()) ? ref : undefined;
  return withoutUndefined({
    ...shown,
    entityRef: visible(shown.entityRef),
    owner: visible(shown.owner),
    registries: registries
      .filter(({ key }) => key === registryId.key || seen.registries.has(key))
      .map(({ name }) => name),
    needs: shown.needs?.map(need =>
      need.entityRef === visible(need.entityRef)
        ? need
        : { ...need, entityRef: undefined, hiddenEntity: true },
    ),
  });
}

/**
 * Hash that the end of a campaign puts into the audit record: by it `acr-cmk-audit verify --report` finds each field of
 * the report that was changed afterwards.
 */
export const contentHash = (content: ReportContent): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex');

function toMember(member: MemberRecord): CampaignMember {
  const { needs } = member;
  return withoutUndefined({
    ...memberInShort(member),
    entityRef: member.entityRef,
    owner: member.owner,
    registries: member.registries.map(({ name }) => name),
    message: member.message,
    needs:
      needs.length > 0
        ? needs.map(({ permission, entityRef, because, by, at }) => ({
            permission,
            entityRef,
            because,
            by,
            at: at === undefined ? undefined : isoTime(at),
          }))
        : undefined,
  });
}

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
  after: ({ member }) => member.after,
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
