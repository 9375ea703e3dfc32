import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { type LimitId, LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Request, RequestHandler } from 'express';
import { MemoryStore, type Options } from 'express-rate-limit';
import pLimit, { type Limit } from 'p-limit';
import { callerOf } from '../../platform/callerOf';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { yieldToEventLoop } from '../../platform/time/yieldToEventLoop';
import { readBody } from './readBody';
import { STREAM_OPENED } from './streamOperation';

const MINUTE_MS = 60_000;

/** Requests of one caller and kind that are worked on, or streams that are opened, at once. Our choice. */
const AT_ONCE = 2;

/** Delay before another stream may be opened: nobody knows when one closes. Our choice. Seconds. */
const STREAM_RETRY_SECONDS = 10;

/** Delay of a refusal, without which one that is sent again at once would take time from others. Our choice. */
const REFUSED_AFTER_MS = 1_000;

/** Routes on which a revoke is planned, requested and approved. Express ignores case and a slash at the end. */
const MAY_REVOKE = /^POST \/v1\/(plans|operations(?:\/[^/]+\/approve)?)\/?$/i;
const IS_PREVIEW = /^POST \/v1\/campaigns\/?$/i;
const IS_STREAM = /^\/v1\/operations\/[^/]+\/events\/?$/i;

/**
 * Kind of a request. Kinds are limited apart, so that neither reads nor other writes, refused ones included, can
 * delay an emergency revoke. A `decision` accepts or approves a plan that the request does not show to be a revoke.
 */
export type RequestKind =
  | 'read'
  | 'write'
  | 'preview'
  | 'decision'
  | 'revoke'
  | 'stream';

/** Limit of a minute of each kind. */
const LIMIT_OF = {
  read: 'readsPerMinute',
  stream: 'readsPerMinute',
  write: 'writesPerMinute',
  preview: 'previewsPerMinute',
  decision: 'writesPerMinute',
  revoke: 'writesPerMinute',
} as const satisfies Record<RequestKind, LimitId>;

interface Deps {
  /** Reads, and as many streams, that a caller may begin in a minute. */
  readsPerMinute: number;
  /** Writes that a caller may begin in a minute, as many decisions, and as many requests of an emergency revoke. */
  writesPerMinute: number;
  /** Previews of campaigns that a caller may request in a minute. */
  previewsPerMinute: number;
  /** Event streams that a caller may have open. */
  openStreams: number;
  /** Reports the first refusal of a caller in a minute. */
  onRefused: (caller: string, error: LimitReached) => void;
  /** The machine's clock. */
  now: () => number;
  /** Waits so many milliseconds before a refusal. */
  wait: (ms: number) => Promise<unknown>;
}

/**
 * Limits the requests of a caller in this process: so many in a minute, of which two are worked on at once,
 * in order. Refusals come late. REST and actions both pass it.
 */
export class RequestLimit {
  readonly #deps: Deps;
  readonly #counts = new MemoryStore();
  readonly #lanes = new Map<string, { slots: Limit; requests: number }>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#counts.init({ windowMs: MINUTE_MS } as Options);
  }

  /** Callers with open requests, once for each kind. */
  get size(): number {
    return this.#lanes.size;
  }

  /**
   * Does the work of a request in its turn.
   *
   * @throws LimitReached
   */
  async run<T>(
    from: {
      credentials: BackstageCredentials;
      kind: RequestKind;
      /** End of a stream, which is open until then. Its work opens it. */
      closed?: Promise<unknown>;
    },
    work: () => Promise<T>,
  ): Promise<T> {
    const { openStreams, onRefused, now, wait } = this.#deps;
    const isStream = from.kind === 'stream';
    const limit = LIMIT_OF[from.kind];
    const allowed = this.#deps[limit];
    const caller = callerOf(from.credentials);
    const key = `${from.kind} ${caller}`;
    const { totalHits, resetTime } = await this.#counts.increment(key);
    const lane = this.#lanes.get(key) ?? {
      slots: pLimit(AT_ONCE),
      requests: 0,
    };
    // Streams that stay open were begun in other minutes.
    const waiting = isStream ? 0 : lane.requests + 1;
    if (Math.max(totalHits, waiting) > allowed) {
      const msLeft = Number(resetTime) - now();
      const error = new LimitReached(limit, allowed, {
        retryAfterSeconds: Math.max(1, Math.ceil(msLeft / 1000)),
      });
      if (totalHits === allowed + 1) onRefused(caller, error);
      await wait(REFUSED_AFTER_MS);
      throw error;
    }
    if (isStream && lane.requests >= openStreams) {
      await wait(REFUSED_AFTER_MS);
      throw new LimitReached('openStreams', openStreams, {
        retryAfterSeconds: STREAM_RETRY_SECONDS,
      });
    }
    this.#lanes.set(key, lane);
    lane.requests += 1;
    try {
      const answer = await lane.slots(async () => {
        // SQLite answers at once: a burst would be worked off before the event loop reads others' requests.
        await yieldToEventLoop();
        return backgroundThrottle.answer(work);
      });
      if (isStream) await from.closed;
      return answer;
    } finally {
      lane.requests -= 1;
      if (lane.requests === 0) this.#lanes.delete(key);
    }
  }
}

/**
 * Holds a request's slot until it is answered, its stream is open, or its client has gone; `res.locals.isBegun` says
 * that it has one. A request that waits for a slot ends with an error once the database does not answer.
 */
export function requestLimitHandler(
  limit: RequestLimit,
  {
    httpAuth,
    health,
    bodyLimit,
  }: {
    httpAuth: Pick<HttpAuthService, 'credentials'>;
    bodyLimit: string;
    health: { whileItAnswers<T>(work: () => Promise<T>): Promise<T> };
  },
): RequestHandler {
  const readEarly = readBody({ limit: bodyLimit });
  return async (req, res, next) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    // Only the body says whether it is a revoke. One that cannot be read counts as another write.
    const unreadable = MAY_REVOKE.test(`${req.method} ${req.path}`)
      ? await new Promise<unknown>(resolve => {
          readEarly(req, res, resolve);
        }).catch((error: unknown) => error)
      : undefined;
    await health.whileItAnswers(
      () =>
        new Promise<void>((begin, refuse) => {
          const closed = new Promise<void>(end => {
            if (res.closed) end();
            else res.once('close', end);
          });
          const opened = new Promise<void>(open =>
            res.once(STREAM_OPENED, open),
          );
          const work = async () => {
            begin();
            if (res.closed || res.headersSent) return;
            res.locals.isBegun = true;
            next(unreadable);
            await Promise.race([closed, opened]);
          };
          limit
            .run({ credentials, kind: kindOf(req), closed }, work)
            .catch(refuse);
        }),
    );
  };
}

/** A revoke is planned as such; its name is typed by the person who requests it, or who approves what a program requests. */
function isRevoke({ intent, confirmation }: Record<string, unknown>): boolean {
  return (
    confirmation !== undefined ||
    (intent as { kind?: unknown } | undefined)?.kind === 'revoke'
  );
}

function kindOf({ method, path, body }: Request): RequestKind {
  if (IS_PREVIEW.test(`${method} ${path}`)) return 'preview';
  if (method === 'GET' || method === 'HEAD') {
    return IS_STREAM.test(path) ? 'stream' : 'read';
  }
  const [, route] = MAY_REVOKE.exec(`${method} ${path}`) ?? [];
  if (!route) return 'write';
  if (isRevoke(body ?? {})) return 'revoke';
  return route.toLowerCase() === 'plans' ? 'write' : 'decision';
}
