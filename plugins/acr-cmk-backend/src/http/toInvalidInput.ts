import { InputError } from '@backstage/errors';
import { InvalidInput } from 'backstage-plugin-acr-cmk-common';
import type { ErrorRequestHandler } from 'express';

/**
 * Gives the validator's errors the shape of our own: a field and a problem. The validator writes
 * `request/body/planHash must match pattern …`.
 */
export const toInvalidInput: ErrorRequestHandler = (
  error,
  _req,
  _res,
  next,
) => {
  if (!(error instanceof InputError) || error instanceof InvalidInput) {
    next(error);
    return;
  }
  const [first] = error.message.split(', request/');
  const match =
    /^(?:request\/)?(?:body|query|params|headers)(?:\/(\S*))? (.*)$/.exec(
      first,
    );
  if (!match) {
    // Such as: Unknown query parameter 'force'
    const named = /'([\w.-]{1,100})'/.exec(error.message);
    next(
      new InvalidInput(named?.[1] ?? 'request', error.message.slice(0, 300)),
    );
    return;
  }
  const path = match[1]?.split('/').join('.') ?? '';
  const problem = match[2];
  const property = /property '([^']{1,100})'|parameter '([^']{1,100})'/.exec(
    problem,
  );
  const field = [path, property?.[1] ?? property?.[2]]
    .filter(part => part)
    .join('.');
  next(new InvalidInput(field || 'body', problem.slice(0, 300)));
};
