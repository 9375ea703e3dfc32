import { AsyncLocalStorage } from 'node:async_hooks';
import { backOff } from '../../platform/time/backOff';
import {
  type MonotonicClock,
  type Sleep,
  monotonicClock,
  sleep,
  wallClock,
} from '../../platform/time/realClock';
import { AzureError } from '../AzureError';
import { type HeaderReader, retryAfterOf } from './retryAfter';

/** Origin of a call. Running operations go first, then requests of people, then the sync. */
export type CallPriority = 'engine' | 'request' | 'sync';

interface PriorityRule {
  rank: number;
  /** Part of a bucket that is left for those before it. */
  leaves: number;
  /** After so long the call is refused here rather than sent. Milliseconds. */
  longestWaitMs: number;
}

/** Our choice. The engine never waits here: its steps come back when Azure says so. */
const PRIORITIES: Record<CallPriority, PriorityRule> = {
  engine: { rank: 0, leaves: 0, longestWaitMs: 0 },
  request: { rank: 1, leaves: 0.2, longestWaitMs: 8_000 },
  sync: { rank: 2, leaves: 0.3, longestWaitMs: 60_000 },
};

interface Quota {
  size: number;
  refillPerSecond: number;
}

/** Request limits of Azure for one principal (docs/azure.md). */
export const QUOTAS = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
  // 15 queries in 5 seconds: a burst of 5 and two more each second stay below in any 5 seconds.
  'resource-graph': { size: 5, refillPerSecond: 2 },
  // 2,000 of the weakest kind of operation in 10 seconds, for all who use the vault; registries do, too.
  vault: { size: 200, refillPerSecond: 20 },
} as const satisfies Record<string, Quota>;

export type QuotaName = keyof typeof QUOTAS;

/** Bucket in which Azure counts a request. */
export interface BucketKey {
  quota: QuotaName;
  /** Name of the principal that calls. */
  principal: string;
  /** Subscription, or host of a vault; empty for the tenant. Lower case. */
  of: string;
}

/** Bucket in which Azure counts a request, by its method, host and path. */
export function bucketKeyOf(
  { method, url }: { method: string; url: string },
  options: { armHost: string; principal: string },
): BucketKey {
  const { host, pathname } = new URL(url);
  const { principal } = options;
  if (host.toLowerCase() !== options.armHost) {
    return { quota: 'vault', principal, of: host.toLowerCase() };
  }
  if (/^\/providers\/microsoft\.resourcegraph\//i.test(pathname)) {
    return { quota: 'resource-graph', principal, of: '' };
  }
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(pathname)?.[1] ?? '';
  let quota: QuotaName = 'writes';
  if (method === 'GET' || method === 'HEAD') quota = 'reads';
  if (method === 'DELETE') quota = 'deletes';
  return { quota, principal, of: subscription.toLowerCase() };
}

const priorities = new AsyncLocalStorage<CallPriority>();

/** Makes the calls of some work with a priority. Without it they are a person's. */
export function atPriority<T>(priority: CallPriority, work: () => T): T {
  return priorities.run(priority, work);
}

export function currentPriority(): CallPriority {
  return priorities.getStore() ?? 'request';
}

/** Calls left in a bucket, as far as this process knows. */
export interface BudgetLeft {
  quota: QuotaName;
  of: string;
  principal: string;
  left: number;
  size: number;
  /** Azure asked everybody to wait so long. Absent when it did not. */
  pausedSeconds?: number;
}

/** A call that may leave. It has to be said how it ended. */
export interface Permit {
  answered(status: number, headers: HeaderReader): void;
  /** Nothing came back. */
  failed(): void;
}

interface Waiting {
  rule: PriorityRule;
  /** Latest time to send it, by the monotonic clock. */
  latest: number;
  admit(permit: Permit): void;
  refuse(error: AzureError): void;
}

/** Reason why an alarm is no longer wanted. Given, since each call would make an error otherwise. */
const SERVED = 'served';

/** Wait after a refusal that does not say how long. Milliseconds. */
const REFUSED_BACK_OFF = { first: 1_000, longest: 60_000 };

interface BudgetOptions {
  monotonic: MonotonicClock;
  sleep: Sleep;
  /** Our clock, for answers without a `Date`. Epoch milliseconds. */
  now(): number;
}

/** One of Azure's buckets, as we believe it to be. */
class Bucket {
  readonly #quota: Quota;
  readonly #deps: BudgetOptions;
  readonly #queue: Waiting[] = [];
  #tokens: number;
  #filledAt: number;
  #inFlight = 0;
  #pausedUntil = -Infinity;
  /** Refused in a row. While there are any, those who wait go one by one. */
  #refusals = 0;
  #probing = false;
  #alarm: AbortController | undefined;

  constructor(
    readonly key: BucketKey,
    deps: BudgetOptions,
  ) {
    this.#quota = QUOTAS[key.quota];
    this.#deps = deps;
    this.#tokens = this.#quota.size;
    this.#filledAt = this.#deps.monotonic();
  }

  get isIdle(): boolean {
    return (
      this.#inFlight === 0 &&
      this.#queue.length === 0 &&
      this.#refusals === 0 &&
      this.#filled() >= this.#quota.size
    );
  }

  left(): BudgetLeft {
    const pausedMs = this.#pausedUntil - this.#deps.monotonic();
    return {
      quota: this.key.quota,
      of: this.key.of,
      principal: this.key.principal,
      left: Math.max(0, Math.floor(this.#filled())),
      size: this.#quota.size,
      ...(pausedMs > 0 ? { pausedSeconds: Math.ceil(pausedMs / 1000) } : {}),
    };
  }

  enter(priority: CallPriority): Promise<Permit> {
    const rule = PRIORITIES[priority];
    if (rule.rank === 0) return Promise.resolve(this.#take(false));
    return new Promise((admit, refuse) => {
      const waiting = {
        rule,
        latest: this.#deps.monotonic() + rule.longestWaitMs,
        admit,
        refuse,
      };
      const after = this.#queue.findIndex(each => each.rule.rank > rule.rank);
      this.#queue.splice(after < 0 ? this.#queue.length : after, 0, waiting);
      this.#serve();
    });
  }

  /** Lets go who may, and comes back when the next one may. */
  #serve(): void {
    this.#alarm?.abort(SERVED);
    this.#alarm = undefined;
    while (this.#queue.length > 0) {
      const [next] = this.#queue;
      const waitMs = this.#waitMs(next.rule);
      const now = this.#deps.monotonic();
      if (waitMs === 0) {
        this.#queue.shift();
        next.admit(this.#take(this.#refusals > 0));
      } else if (waitMs !== Infinity && now + waitMs > next.latest) {
        this.#queue.shift();
        next.refuse(this.#tooLong(waitMs));
      } else {
        this.#comeBack(waitMs);
        return;
      }
    }
  }

  #comeBack(waitMs: number): void {
    // A probe that is under way calls back by itself.
    if (waitMs === Infinity) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    this.#deps.sleep(Math.ceil(waitMs), alarm.signal).then(() => {
      if (!alarm.signal.aborted) this.#serve();
    });
  }

  #waitMs({ leaves }: PriorityRule): number {
    const now = this.#deps.monotonic();
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    if (this.#refusals > 0) return this.#probing ? Infinity : 0;
    const missing = leaves * this.#quota.size + 1 - this.#filled();
    // A thousandth of a token is rounding.
    return missing <= 0.001
      ? 0
      : (missing / this.#quota.refillPerSecond) * 1000;
  }

  #take(isProbe: boolean): Permit {
    this.#tokens = Math.max(0, this.#filled() - 1);
    this.#inFlight += 1;
    if (isProbe) this.#probing = true;
    let open = true;
    const end = (conclude: () => void) => {
      if (!open) return;
      open = false;
      this.#inFlight -= 1;
      if (isProbe) this.#probing = false;
      conclude();
      this.#serve();
    };
    return {
      answered: (status, headers) =>
        end(() =>
          status === 429 ? this.#refused(headers) : this.#accepted(headers),
        ),
      failed: () => end(() => undefined),
    };
  }

  #refused(headers: HeaderReader): void {
    this.#refusals += 1;
    const seconds = retryAfterOf(headers, this.#deps.now());
    const waitMs =
      seconds === undefined
        ? backOff(this.#refusals, REFUSED_BACK_OFF)
        : seconds * 1000;
    this.#pausedUntil = Math.max(
      this.#pausedUntil,
      this.#deps.monotonic() + waitMs,
    );
  }

  #accepted(headers: HeaderReader): void {
    // An answer to what was sent before the refusal says nothing of the time after it.
    if (this.#deps.monotonic() >= this.#pausedUntil) this.#refusals = 0;
    const remaining = remainingIn(headers);
    if (remaining === undefined) return;
    // Those on their way may not be counted in it yet.
    this.#tokens = Math.max(
      0,
      Math.min(this.#filled(), remaining - this.#inFlight),
    );
    const resetsAfter = resetsAfterMs(headers);
    if (remaining === 0 && resetsAfter !== undefined) {
      this.#pausedUntil = Math.max(
        this.#pausedUntil,
        this.#deps.monotonic() + resetsAfter,
      );
    }
  }

  #filled(): number {
    const now = this.#deps.monotonic();
    const { size, refillPerSecond } = this.#quota;
    const elapsed = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(size, this.#tokens + elapsed * refillPerSecond);
    this.#filledAt = now;
    return this.#tokens;
  }

  #tooLong(waitMs: number): AzureError {
    const afterSeconds = Math.ceil(waitMs / 1000);
    return new AzureError(
      {
        kind: 'throttled',
        code: 'BudgetSpent',
        message: `Azure's limit for these requests is reached: they can be sent in ${afterSeconds} seconds. Stored facts are unchanged`,
      },
      { effect: 'refused', retry: { kind: 'later', afterSeconds } },
    );
  }
}

/** Requests that Azure says are left in the bucket of this answer. */
function remainingIn(headers: HeaderReader): number | undefined {
  for (const name of [
    'x-ms-user-quota-remaining',
    'x-ms-ratelimit-remaining-subscription-reads',
    'x-ms-ratelimit-remaining-subscription-writes',
    'x-ms-ratelimit-remaining-subscription-deletes',
    'x-ms-ratelimit-remaining-tenant-reads',
    'x-ms-ratelimit-remaining-tenant-writes',
  ]) {
    const text = headers.get(name)?.trim();
    if (text && /^\d{1,9}$/.test(text)) return Number(text);
  }
  return undefined;
}

/** `00:00:05` of Resource Graph, in milliseconds. */
function resetsAfterMs(headers: HeaderReader): number | undefined {
  const match = /^(\d\d):([0-5]\d):([0-5]\d)$/.exec(
    headers.get('x-ms-user-quota-resets-after')?.trim() ?? '',
  );
  if (!match) return undefined;
  const [hours, minutes, seconds] = match.slice(1).map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** Buckets that are kept; those that are full again go when there are more. */
const MOST_BUCKETS = 2_000;

/**
 * Calls to Azure that this process may make, shared by everything in it.
 *
 * A bucket for each that Azure keeps: by kind of call, subscription and principal. What Azure says in
 * its answers is believed when it is less than our own count, since other processes may have the same
 * principal. A 429 stops everybody below the engine until it is over; then one call is sent, and the
 * others follow when that one was answered.
 */
export class CallBudget {
  readonly #buckets = new Map<string, Bucket>();
  readonly #options: BudgetOptions;

  /** Without options, in real time. */
  constructor(options: Partial<BudgetOptions> = {}) {
    this.#options = {
      monotonic: options.monotonic ?? monotonicClock,
      sleep: options.sleep ?? sleep,
      now: options.now ?? wallClock,
    };
  }

  /**
   * Waits until a call may leave.
   *
   * @throws AzureError of kind `throttled` when that takes longer than its priority waits
   */
  enter(key: BucketKey, priority: CallPriority): Promise<Permit> {
    return this.#bucketOf(key).enter(priority);
  }

  /** Returns the calls left in each bucket, the scarcest first. */
  left(): BudgetLeft[] {
    return [...this.#buckets.values()]
      .map(bucket => bucket.left())
      .sort((a, b) => a.left / a.size - b.left / b.size);
  }

  #bucketOf(key: BucketKey): Bucket {
    const name = `${key.quota} ${key.principal} ${key.of}`;
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#dropIdle();
      bucket = new Bucket(key, this.#options);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  #dropIdle(): void {
    for (const [name, bucket] of this.#buckets) {
      if (bucket.isIdle) this.#buckets.delete(name);
    }
  }
}
