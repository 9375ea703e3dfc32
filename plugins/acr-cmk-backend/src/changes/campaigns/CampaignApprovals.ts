import { createHash } from 'node:crypto';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  DecidedStage,
  WaitingStage,
} from 'backstage-plugin-acr-cmk-common';
import { authorityOf, isCaller } from '../gate/deciders';
import { personOf } from '../../platform/callerOf';
import { canonicalJson } from '../../domain/canonicalJson';
import { isoTime } from '../../platform/database/clock';
import { DECIDED_WITHIN_MS, MAX_DECIDED } from '../operations/Inbox';
import type { StoredNeed } from '../../engine/types';
import { decisionsOf, type StageDecision } from './auditRecords';
import { titleOfSome } from './present';
import type { CampaignRecord, MemberRecord } from './types';
import type { Context } from '../../platform/context';
import type { CampaignParts } from './parts';

/** Campaigns whose approvals are looked through for one person. Our choice. */
const MOST_OPEN = 100;

const unmetNeeds = ({ needs }: MemberRecord) =>
  needs.filter(({ by }) => by === undefined);

/** Members whose time for an approval is not over. */
export const awaitingAt = (members: readonly MemberRecord[], now: number) =>
  members.filter(({ approvalExpiresAt = 0 }) => approvalExpiresAt > now);

/** Members of the current stage that await the approval of one person. */
interface AwaitedApprovals {
  /** Hash of the list, which the decision names. */
  hash: string;
  positions: readonly number[];
  /** End of the time for the first of them. */
  expiresAt?: number;
}

/** A member that awaits somebody, with the needs that they may meet. */
export interface Awaited {
  member: MemberRecord;
  needs: StoredNeed[];
}

/** Whether its approvals can still be given. */
export const canBeApproved = ({ state, pause }: CampaignRecord) =>
  state === 'running' || (state === 'paused' && !pause?.aborts);

/** Finds the members of campaigns that await a person's approval. */
export class CampaignApprovals {
  readonly #context: Pick<Context, 'db' | 'clock'>;
  readonly #parts: Pick<CampaignParts, 'store' | 'permissionChecker'>;

  constructor(
    context: Pick<Context, 'db' | 'clock'>,
    parts: Pick<CampaignParts, 'store' | 'permissionChecker'>,
  ) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Members of the current stage that await the caller's approval; undefined without any. */
  async awaited(
    campaign: CampaignRecord,
    credentials: BackstageCredentials,
  ): Promise<AwaitedApprovals | undefined> {
    const list = await this.list(campaign, credentials);
    if (list.length === 0) return undefined;
    return {
      hash: listHash(campaign, list),
      positions: list.map(({ member }) => member.position),
      expiresAt: expiryOf(list.map(({ member }) => member)),
    };
  }

  /** Stages that await the caller's approval, the longest waiting first. */
  async waiting(credentials: BackstageCredentials): Promise<WaitingStage[]> {
    const { store } = this.#parts;
    const open = await store.list({
      states: ['running', 'paused'],
      limit: MOST_OPEN,
    });
    const stages = await Promise.all(
      open.map(async (campaign): Promise<WaitingStage[]> => {
        const awaited = await this.awaited(campaign, credentials);
        if (!awaited) return [];
        return [
          {
            campaignId: campaign.id,
            title: titleOfSome(campaign, awaited.positions.length),
            stage: campaign.stage,
            hash: awaited.hash,
            members: awaited.positions.length,
            requestedBy: campaign.requestedBy,
            reason: campaign.reason ?? '',
            ...(awaited.expiresAt !== undefined && {
              expiresAt: isoTime(awaited.expiresAt),
            }),
          },
        ];
      }),
    );
    return stages.flat().reverse();
  }

  /** Stages that the caller decided about of late, newest first. */
  async decided(credentials: BackstageCredentials): Promise<DecidedStage[]> {
    const { store } = this.#parts;
    const { db, clock } = this.#context;
    const person = personOf(credentials);
    if (person === undefined) return [];
    const since = (await clock.now()) - DECIDED_WITHIN_MS;
    const stages = Map.groupBy(
      await decisionsOf(db, person, since),
      ({ campaignId, stage }) => `${campaignId} ${stage}`,
    );
    const shown = [...stages.values()].slice(0, MAX_DECIDED);
    const answers = await Promise.all(
      shown.map(async decisions => {
        const [{ campaignId, stage, at }] = decisions;
        const campaign = await store.get(campaignId);
        if (!campaign) return [];
        const { approved, rejected } = newestCounts(decisions);
        return [
          {
            campaignId,
            stage,
            approved,
            rejected,
            title: titleOfSome(campaign, approved + rejected),
            decidedAt: isoTime(at),
          },
        ];
      }),
    );
    return answers.flat();
  }

  /** Members that await the caller, in the order of the campaign. */
  async list(
    campaign: CampaignRecord,
    credentials: BackstageCredentials,
  ): Promise<Awaited[]> {
    if (
      !canBeApproved(campaign) ||
      isCaller(credentials, campaign.requestedBy)
    ) {
      return [];
    }
    const { store } = this.#parts;
    const { clock } = this.#context;
    const members = awaitingAt(
      await store.members(campaign.id, {
        stage: campaign.stage,
        states: ['approval'],
      }),
      await clock.now(),
    );
    const isHeld = await this.#parts.permissionChecker.heldAmong(
      members.flatMap(unmetNeeds).map(authorityOf),
      credentials,
    );
    return awaitedAmong(members, need => isHeld(authorityOf(need)));
  }
}

/** Numbers of members by the newest decision about each: one that is retried is decided about again. Takes the newest first. */
function newestCounts(decisions: readonly StageDecision[]) {
  const seen = new Set<number>();
  const countNew = (positions: readonly number[]) => {
    const before = seen.size;
    positions.forEach(position => seen.add(position));
    return seen.size - before;
  };
  const counts = { approved: 0, rejected: 0 };
  for (const { approved, rejected } of decisions) {
    counts.approved += countNew(approved);
    counts.rejected += countNew(rejected);
  }
  return counts;
}

/** End of the time of the first of these members. */
export function expiryOf(
  members: readonly Pick<MemberRecord, 'approvalExpiresAt'>[],
): number | undefined {
  const times = members.flatMap(one => one.approvalExpiresAt ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Members that await somebody who may meet these needs. */
export function awaitedAmong(
  members: readonly MemberRecord[],
  mayMeet: (need: StoredNeed) => boolean,
): Awaited[] {
  return members
    .map(member => ({
      member,
      needs: unmetNeeds(member).filter(mayMeet),
    }))
    .filter(({ needs }) => needs.length > 0);
}

/** Hash of the list that a person decides about: its members, their plans, and what the person agrees to. */
export function listHash(
  { id, stage }: Pick<CampaignRecord, 'id' | 'stage'>,
  list: readonly Awaited[],
): string {
  return createHash('sha256')
    .update(
      canonicalJson({
        campaignId: id,
        stage,
        members: list.map(({ member: { operationId, plan }, needs }) => ({
          operationId,
          planHash: plan?.hash,
          needs,
        })),
      }),
    )
    .digest('hex');
}
