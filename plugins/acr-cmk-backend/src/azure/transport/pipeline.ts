import {
  type PipelinePolicy,
  type PipelineRequest,
  RestError,
  retryPolicy,
  type RetryStrategy,
} from '@azure/core-rest-pipeline';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { type CallBudget, currentPriority, bucketKeyOf } from './budget';
import { AzureError } from '../AzureError';
import type { CredentialName } from '../ports';
import { currentCall } from './call';
import { retryAfterOf } from './retryAfter';

/** Retries of a failed read within one call. Writes are never retried. */
export interface ReadRetries {
  /** Tries after the first one. */
  count: number;
  /** Wait before the first of them, doubled for each further one. Milliseconds. */
  delayMs: number;
  /** A longer `Retry-After` is not waited for: the call fails instead. Seconds. */
  longestRetryAfterSeconds: number;
}

/** Options of every pipeline in this module: the SDK neither retries nor follows a redirect. */
export const BASE_OPTIONS = {
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  userAgentOptions: { userAgentPrefix: 'backstage-plugin-acr-cmk' },
};

/** Options of every Azure client in this module. */
export interface ClientOptions extends Readonly<typeof BASE_OPTIONS> {
  additionalPolicies: {
    policy: PipelinePolicy;
    position: 'perCall' | 'perRetry';
  }[];
}

/** Statuses after which the same GET may well succeed. */
const PASSING_STATUSES = [408, 429, 500, 502, 503, 504];

/**
 * The SDK's own retries are off: they repeat POST (keyvault-keys rotates twice after a reset
 * connection), and they wait for a `Retry-After` of an hour (docs/azure.md).
 */
function retryStrategy(
  retries: ReadRetries,
  now: () => number,
  mayRetry: (request: PipelineRequest | undefined) => boolean,
): RetryStrategy {
  return {
    name: 'boundedRetry',
    retry({ retryCount, response, responseError }) {
      const request = response?.request ?? responseError?.request;
      if (!mayRetry(request)) return { skipStrategy: true };
      if (response && !PASSING_STATUSES.includes(response.status)) {
        return { skipStrategy: true };
      }
      const asked = response && retryAfterOf(response.headers, now());
      if (asked !== undefined && asked > retries.longestRetryAfterSeconds) {
        return { skipStrategy: true };
      }
      return {
        retryAfterInMs:
          asked === undefined
            ? retries.delayMs * 2 ** retryCount
            : asked * 1000,
      };
    },
  };
}

/** The only paths at which a POST changes nothing. */
const QUERY =
  /^\/providers\/Microsoft\.ResourceGraph\/resources$|\/providers\/Microsoft\.ContainerRegistry\/checkNameAvailability$/i;

/** Whether a request changes nothing at Azure. */
const isRead = (request: PipelineRequest | undefined): boolean =>
  request !== undefined &&
  (['GET', 'HEAD'].includes(request.method) ||
    (request.method === 'POST' && QUERY.test(new URL(request.url).pathname)));

/** Repeats reads a few times, for a short while. */
function retryReads(retries: ReadRetries, now: () => number): PipelinePolicy {
  return {
    ...retryPolicy([retryStrategy(retries, now, isRead)], {
      maxRetries: retries.count,
    }),
    name: 'retryReads',
  };
}

/**
 * Time limit of one request for a token. Every call with the same credential waits for that request, and the
 * limits of the calls do not apply to it: without a limit of its own, one lost response would block them all
 * until the process ends. Two such requests fit into the limit of a call. Milliseconds.
 */
const TOKEN_TIMEOUT_MS = 5000;

/** Retries every request to the token endpoint, where a POST changes nothing. */
export function retryTokens(
  retries: ReadRetries,
  now: () => number,
): PipelinePolicy {
  const policy = retryPolicy([retryStrategy(retries, now, () => true)], {
    maxRetries: retries.count,
  });
  return {
    name: 'retryTokens',
    sendRequest(request, next) {
      request.timeout = TOKEN_TIMEOUT_MS;
      return policy.sendRequest(request, next);
    },
  };
}

/** Ties each request to the call it belongs to: time limit, pages, and the only host that may be asked. */
function followCall(host: string): PipelinePolicy {
  return {
    name: 'followCall',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:' || url.host.toLowerCase() !== host) {
        // The link to a next page comes from outside: it gets no token of ours elsewhere.
        throw new RestError('A link led to another host', {
          code: 'ForeignHost',
        });
      }
      const call = currentCall();
      if (!call) return next(request);
      request.abortSignal = call.signal;
      if (request.method === 'GET') call.enterPage(request.url);
      return next(request);
    },
  };
}

const refusedWrite = (code: string, message: string) =>
  new AzureError(
    { kind: 'unconfigured', code, message },
    { effect: 'refused' },
  );

/**
 * Decides whether a request may leave with a credential. The read credential writes nothing, whatever its holder may
 * do in Azure, and the others only in a call of `write`.
 */
function keepToJob(credential: CredentialName): PipelinePolicy {
  return {
    name: 'keepToJob',
    async sendRequest(request, next) {
      if (isRead(request)) return next(request);
      if (credential === 'read') {
        throw refusedWrite(
          'ReadCredential',
          'The read credential was about to change something at Azure, which it never does: nothing was sent.',
        );
      }
      if (currentCall()?.target.writes !== true) {
        throw refusedWrite(
          'ReadCall',
          'A call that only reads was about to change something at Azure: nothing was sent.',
        );
      }
      return next(request);
    },
  };
}

/** Principal that a client calls as, and the budget that limits its requests. */
export interface ClientBudget {
  budget: CallBudget;
  armHost: string;
  principal: string;
}

/**
 * Waits for Azure's limits before a request leaves, and in the background until nobody waits for an answer of
 * ours. Work at the answer waits as well: many may come together. Whatever writes is of the engine, and does not wait.
 */
function keepBudget({ budget, ...names }: ClientBudget): PipelinePolicy {
  return {
    name: 'keepBudget',
    async sendRequest(request, next) {
      const call = currentCall();
      const priority = call?.target.writes ? 'engine' : currentPriority();
      const waitFor = <T>(turn: () => Promise<T>) =>
        call && priority !== 'engine' ? call.waitFor(turn) : turn();
      const inBackground = async () => {
        if (priority === 'sync') await backgroundThrottle.turn();
      };
      const permit = await waitFor(async () => {
        const granted = await budget.enter(
          bucketKeyOf(request, names),
          priority,
        );
        await inBackground();
        return granted;
      });
      try {
        const response = await next(request);
        permit.answered(response.status, response.headers);
        await waitFor(inBackground);
        return response;
      } catch (error) {
        permit.failed();
        throw error;
      }
    },
  };
}

/** Innermost: writes down what left and what was answered. */
function recordAnswer(): PipelinePolicy {
  return {
    name: 'recordAnswer',
    async sendRequest(request, next) {
      const call = currentCall();
      if (!call) return next(request);
      call.leave(
        !['GET', 'HEAD'].includes(request.method) &&
          request.headers.has('authorization'),
      );
      const response = await next(request);
      call.lastAnswer = {
        status: response.status,
        headers: response.headers,
        ...(response.status >= 400 && response.bodyAsText
          ? { body: response.bodyAsText }
          : {}),
      };
      return response;
    },
  };
}

/** Gives another token for one that Azure refused. */
export type RenewToken = (refused: string) => Promise<string | undefined>;

/** A token that Azure does not accept is fetched anew, once: nothing was done, so a write is safe too. */
function renewRefusedToken(renew: RenewToken): PipelinePolicy {
  return {
    name: 'renewRefusedToken',
    async sendRequest(request, next) {
      const response = await next(request);
      const refused = /^Bearer (.+)$/.exec(
        request.headers.get('authorization') ?? '',
      )?.[1];
      // A challenge with claims is answered by the SDK.
      const isStale =
        response.status === 401 &&
        !/claims=/.test(response.headers.get('www-authenticate') ?? '');
      const token = refused && isStale ? await renew(refused) : undefined;
      if (!token) return response;
      request.headers.set('authorization', `Bearer ${token}`);
      return next(request);
    },
  };
}

/** Options for a client that speaks to `host` only. */
export function clientOptions({
  credential,
  host,
  retries,
  now,
  renew,
  budget,
  connections,
}: {
  /** Credential that signs the requests. */
  credential: CredentialName;
  host: string;
  retries: ReadRetries;
  now: () => number;
  renew: RenewToken;
  budget: ClientBudget;
  /** `keepConnections()`, shared by all clients. */
  connections: PipelinePolicy;
}): ClientOptions {
  return {
    ...BASE_OPTIONS,
    additionalPolicies: [
      { policy: keepToJob(credential), position: 'perCall' },
      { policy: followCall(host), position: 'perCall' },
      { policy: retryReads(retries, now), position: 'perCall' },
      { policy: renewRefusedToken(renew), position: 'perRetry' },
      { policy: keepBudget(budget), position: 'perRetry' },
      { policy: connections, position: 'perRetry' },
      { policy: recordAnswer(), position: 'perRetry' },
    ],
  };
}

/** All items of a list of an SDK, with every page of it. */
export async function allOf<T, R>(
  list: AsyncIterable<T>,
  toFacts: (item: T) => R,
): Promise<R[]> {
  const found: R[] = [];
  for await (const item of list) found.push(toFacts(item));
  return found;
}

/** Items without those that came twice (a list that shifts between two pages), by a key without case. */
export function withoutDuplicates<T>(
  items: T[],
  keyOf: (item: T) => string,
): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) byKey.set(keyOf(item).toLowerCase(), item);
  return [...byKey.values()];
}
