import { ServiceUnavailableError } from '@backstage/errors';
import {
  AcceptanceUnknown,
  InvalidInput,
  LimitReached,
} from 'backstage-plugin-acr-cmk-common';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { onError } from './onError';

/** Express refuses a path that it cannot decode with an error of its own. */
export const malformedPathHandler = onError((error, { next }) => {
  next(
    error instanceof URIError
      ? new InvalidInput('path', 'has a percent sign that encodes nothing')
      : error,
  );
});

export const retryAfterHandler = onError((error, { res, next }) => {
  if (error instanceof LimitReached) {
    res.set('Retry-After', String(error.retryAfterSeconds));
  }
  next(error);
});

/** Errors of the database that are not ours. */
export interface DatabaseErrors {
  /** Whether an error means that the database cannot be reached or used now. */
  isAway(error: unknown): boolean;
  /** Whether it is one because its disk is full. */
  isDiskFull(error: unknown): boolean;
}

export function databaseAwayHandler(
  errors: DatabaseErrors,
): ErrorRequestHandler {
  return onError((error, { req, res, next }) => {
    if (errors.isDiskFull(error)) next(diskFull(req));
    else next(errors.isAway(error) ? databaseAway(req, res) : error);
  });
}

/** Kinds of writes by their routes. Express ignores case and a slash at the end. */
const WRITES = {
  plan: /^\/v1\/plans\/?$/i,
  acceptance: /^\/v1\/operations\/?$/i,
  decision: /^\/v1\/operations\//i,
  estimate: /^\/v1\/campaigns\/[^/]+\/estimate\/?$/i,
  campaign: /^\/v1\/campaigns/i,
};

/** Kind of a request, as far as sentences differ. Of kinds whose routes begin alike, the first one. */
function kindOf({ method, path }: Request) {
  if (method === 'GET') return 'read';
  const [kind] =
    Object.entries(WRITES).find(([, route]) => route.test(path)) ?? [];
  return kind === 'estimate'
    ? 'read'
    : (kind as Exclude<keyof typeof WRITES, 'estimate'> | undefined);
}

/** Error of a request for which the database had no room: whatever it wanted to store is not. */
function diskFull(req: Request): Error {
  const consequence = () => {
    const kind = kindOf(req);
    if (kind === 'read') return 'this cannot be read now';
    if (kind === 'plan') return 'no plan was made';
    return kind === 'acceptance'
      ? 'the plan was not accepted'
      : 'nothing was stored';
  };
  return new ServiceUnavailableError(
    `The disk of the plugin's database is full, so ${consequence()}. Have the operators of the portal free space on it, then try again`,
  );
}

/**
 * Error of a request during which the database did not answer. It says whether the request may have had an
 * effect.
 */
function databaseAway(req: Request, res: Response): Error {
  const kind = kindOf(req);
  if (kind === 'acceptance' && res.locals.isBegun) {
    return new AcceptanceUnknown(String(req.body?.idempotencyKey));
  }
  const consequence = () => {
    if (kind === 'read')
      return 'this cannot be read now. Try again in a moment';
    if (!res.locals.isBegun) {
      return 'the request was not begun. Try again in a moment';
    }
    switch (kind) {
      case 'plan':
        return 'no plan was made. Try again in a moment';
      case 'decision':
        return 'it is unclear whether your decision was stored. Read the operation again before you repeat it';
      case 'campaign':
        return 'it is unclear whether this was stored. Read the campaign again before you repeat it';
      default:
        return 'it is unclear whether this was stored. Read it again before you repeat it';
    }
  };
  return new ServiceUnavailableError(
    `The plugin's database does not answer, so ${consequence()}`,
  );
}
