import { isResponseError } from 'backstage-plugin-acr-cmk-common';

/** Statuses that are independent of the request, so that a retry may succeed. */
const TRANSIENT_STATUSES = [429, 500, 502, 503, 504];

/**
 * Error of a step, as the task's log shows it: the scaffolder prints an error's stack there, so the
 * message takes the stack's place.
 */
export class TaskError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
    this.stack = `${name}: ${message}`;
  }
}

/** Missing or incomplete answer. The request may have been carried out. */
export class BackendUnreachable extends TaskError {
  constructor() {
    super(
      'ServiceUnavailableError',
      'The acr-cmk backend does not answer. Run the task again when it is back: what was accepted before is not done twice (BACKEND_UNREACHABLE)',
    );
  }
}

/** Code of the API's refusal, such as `PLAN_DRIFTED`; undefined when the error is no refusal. */
export function codeOf(error: unknown): string | undefined {
  if (!isResponseError(error)) return undefined;
  const { code } = error.body.error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether there is no answer, or one that is independent of the request: the API may have carried
 * it out, or has room for it later. Any other refusal with a code is final, whatever its status.
 */
export function isTransient(error: unknown): boolean {
  if (!isResponseError(error)) return error instanceof BackendUnreachable;
  const code = codeOf(error);
  if (code === undefined) return TRANSIENT_STATUSES.includes(error.statusCode);
  return (
    code === 'ACCEPTANCE_UNKNOWN' ||
    isOverRate(error.body.error as { limit?: unknown })
  );
}

/** Whether the person, whose tasks share one limit, has sent too many requests in this minute. */
function isOverRate({ limit }: { limit?: unknown }): boolean {
  return limit === 'readsPerMinute' || limit === 'writesPerMinute';
}

/** Whether the session of the person who started the task is over. */
export function isSessionOver(error: unknown): boolean {
  return (
    (isResponseError(error) && error.statusCode === 401) ||
    (error instanceof Error && error.name === 'AuthenticationError')
  );
}

/** The error in the words of the API: its message, and its code for a search. */
export function toTaskError(error: unknown): Error {
  if (isResponseError(error)) {
    const code = codeOf(error);
    return new TaskError(
      error.cause.name,
      code ? `${error.cause.message} (${code})` : error.cause.message,
    );
  }
  if (!(error instanceof Error)) return new Error(String(error));
  // An error of the common package, thrown here as the API would answer it.
  return 'code' in error && !(error instanceof TaskError)
    ? new TaskError(error.name, `${error.message} (${String(error.code)})`)
    : error;
}
