import { AzureError, arm, resourceGraph, vault } from '../errors';
import { inSeconds, seconds } from '../state/durations';
import {
  ARM_BUCKETS,
  RESOURCE_GRAPH_WINDOW,
  VAULT_WINDOW,
} from '../assumptions';
import type { Request } from '../types';

interface BucketKind {
  size: number;
  refillPerSecond: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface ThrottleVerdict {
  refusal?: AzureError;
  /** The `x-ms-ratelimit-…` headers of this request. */
  headers: Record<string, string>;
}

const perSecond = (count: number, window: number): BucketKind => ({
  size: count,
  refillPerSecond: count / window,
});

/**
 * Azure's token buckets, by the emulator's clock. They are always counted, so that the headers are
 * true; they refuse only when throttling is on.
 */
export class Throttle {
  private readonly buckets = new Map<string, Bucket>();
  private readonly windows = new Map<string, { from: number; used: number }>();

  constructor(
    private readonly enforce: boolean,
    private readonly now: () => number,
  ) {}

  check(request: Request, principalId: string): ThrottleVerdict {
    switch (request.service) {
      case 'arm':
        return /^\/providers\/microsoft\.resourcegraph\//i.test(request.path)
          ? this.resourceGraph(principalId)
          : this.resourceManager(request, principalId);
      case 'vault':
        return this.vault(request);
      default:
        return { headers: {} };
    }
  }

  private resourceManager(request: Request, principalId: string) {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1];
    const kind = operationKind(request.method);
    const scope = subscription ? 'subscription' : 'tenant';
    const { left, wait } = this.take(
      `arm ${kind} ${principalId} ${(subscription ?? '').toLowerCase()}`,
      ARM_BUCKETS[kind],
    );
    return {
      refusal: this.refuse(wait, arm.throttled),
      headers: { [`x-ms-ratelimit-remaining-${scope}-${kind}`]: String(left) },
    };
  }

  /** A window that starts with its first query, and is whole again when it has ended. */
  private resourceGraph(principalId: string) {
    const { queries, seconds: length } = RESOURCE_GRAPH_WINDOW;
    const now = this.now();
    const started = this.windows.get(principalId);
    const window =
      started && now >= started.from && now < started.from + seconds(length)
        ? started
        : { from: now, used: 0 };
    const wait =
      window.used < queries
        ? 0
        : inSeconds(window.from + seconds(length) - now);
    if (!wait) window.used++;
    this.windows.set(principalId, window);
    const resetsAfter = window.from + seconds(length) - now;
    return {
      refusal: this.refuse(wait, resourceGraph.throttled),
      headers: {
        'x-ms-user-quota-remaining': String(queries - window.used),
        'x-ms-user-quota-resets-after': clockTime(resetsAfter),
      },
    };
  }

  private vault(request: Request) {
    const creates =
      request.method === 'POST' && /\/(create|rotate)$/i.test(request.path);
    const kind = creates ? 'creations' : 'operations';
    const { wait } = this.take(
      `vault ${kind} ${request.host.toLowerCase()}`,
      perSecond(VAULT_WINDOW[kind], VAULT_WINDOW.seconds),
    );
    return { refusal: this.refuse(wait, vault.throttled), headers: {} };
  }

  private refuse(wait: number, error: (seconds: number) => AzureError) {
    return wait > 0 && this.enforce ? error(Math.ceil(wait)) : undefined;
  }

  /** Takes one token; `wait` is how many seconds until there is one, 0 when it was taken. */
  private take(key: string, kind: BucketKind) {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? {
      tokens: kind.size,
      filledAt: now,
    };
    const elapsed = inSeconds(Math.max(0, now - bucket.filledAt));
    bucket.tokens = Math.min(
      kind.size,
      bucket.tokens + elapsed * kind.refillPerSecond,
    );
    bucket.filledAt = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      return { left: 0, wait: (1 - bucket.tokens) / kind.refillPerSecond };
    }
    bucket.tokens -= 1;
    return { left: Math.floor(bucket.tokens), wait: 0 };
  }
}

/** hh:mm:ss, rounded up, so that a client that waits so long finds a whole window. */
function clockTime(ms: number): string {
  const whole = seconds(Math.ceil(inSeconds(ms)));
  return new Date(whole).toISOString().slice(11, 19);
}

function operationKind(method: string): keyof typeof ARM_BUCKETS {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
