import {
  auditReadPermission,
  type CampaignReport,
  CampaignStateConflict,
} from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../authority/deciders';
import type { UserCredentials } from '../authority/Gate';
import type { PermissionChecker } from '../authority/PermissionChecker';
import type { CampaignStore } from './CampaignStore';
import { contentOf, csvOf } from './report';
import type { CampaignRecord } from './types';

interface CampaignReporterDeps {
  store: CampaignStore;
  /** @throws CampaignUnknown when the caller may not see it */
  record(id: string, credentials: UserCredentials): Promise<CampaignRecord>;
  permissionChecker: PermissionChecker;
}

/**
 * Reports what a campaign did. The report is whole, so that it can be compared with the audit record: for the requester,
 * who has seen every member, and for readers of the audit record.
 */
export class CampaignReporter {
  readonly #deps: CampaignReporterDeps;

  constructor(deps: CampaignReporterDeps) {
    this.#deps = deps;
  }

  async report(
    id: string,
    credentials: UserCredentials,
  ): Promise<CampaignReport> {
    const campaign = await this.#readable(id, credentials);
    if (campaign.startedAt === undefined) {
      throw new CampaignStateConflict(
        id,
        'it was not started, so there is nothing to report',
      );
    }
    const { store } = this.#deps;
    const [members, counts, records] = await Promise.all([
      store.members(id),
      store.counts(id),
      store.auditRecords(id),
    ]);
    const content = contentOf(campaign, members, counts);
    return {
      campaign: {
        ...content.campaign,
        revision: campaign.revision,
        offers: [],
      },
      records: records.own,
      members: content.members.map(one => ({
        ...one,
        records: records.ofMembers.get(one.member.position) ?? [],
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
  ): Promise<CampaignRecord> {
    const { store, record, permissionChecker } = this.#deps;
    const permission = { permission: auditReadPermission };
    const found = await store.get(id);
    if (found?.startedAt !== undefined) {
      const isReader =
        isCaller(credentials, found.requestedBy) ||
        (await permissionChecker.granted(permission, credentials));
      if (isReader) return found;
    }
    const seen = await record(id, credentials);
    if (!isCaller(credentials, seen.requestedBy)) {
      throw permissionChecker.missing(permission);
    }
    return seen;
  }
}
