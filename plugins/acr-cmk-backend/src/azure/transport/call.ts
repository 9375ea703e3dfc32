import { AsyncLocalStorage } from 'node:async_hooks';
import type { MonotonicClock } from '../../platform/time/realClock';
import { AzureError } from '../AzureError';
import { toAzureError } from '../errors';
import type { AzureReceipt } from '../ports';
import type { AzureAnswer } from './answer';
import type { CallTarget, LastAnswer } from './callTarget';
import { type HeaderReader, parseHttpDate } from './retryAfter';

/** Time limit of a call, with the clocks and the observer that it uses. */
export interface CallLimits {
  /** After so long without an end (for a list: without a new page) the call is given up. */
  timeoutSeconds: number;
  /** Our clock, for answers without a `Date`. Epoch milliseconds. */
  now(): number;
  /** Measures when the time of a call is over, also to a process that was stopped meanwhile. */
  monotonic: MonotonicClock;
  /** Observes every call. */
  observer?: CallObserver;
}

/** Counts and times calls; what a call comes to is not its matter. */
export interface CallObserver {
  around<T>(target: CallTarget, call: () => Promise<T>): Promise<T>;
}

/** Pages of one list before it is taken for endless. 1,000 pages of 25 are 25,000 keys. */
const MOST_PAGES = 1000;

/** State of a running call. The policies of `pipeline.ts` record it. */
export class Call {
  /** Indicates whether a write was sent with a token. If not, the call cannot have had an effect. */
  sent = false;
  /** The time limit has passed. */
  timedOut = false;
  lastAnswer?: LastAnswer;
  private over = false;
  private endsAt = Infinity;
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;
  private readonly aborter = new AbortController();
  private readonly pages = new Set<string>();
  private rejectDeadline!: (reason: Error) => void;
  /** Rejects at the time limit, whether or not anybody listens to `signal`. */
  readonly deadline: Promise<never>;

  constructor(
    readonly target: CallTarget,
    readonly limits: CallLimits,
  ) {
    this.deadline = new Promise<never>((_, reject) => {
      this.rejectDeadline = reject;
    });
    this.arm();
  }

  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  /** Called for each GET before it leaves: a list that leads back to a page it has shown has no end. */
  enterPage(url: string): void {
    // The SDKs repeat a read after a challenge (401): that is the same page, not the next one.
    if (this.pages.has(url) && this.lastAnswer?.status !== 401) {
      throw this.endless('PagingLoop', 'leads back to a page it has shown');
    }
    if (this.pages.size >= MOST_PAGES) {
      throw this.endless('PagingEndless', `has more than ${MOST_PAGES} pages`);
    }
    this.pages.add(url);
    this.arm();
  }

  /** Called as a request leaves with its token: nothing may leave once the caller has its answer. */
  leave(isWrite: boolean): void {
    // A process that was stopped wakes up with its timer not yet fired.
    this.timedOut ||= isWrite && this.limits.monotonic() >= this.endsAt;
    if (this.over || this.timedOut) throw new Error('The call is over');
    if (isWrite) this.sent = true;
    // What was answered before says nothing of what becomes of this one.
    this.lastAnswer = undefined;
  }

  /** Waits for something before a request leaves; the time limit begins anew after it. */
  async waitFor<T>(turn: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    clearTimeout(this.timer);
    try {
      return await turn();
    } finally {
      this.waiting -= 1;
      if (this.waiting === 0 && !this.over) this.arm();
    }
  }

  /** Ends a call that has its value: nothing of it runs any more. */
  done(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  /** Ends the call: timer gone, whatever still runs is stopped. */
  close(): void {
    this.done();
    this.aborter.abort();
  }

  private arm(): void {
    clearTimeout(this.timer);
    if (this.waiting > 0) return;
    this.endsAt = this.limits.monotonic() + this.limits.timeoutSeconds * 1000;
    this.timer = setTimeout(() => {
      this.timedOut = true;
      this.rejectDeadline(new Error('The time limit has passed'));
      this.aborter.abort();
    }, this.limits.timeoutSeconds * 1000);
  }

  private endless(code: string, how: string): AzureError {
    return new AzureError(
      {
        kind: 'unavailable',
        code,
        message: `Could not ${this.target.doing}: the list that Azure answers ${how}.`,
      },
      { effect: 'refused', retry: { kind: 'later' } },
    );
  }
}

/**
 * The call that the current request belongs to. The SDKs pass neither a signal nor a callback to
 * the second page of a list, so the policies cannot get it in another way.
 */
const running = new AsyncLocalStorage<Call>();

export function currentCall(): Call | undefined {
  return running.getStore();
}

function carryOut<T>(
  target: CallTarget,
  limits: CallLimits,
  work: () => Promise<T>,
): Promise<{ value: T; call: Call }> {
  const made = () => makeCall(target, limits, work);
  return limits.observer ? limits.observer.around(target, made) : made();
}

async function makeCall<T>(
  target: CallTarget,
  limits: CallLimits,
  work: () => Promise<T>,
): Promise<{ value: T; call: Call }> {
  const call = new Call(target, limits);
  try {
    const value = await Promise.race([running.run(call, work), call.deadline]);
    call.done();
    return { value, call };
  } catch (error) {
    const translated = toAzureError(error, call, limits.now());
    call.close();
    throw translated;
  }
}

/** Azure's id of the exchange, for a support case. */
function correlationIdOf(headers: HeaderReader): string | undefined {
  const id =
    headers.get('x-ms-correlation-request-id') ??
    headers.get('x-ms-request-id');
  return id && /^[\w-]{1,100}$/.test(id) ? id : undefined;
}

/** Tells whether the work that repeats its throttled reads has to end. */
const repeatsUntil = new AsyncLocalStorage<() => boolean>();

/**
 * Does work whose reads are sent again when Azure refuses them with a 429. The budget holds each back for as long as
 * Azure asks; a wait that is longer than the budget waits ends the read.
 */
export function repeatThrottled<T>(isStopped: () => boolean, work: () => T): T {
  return repeatsUntil.run(isStopped, work);
}

/** Throttling that no wait of the budget follows: it has refused to wait, or Microsoft Entra gave no token. */
const WITHOUT_WAIT = ['BudgetSpent', 'TokenThrottled'];

async function carryOutRead<T>(
  target: CallTarget,
  limits: CallLimits,
  work: () => Promise<T>,
): Promise<{ value: T; call: Call }> {
  const isStopped = repeatsUntil.getStore() ?? (() => true);
  for (;;) {
    try {
      return await carryOut(target, limits, work);
    } catch (error) {
      const isRefusal =
        error instanceof AzureError &&
        error.kind === 'throttled' &&
        !WITHOUT_WAIT.includes(error.code);
      if (!isRefusal || isStopped()) throw error;
    }
  }
}

/** Carries out a call that reads: the value, with Azure's own time of its last answer. */
export async function read<T>(
  target: Omit<CallTarget, 'writes'>,
  limits: CallLimits,
  work: () => Promise<T>,
): Promise<AzureAnswer<T>> {
  const { value, call } = await carryOutRead(
    { ...target, writes: false },
    limits,
    work,
  );
  const headers = call.lastAnswer?.headers;
  return {
    value,
    azureAt: parseHttpDate(headers?.get('date')) ?? limits.now(),
    correlationId: headers && correlationIdOf(headers),
  };
}

/** Deadline for the writes of some work, by the monotonic clock of their calls. */
const latestEnd = new AsyncLocalStorage<number>();

/**
 * Does work whose writes must be over by a time. A write that may take longer is not sent: it is
 * refused with the advice to try again.
 */
export function writesEndBy<T>(
  deadline: number,
  work: () => Promise<T>,
): Promise<T> {
  return latestEnd.run(deadline, work);
}

function requireTime(target: Omit<CallTarget, 'writes'>, limits: CallLimits) {
  const deadline = latestEnd.getStore();
  if (deadline === undefined) return;
  if (limits.monotonic() + limits.timeoutSeconds * 1000 <= deadline) return;
  throw new AzureError(
    {
      kind: 'unavailable',
      code: 'TooLittleTime',
      message: `Could not ${target.doing}: it was not sent, because it might have taken longer than this worker has the operation.`,
    },
    { effect: 'refused', retry: { kind: 'later', afterSeconds: 0 } },
  );
}

/** Carries out a call that writes once: what came back, with what is needed to follow it up. */
export async function write<T>(
  target: Omit<CallTarget, 'writes'>,
  limits: CallLimits,
  work: () => Promise<T>,
): Promise<{ value: T; receipt: AzureReceipt }> {
  requireTime(target, limits);
  const { value, call } = await carryOut(
    { ...target, writes: true },
    limits,
    work,
  );
  const headers = call.lastAnswer?.headers;
  const correlationId = headers && correlationIdOf(headers);
  const operationUrl = headers?.get('azure-asyncoperation');
  return {
    value,
    receipt: {
      ...(correlationId ? { correlationId } : {}),
      ...(operationUrl ? { operationUrl } : {}),
    },
  };
}
