import {
  auditReadPermission,
  type CampaignReport,
  CampaignStateConflict,
} from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { CampaignReader } from './CampaignReader';
import { withoutHidden } from './present';
import { auditRecordsOf } from './auditRecords';
import { contentOf, csvOf } from './report';
import type { CampaignRecord } from './types';
import type { CampaignParts } from './parts';

interface ReporterParts extends Pick<
  CampaignParts,
  'store' | 'record' | 'permissionChecker'
> {
  reader: Pick<CampaignReader, 'seenOf'>;
}

/**
 * Reports what a campaign did. For readers of the audit record the report is whole, so that it can be compared with that
 * record. For the requester it is without names that they may not see.
 */
export class CampaignReporter {
  readonly #parts: ReporterParts;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  async report(
    id: string,
    credentials: UserCredentials,
  ): Promise<CampaignReport> {
    const { campaign: found, isWhole } = await this.#readable(id, credentials);
    if (found.startedAt === undefined) {
      throw new CampaignStateConflict(
        id,
        'it was not started, so there is nothing to report',
      );
    }
    const { store } = this.#parts;
    const { campaign, members, counts, records } = await store.atOneMoment(
      async trx => ({
        campaign: (await store.get(id, trx)) ?? found,
        members: await store.members(id, {}, trx),
        counts: await store.counts(id, {}, trx),
        records: await auditRecordsOf(trx, id),
      }),
    );
    const content = contentOf(campaign, members, counts);
    const seen = isWhole
      ? undefined
      : await this.#parts.reader.seenOf(members, credentials);
    return {
      campaign: {
        ...content.campaign,
        revision: campaign.revision,
        offers: [],
      },
      records: records.own,
      members: content.members.map((one, index) => ({
        ...one,
        member: seen
          ? withoutHidden(one.member, members[index], seen)
          : one.member,
        records:
          records.ofMembers.get(one.member.registryId.toLowerCase()) ?? [],
      })),
    };
  }

  /** The report as CSV. */
  async csv(id: string, credentials: UserCredentials): Promise<string> {
    return csvOf(await this.report(id, credentials));
  }

  async #readable(
    id: string,
    credentials: UserCredentials,
  ): Promise<{ campaign: CampaignRecord; isWhole: boolean }> {
    const { store, record, permissionChecker } = this.#parts;
    const permission = { permission: auditReadPermission };
    const found = await store.get(id);
    const isWhole = await permissionChecker.granted(permission, credentials);
    if (found?.startedAt !== undefined && isWhole) {
      return { campaign: found, isWhole };
    }
    const campaign = await record(id, credentials);
    if (!isCaller(credentials, campaign.requestedBy)) {
      throw permissionChecker.missing(permission);
    }
    return { campaign, isWhole };
  }
}
