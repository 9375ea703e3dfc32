import {
  BodyTooLarge,
  ContentTypeUnsupported,
  InvalidInput,
} from 'backstage-plugin-acr-cmk-common';
import express, { type Request, type RequestHandler } from 'express';

/** Reads a JSON body. A body that cannot be read has an error of its own. */
export function readBody({ limit }: { limit: string }): RequestHandler {
  const parse = express.json({ limit, strict: true, type: 'application/json' });
  return (req, res, next) => {
    if (!hasBody(req)) {
      throw new InvalidInput('body', 'is missing; send JSON');
    }
    if (!req.is('application/json')) {
      throw new ContentTypeUnsupported(
        'content-type',
        'must be application/json',
      );
    }
    if (!isUtf8(req)) {
      throw new ContentTypeUnsupported(
        'content-type',
        'must have charset utf-8, or none',
      );
    }
    parse(req, res, (error?: unknown) => {
      next(error === undefined ? undefined : toError(error, limit));
    });
  };
}

function hasBody({ headers }: Request): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  );
}

/** Whether a body is in UTF-8, which JSON is in without a charset. The parser takes others for it, such as utf-7. */
function isUtf8({ headers }: Request): boolean {
  const [, charset] =
    /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '') ?? [];
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}

/** The parser's errors carry a status. Its words are not repeated: they hold parts of the body. */
function toError(error: unknown, limit: string): unknown {
  const { status } = error as { status?: number };
  if (status === 413) return new BodyTooLarge(limit);
  if (status === 415) {
    return new ContentTypeUnsupported(
      'content-encoding',
      'must be gzip or deflate, or absent',
    );
  }
  return status !== undefined && status < 500
    ? new InvalidInput('body', 'must be a JSON object')
    : error;
}
