import { backOff } from '../platform/time/backOff';
import type { StoresContext } from './context';
import type { Lease } from './types';

/** Faults of ours in a row, without progress between them, before an operation fails. */
export const MAX_INTERRUPTIONS = 10;
/** Ten of them take some five minutes. Milliseconds. */
const INTERRUPTION_BACK_OFF = { first: 1000, longest: 60_000 };

/** Leases of operations: their workers and their ends. */
export class Leases {
  readonly #context: Omit<StoresContext, 'audit'>;
  readonly #leaseMs: number;
  readonly #settleMs: number;
  /** Time of the last look for an operation that is due. */
  #lookedAt = Infinity;

  constructor(context: Omit<StoresContext, 'audit'>) {
    this.#context = context;
    this.#leaseMs = context.limits.leaseSeconds * 1000;
    this.#settleMs = context.azure.callLimitMs;
  }

  /**
   * Takes one operation that is due and that nobody holds: revokes before all others, those of campaigns after them.
   *
   * Two workers may see the same row; the epoch lets one of them through.
   */
  async claim(
    owner: string,
    { onlyRevokes = false }: { onlyRevokes?: boolean } = {},
  ): Promise<Lease | undefined> {
    for (;;) {
      // Before the database reads its clock: what lies between only shortens the lease.
      const since = this.#context.azure.monotonic();
      const now = await this.#context.clock.now();
      await this.#markSilent(now);
      this.#lookedAt = now;
      const row = await this.#context
        .db('operations')
        .whereNotNull('due_at')
        .where('due_at', '<=', now)
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .modify(due => {
          if (onlyRevokes) due.where({ kind: 'revoke' });
        })
        .orderByRaw(
          `case when kind = 'revoke' then 0 when campaign_id is null then 1 else 2 end`,
        )
        .orderBy('due_at')
        .first('id', 'epoch');
      if (!row) return undefined;
      const epoch = Number(row.epoch) + 1;
      // Its holder may have renewed the lease since it was read: then it is not free after all.
      const taken = await this.#context
        .db('operations')
        .where({ id: row.id, epoch: row.epoch })
        .whereNotNull('due_at')
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .update({
          epoch,
          lease_owner: owner,
          lease_until: now + this.#leaseMs,
          silent_since: null,
          // The former worker has neither released nor renewed it.
          interruptions: this.#context.db.raw(
            'case when lease_until is null then interruptions else interruptions + 1 end',
          ),
          // A late write may have been recorded since the lease ended.
          settles_at: this.#context.db.raw(
            `case when lease_until is null or settles_at > lease_until + cast(? as bigint) then settles_at
              else lease_until + cast(? as bigint) end`,
            [this.#settleMs, this.#settleMs],
          ),
        });
      if (taken === 1) {
        const validUntil = since + this.#leaseMs;
        return { operationId: row.id, epoch, validUntil };
      }
    }
  }

  /**
   * Makes a lease last as long as a new one.
   *
   * @returns false when it is lost
   */
  async renew(lease: Lease): Promise<boolean> {
    const since = this.#context.azure.monotonic();
    const now = await this.#context.clock.now();
    const landed = await this.#context
      .db('operations')
      .where({ id: lease.operationId, epoch: lease.epoch })
      .where('lease_until', '>=', now)
      .update({ lease_until: now + this.#leaseMs, silent_since: null });
    if (landed === 1) lease.validUntil = since + this.#leaseMs;
    return landed === 1;
  }

  /**
   * Milliseconds until the next operation is due, or undefined when none is due within `withinMs`. One that has become
   * due since `claim` looked is due now.
   */
  async msUntilDue(withinMs: number): Promise<number | undefined> {
    const now = await this.#context.clock.now();
    const row = await this.#context
      .db('operations')
      .where('due_at', '>', Math.min(this.#lookedAt, now))
      .where('due_at', '<=', now + withinMs)
      .orderBy('due_at')
      .first('due_at');
    return row && Math.max(0, Number(row.due_at) - now);
  }

  /**
   * Releases an operation after a fault of ours, for a later attempt.
   *
   * @returns false when the lease is lost
   */
  async interrupted(lease: Lease): Promise<boolean> {
    const row = await this.#context
      .db('operations')
      .where({ id: lease.operationId })
      .first('interruptions');
    const interruptions = Number(row?.interruptions ?? 0) + 1;
    const now = await this.#context.clock.now();
    const landed = await this.#context
      .db('operations')
      .where({ id: lease.operationId, epoch: lease.epoch })
      .where('lease_until', '>=', now)
      .update({
        revision: this.#context.db.raw('revision + 1'),
        interruptions,
        due_at: now + backOff(interruptions, INTERRUPTION_BACK_OFF),
        waiting_for: `Interrupted by an internal error (attempt ${interruptions} of ${MAX_INTERRUPTIONS}). Retrying`,
        lease_owner: null,
        lease_until: null,
        silent_since: null,
      });
    return landed === 1;
  }

  /**
   * Marks operations whose worker seems to be gone: its last heartbeat is longer ago than any call takes.
   * Readers see the mark until the worker continues, or another one takes over.
   */
  async #markSilent(now: number): Promise<void> {
    await this.#context
      .db('operations')
      .whereNotNull('due_at')
      .whereNull('silent_since')
      .where('lease_until', '>=', now)
      .where('lease_until', '<', now + this.#leaseMs - this.#settleMs)
      .update({
        revision: this.#context.db.raw('revision + 1'),
        silent_since: this.#context.db.raw('lease_until - cast(? as bigint)', [
          this.#leaseMs,
        ]),
      });
  }
}
