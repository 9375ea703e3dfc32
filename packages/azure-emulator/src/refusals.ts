import type { RefusalChange } from './assumptions';
import * as errors from './errors';
import { AzureError } from './errors';
import { TEMPLATE_ARGUMENTS } from './refusalTemplates';

/** What the emulator answers, with placeholders such as `{key}` for what depends on the request. */
export interface RefusalWords {
  status: number;
  code: string;
  innerCode?: string;
  message: string;
}

type Factory = (...args: unknown[]) => AzureError;

const { AzureError: _class, unsupported: _own, ...catalogs } = errors;

/** Every refusal that the emulator imitates, by its name in errors.ts, such as `vault.keyNotFound`. */
const FACTORIES = new Map<string, Factory>(
  Object.entries(catalogs).flatMap(([group, factories]) =>
    Object.entries(factories as Record<string, Factory>).map(
      ([name, make]) => [`${group}.${name}`, make] as const,
    ),
  ),
);

/** Not Azure's: the emulator's own answer to what it does not support. */
const NOT_SUPPORTED = 501;

/** The words of every refusal that is imitated, by name. */
export function assumedRefusals(): Record<string, RefusalWords> {
  return Object.fromEntries(
    [...FACTORIES].flatMap(([name, make]) => {
      const { status, code, innerCode, message } = make(
        ...(TEMPLATE_ARGUMENTS[name] ?? []),
      );
      return status === NOT_SUPPORTED
        ? []
        : [
            [
              name,
              { status, code, ...(innerCode && { innerCode }), message },
            ] as const,
          ];
    }),
  );
}

export const isRefusal = (name: string) => FACTORIES.has(name);

const fill = (message: string, values: [string, string][]) =>
  values.reduce((text, [name, value]) => text.replaceAll(name, value), message);

/** The error as the assumptions have it. */
export function asAssumed(
  error: AzureError,
  changes: Record<string, RefusalChange>,
): AzureError {
  const change = error.refusal && changes[error.refusal.name];
  if (!error.refusal || !change) return error;
  const { name, args } = error.refusal;
  const message =
    change.message === undefined
      ? error.message
      : fill(change.message, placeholders(TEMPLATE_ARGUMENTS[name], args));
  return new AzureError(
    change.status ?? error.status,
    change.code ?? error.code,
    {
      message,
      innerCode: change.innerCode ?? error.innerCode,
      details: error.details,
      headers: error.headers,
    },
  );
}

/** What the placeholders of a template stand for in one error. */
function placeholders(template: unknown, actual: unknown): [string, string][] {
  if (typeof template === 'string') {
    return /^\{\w+\}$/.test(template) ? [[template, String(actual)]] : [];
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([name, each]) =>
    placeholders(each, (actual as Record<string, unknown> | undefined)?.[name]),
  );
}
