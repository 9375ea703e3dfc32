import type {
  ErrorRequestHandler,
  NextFunction,
  Request,
  Response,
} from 'express';

/** Handles errors; Express recognises such a handler by its four parameters. */
export function onError(
  handle: (
    error: unknown,
    call: { req: Request; res: Response; next: NextFunction },
  ) => void,
): ErrorRequestHandler {
  // eslint-disable-next-line max-params
  return (error, req, res, next) => handle(error, { req, res, next });
}
