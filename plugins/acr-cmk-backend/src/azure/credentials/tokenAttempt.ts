import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { type Sleep, sleep } from '../../platform/time/realClock';

/** Credential that is asked for a token, for the message about its failure. */
export interface TokenSource {
  /** Kind of the credential, such as `default-chain`. */
  kind: string;
  /** Host of Microsoft Entra in the configured cloud. */
  host: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** One request for a token, with what the SDKs leave out of the error that they throw. */
export interface TokenAttempt extends TokenSource {
  /** Code of the network error that ended the last exchange with `host`. */
  network?: string;
  /** Status of the last answer, from `host` or from a proxy on the way to it. */
  status?: number;
}

const running = new AsyncLocalStorage<TokenAttempt>();
const failed = new WeakMap<Error, TokenAttempt>();

/**
 * Time limit of the default chain, which has none of its own and tries one credential after another. A little
 * less than that of a call, which would only say that Azure did not answer. Milliseconds.
 */
const CHAIN_TIMEOUT_MS = 19_000;

/** The default chain has found no credential in time. Named as the SDK names it when it has found none. */
class ChainTimedOut extends Error {
  override readonly name = 'CredentialUnavailableError';
}

/** Requests a token, and keeps the course of a failed request for `failedAttemptOf`. */
export async function attemptToken<T>(
  source: TokenSource,
  request: () => Promise<T>,
  wait: Sleep = sleep,
): Promise<T> {
  const attempt: TokenAttempt = { ...source };
  const done = new AbortController();
  try {
    const asked = running.run(attempt, request);
    if (source.kind !== 'default-chain') return await asked;
    return await Promise.race([
      asked,
      wait(CHAIN_TIMEOUT_MS, done.signal).then((): never => {
        throw new ChainTimedOut();
      }),
    ]);
  } catch (error) {
    if (error instanceof Error) failed.set(error, attempt);
    throw error;
  } finally {
    done.abort();
  }
}

/** Course of the request for a token that ended with this error. */
export const failedAttemptOf = (error: Error): TokenAttempt | undefined =>
  failed.get(error);

/** Records the exchanges with Microsoft Entra. MSAL replaces their errors by `network_error`. */
export function recordAttempt(): PipelinePolicy {
  return {
    name: 'recordAttempt',
    async sendRequest(request, next) {
      const attempt = running.getStore();
      if (!attempt || new URL(request.url).host !== attempt.host) {
        return next(request);
      }
      attempt.network = undefined;
      attempt.status = undefined;
      try {
        const response = await next(request);
        attempt.status = response.status;
        return response;
      } catch (error) {
        const { code } = error as { code?: unknown };
        attempt.network = typeof code === 'string' ? code : 'unknown';
        throw error;
      }
    },
  };
}
