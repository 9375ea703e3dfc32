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

/** Error of a request for which the database had no room: whatever it wanted to store is not. */
function diskFull({ method, path }: Request): Error {
  const consequence = () => {
    if (method === 'GET') return 'this cannot be read now';
    if (path === '/v1/plans') return 'no plan was made';
    return path === '/v1/operations'
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
function databaseAway({ method, path, body }: Request, res: Response): Error {
  const away = "The plugin's database does not answer";
  if (method === 'GET') {
    return new ServiceUnavailableError(
      `${away}, so this cannot be read now. Try again in a moment`,
    );
  }
  if (body === undefined || !res.locals.isBegun) {
    return new ServiceUnavailableError(
      `${away}, so the request was not begun. Try again in a moment`,
    );
  }
  if (path === '/v1/plans') {
    return new ServiceUnavailableError(
      `${away}, so no plan was made. Try again in a moment`,
    );
  }
  return path === '/v1/operations'
    ? new AcceptanceUnknown(String(body?.idempotencyKey))
    : new ServiceUnavailableError(
        `${away}, so it is unclear whether your decision was stored. Read the operation again before you repeat it`,
      );
}
