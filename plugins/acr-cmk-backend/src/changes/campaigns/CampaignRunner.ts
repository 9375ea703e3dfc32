import type { LoggerService } from '@backstage/backend-plugin-api';
import { assertNever, FactsUnavailable } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEntry, AuditLog } from '../../platform/audit/AuditLog';
import { atPriority } from '../../azure/transport/budget';
import type { Clock } from '../../platform/database/clock';
import type { Inventory } from '../../inventory/Inventory';
import type { OperationQueries } from '../../engine/OperationQueries';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import { type OperationRecord, PLUGIN_ACTOR } from '../../engine/types';
import { DueLoop } from '../../platform/time/DueLoop';
import type { Sleep } from '../../platform/time/realClock';
import type { CampaignStore } from './CampaignStore';
import { provenFindingsOf, worsenedInWords } from './findings';
import { NOT_PROVEN, WORSE } from './inWords';
import type { MemberStarter, PlannedStart } from './MemberStarter';
import {
  memberChanged,
  type Progress,
  type ProgressNote,
  progressOf,
} from './progress';
import { contentHash, contentOf } from './report';
import type { Changes } from './types';
import type { CampaignRecord, MemberRecord } from './types';
import type { CampaignCalendar } from './windows';

/** Delay before a member that could not start or be proven is tried again. Milliseconds. Our choice. */
const AGAIN_MS = 30_000;
/** Failed tries in a row, some ten minutes, after which a person has to look. Our choice. */
const MOST_TRIES = 20;
/** Campaigns of one look. */
const AT_ONCE = 20;
/** Campaigns that are looked at when the runner begins. No portal has as many that have not ended. */
const MOST = 1000;
/** Changes of others that one turn gives way to. Each of them wakes it again. */
const MOST_STALE = 5;

const ACTIVE = ['running', 'paused'] as const;

interface CampaignRunnerDeps {
  store: CampaignStore;
  operations: Pick<OperationQueries, 'endsOf'>;
  starter: Pick<MemberStarter, 'start'>;
  inventory: Inventory;
  audit: AuditLog;
  clock: Clock;
  calendar: CampaignCalendar;
  approvalExpiresAfterMs: number;
  logger: Pick<LoggerService, 'error' | 'warn'>;
  /** An operation was accepted: a worker may look, and open views. */
  accepted(operation: OperationRecord): void;
  /** A campaign has changed: open views may look, and people may be notified. */
  changed(campaignId: string): void;
}

/** Trouble of a member in this process. */
interface Trouble {
  tries: number;
  /** Time of the next try. */
  notBefore: number;
}

/** Somebody else has changed what was read. */
class Stale extends Error {}

const nameOf = ({
  campaignId,
  position,
}: Pick<MemberRecord, 'campaignId' | 'position'>) =>
  `Member ${position} of campaign ${campaignId}`;

/**
 * Carries campaigns on, by `progressOf`. Every replica runs it, and may run it at the same moment: changes are stored only
 * if nothing has changed since they were decided, and two starts of a member make one operation. So it may die anywhere.
 */
export class CampaignRunner {
  readonly #deps: CampaignRunnerDeps;
  /** Names of members that this process is starting or proving. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #troubles = new Map<string, Trouble>();
  /** Plans that wait for a place, by names of members. When one is too old, the next is made for a free place. */
  readonly #planned = new Map<string, PlannedStart>();
  readonly #woken = new Set<string>();
  readonly #loop: DueLoop;
  #knowsAll = false;

  constructor(deps: CampaignRunnerDeps) {
    this.#deps = deps;
    this.#loop = new DueLoop(
      {
        name: 'Campaigns',
        sweep: async stopped => {
          if (!this.#knowsAll) await this.#wakeAll();
          this.#knowsAll = true;
          return this.sweep(stopped);
        },
        msUntilDue: () => this.#msUntilDue(),
      },
      deps.logger,
    );
  }

  /** Looks at a campaign now: a person has changed it. */
  wake(campaignId: string): void {
    this.#woken.add(campaignId);
    this.#loop.wake();
  }

  /** An operation has ended. Members may have waited for what it held. */
  operationEnded({ campaignId }: Pick<OperationRecord, 'campaignId'>): void {
    if (campaignId === undefined) return;
    for (const [name, trouble] of this.#troubles) {
      if (name.endsWith(campaignId) && trouble.tries === 0) {
        this.#troubles.delete(name);
      }
    }
    this.wake(campaignId);
  }

  /** Carries on whatever is due, until the signal is given; then finishes what it has begun. */
  async run(sleep: Sleep, stopped: AbortSignal): Promise<void> {
    await this.#loop.run(sleep, stopped);
    await this.settled();
  }

  /** They may be due at an end of a freeze that the configuration has no more. */
  async #wakeAll(): Promise<void> {
    const open = await this.#deps.store.list({ states: ACTIVE, limit: MOST });
    open.forEach(({ id }) => this.#woken.add(id));
  }

  /**
   * Carries on the campaigns that are due, or were woken.
   *
   * @returns false when one could not continue: it stays due
   */
  async sweep(stopped?: AbortSignal): Promise<boolean> {
    let isWhole = true;
    const { store, clock, logger } = this.#deps;
    const woken = [...this.#woken];
    this.#woken.clear();
    const due = await store.due(ACTIVE, await clock.now(), AT_ONCE);
    for (const id of new Set([...woken, ...due])) {
      if (stopped?.aborted) break;
      try {
        await this.turn(id);
      } catch (error) {
        isWhole = false;
        logger.error(
          `Campaign ${id} could not continue; the next turn tries again`,
          error as Error,
        );
      }
    }
    return isWhole;
  }

  /** Waits until every start and proof of this process has ended. */
  async settled(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  async #msUntilDue(): Promise<number | undefined> {
    const { store, clock } = this.#deps;
    const [next, now] = await Promise.all([store.nextDue(ACTIVE), clock.now()]);
    return next === undefined ? undefined : next - now;
  }

  /** Stores what has to change now, and begins to start and to prove members. */
  async turn(id: string): Promise<void> {
    for (let stale = 0; stale < MOST_STALE;) {
      const campaign = await this.#deps.store.get(id);
      if (!campaign || !ACTIVE.some(state => state === campaign.state)) return;
      const next = await this.#next(campaign);
      if (next.members.length > 0 || next.campaign) {
        if (!(await this.#apply(campaign, next))) stale += 1;
      } else {
        await this.#work(campaign, next);
        await this.#deps.store.setDue(campaign, next);
        return;
      }
    }
  }

  /** Begins to prove and to start members. */
  async #work(
    campaign: CampaignRecord,
    { prove, start }: Pick<Progress, 'prove' | 'start'>,
  ): Promise<void> {
    const positions = [...prove, ...start].map(({ position }) => position);
    if (positions.length === 0) return;
    const found = await this.#deps.store.members(campaign.id, { positions });
    for (const member of found) {
      // Whatever else it has become meanwhile is left alone.
      if (member.state === 'proving') {
        this.#begin(
          member,
          () => this.#prove(member),
          why => this.#proven(member, `${NOT_PROVEN}: ${why}`),
        );
      } else if (member.state === 'ready') {
        this.#begin(
          member,
          () => this.#start(campaign, member).catch(waitForAnswer),
          why =>
            this.#memberChanged(
              campaign,
              member,
              `Nothing was written, because it could not be planned again: ${why}`,
            ),
        );
      }
    }
  }

  async #next(campaign: CampaignRecord): Promise<Progress> {
    const { store, operations, clock, ...rest } = this.#deps;
    const { id } = campaign;
    const members = await store.progressMembers(id);
    const ends = await operations.endsOf(
      members.flatMap(({ state, operationId }) =>
        state === 'running' && operationId !== undefined ? [operationId] : [],
      ),
    );
    for (const member of members) {
      if (member.state !== 'ready') this.#planned.delete(nameOf(member));
    }
    const positionsIn = (names: ReadonlyMap<string, unknown>) =>
      new Set(
        members.filter(one => names.has(nameOf(one))).map(one => one.position),
      );
    return progressOf({
      campaign,
      members,
      ends,
      busy: positionsIn(this.#busy),
      planned: positionsIn(this.#planned),
      notBefore: new Map(
        members.flatMap(member => {
          const trouble = this.#troubles.get(nameOf(member));
          return trouble ? [[member.position, trouble.notBefore]] : [];
        }),
      ),
      calendar: rest.calendar,
      now: await clock.now(),
      approvalExpiresAfterMs: rest.approvalExpiresAfterMs,
    });
  }

  /** @returns false when somebody has changed the campaign since it was read */
  async #apply(
    campaign: CampaignRecord,
    { members, campaign: changes = {}, notes }: Progress,
  ): Promise<boolean> {
    const { store, audit } = this.#deps;
    const { id } = campaign;
    try {
      await store.inTransaction(async trx => {
        if (!(await store.update(trx, campaign, changes))) throw new Stale();
        for (const { member, changes: of } of members) {
          if (!(await store.updateMember(trx, member, of))) throw new Stale();
        }
        for (const note of notes) {
          await audit.append(trx, await this.#entryOf(campaign, note, trx));
        }
      });
    } catch (error) {
      if (error instanceof Stale) return false;
      throw error;
    }
    this.#deps.changed(id);
    return true;
  }

  /** The entry of a note. That of the end has the hash of the report. */
  async #entryOf(
    campaign: CampaignRecord,
    { event, details }: ProgressNote,
    trx: Knex.Transaction,
  ): Promise<AuditEntry> {
    if (event !== 'campaign-ended') return noteOf(campaign, { event, details });
    const { store } = this.#deps;
    const { id } = campaign;
    const ended = (await store.get(id, trx)) ?? campaign;
    const content = contentOf(
      ended,
      await store.members(id, {}, trx),
      await store.counts(id, {}, trx),
    );
    return noteOf(campaign, {
      event,
      details: { ...details, reportHash: contentHash(content) },
    });
  }

  /** Works on a member in the background, after people and after the engine, and looks again when it is done. */
  #begin(
    member: MemberRecord,
    work: () => Promise<Retry | undefined>,
    giveUp: (message: string) => Promise<void>,
  ): void {
    const name = nameOf(member);
    const done = atPriority('sync', () => this.#tried(member, work, giveUp))
      .catch(error =>
        // The next turn finds what is stored.
        this.#deps.logger.error(
          `${name} could not continue; the next turn tries again`,
          error as Error,
        ),
      )
      .then(() => {
        this.#busy.delete(name);
        this.wake(member.campaignId);
      });
    this.#busy.set(name, done);
  }

  async #tried(
    member: MemberRecord,
    work: () => Promise<Retry | undefined>,
    giveUp: (message: string) => Promise<void>,
  ): Promise<void> {
    const name = nameOf(member);
    const { tries } = this.#troubles.get(name) ?? { tries: 0 };
    const retry = await work().catch((error: Error): Retry => ({
      message: error.message,
      isFailure: true,
    }));
    if (!retry) {
      this.#troubles.delete(name);
      return;
    }
    const notBefore = (await this.#deps.clock.now()) + AGAIN_MS;
    const failed = tries + (retry.isFailure ? 1 : 0);
    this.#troubles.set(name, { tries: failed, notBefore });
    if (retry.isFailure) {
      this.#deps.logger.warn(`${name} is tried again: ${retry.message}`);
    }
    if (failed >= MOST_TRIES) {
      this.#troubles.delete(name);
      await giveUp(retry.message);
    } else if (member.message !== retry.message) {
      await this.#store(member, { message: retry.message });
    }
  }

  async #start(
    campaign: CampaignRecord,
    member: MemberRecord,
  ): Promise<Retry | undefined> {
    const name = nameOf(member);
    const ahead = this.#planned.get(name);
    this.#planned.delete(name);
    const start = await this.#deps.starter.start(campaign, member, ahead);
    switch (start.kind) {
      case 'started':
        this.#deps.accepted(start.operation);
        this.#deps.changed(campaign.id);
        return undefined;
      case 'overtaken':
        return undefined;
      case 'no-room':
        this.#planned.set(name, start.planned);
        return undefined;
      case 'busy':
        return { message: start.message };
      case 'changed':
        await this.#memberChanged(campaign, member, start.message);
        return undefined;
      default:
        return assertNever(start);
    }
  }

  async #memberChanged(
    campaign: CampaignRecord,
    member: MemberRecord,
    message: string,
  ): Promise<void> {
    const changes = { state: 'changed', message } as const;
    await this.#store(member, changes, [
      noteOf(campaign, memberChanged(campaign, { member, changes })),
    ]);
  }

  /** Reads the registries of a member anew, after its operation has succeeded. */
  async #prove(member: MemberRecord): Promise<undefined> {
    const { registries, plan } = member;
    const after = await provenFindingsOf(registries, this.#deps);
    const worse = worsenedInWords(plan?.findings ?? {}, after, registries);
    await this.#proven(
      member,
      worse && `Its operation succeeded, but ${WORSE}: ${worse}`,
    );
  }

  async #proven(member: MemberRecord, problem?: string): Promise<void> {
    await this.#store(member, {
      state: problem === undefined ? 'succeeded' : 'unverified',
      message: problem ?? null,
      endedAt: await this.#deps.clock.now(),
    });
  }

  /** Changes a member, unless it has changed since it was read. */
  async #store(
    member: MemberRecord,
    changes: Changes<MemberRecord>,
    entries: readonly AuditEntry[] = [],
  ): Promise<void> {
    const { store, audit } = this.#deps;
    await store.inTransaction(async trx => {
      // In the order in which others take the rows.
      await store.touch(trx, member.campaignId);
      if (!(await store.updateMember(trx, member, changes))) return;
      for (const entry of entries) await audit.append(trx, entry);
    });
    this.#deps.changed(member.campaignId);
  }
}

/** Reason for which a member is tried again. */
interface Retry {
  message: string;
  /** Counts towards the tries after which a person has to look. */
  isFailure?: true;
}

/**
 * An outage is no change of a member: what has to be read before its start is waited for, however long.
 *
 * @throws every other error
 */
function waitForAnswer(error: unknown): Retry {
  if (
    error instanceof FactsUnavailable ||
    error instanceof PreconditionUnavailable
  ) {
    return {
      message: `Waits, because it cannot be planned now: ${error.message}`,
    };
  }
  throw error;
}

/** An entry of the audit record about what a campaign does by itself. */
function noteOf(
  { id, requestedBy }: CampaignRecord,
  { event, details }: ProgressNote,
): AuditEntry {
  return {
    event,
    actor: PLUGIN_ACTOR,
    details: { campaignId: id, onBehalfOf: requestedBy, ...details },
  };
}
