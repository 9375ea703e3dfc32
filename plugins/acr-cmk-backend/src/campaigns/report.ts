/** Report of a campaign, the same for everybody who may read it. Pure. */
import { createHash } from 'node:crypto';
import type {
  Campaign,
  CampaignMember,
  CampaignReport,
} from 'backstage-plugin-acr-cmk-common';
import { canonicalJson } from '../audit/chain';
import { isoTime } from '../database/clock';
import { csvLine } from '../fleet/csv';
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

const COLUMNS = [
  'position',
  'name',
  'registry_id',
  'key',
  'entity',
  'owner',
  'registries',
  'outcome',
  'stage',
  'state',
  'before',
  'after',
  'message',
  'approvers',
  'operation_id',
  'started_at',
  'ended_at',
  'audit_records',
];

/** The report as CSV: a header, then one line for each member. */
export function csvOf({ members }: CampaignReport): string {
  const lines = members.map(({ member, approvers, records }) =>
    csvLine([
      member.position,
      member.name,
      member.registryId,
      member.keyIdentifier,
      member.entityRef,
      member.owner,
      member.registries.join(' '),
      member.outcome,
      member.stage,
      member.state,
      member.before,
      member.after,
      member.message,
      approvers.join(' '),
      member.operationId,
      member.startedAt,
      member.endedAt,
      records.join(' '),
    ]),
  );
  return [csvLine(COLUMNS), ...lines].join('');
}
