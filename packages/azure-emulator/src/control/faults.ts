import { AzureError } from '../errors';
import { newGuid } from '../state/ids';
import type { OperationFault, Request } from '../types';

/** An injected fault: which requests it matches, how often, and its effect. */
export interface FaultSpec {
  /** A host name, `*` for any part of it; every host when absent. */
  host?: string;
  method?: string;
  /** The path without query: a glob (`*` stands for anything), or `/…/` for a regular expression. */
  path?: string | RegExp;
  /** A principal's name: admin, reader, rotator, revoker, provisioner. */
  principal?: string;
  /** Number of requests that it hits. Default 1; `0` means until it is removed. */
  times?: number;
  /** Number of matching requests that pass before the first is hit. Default 0. */
  skip?: number;

  /** Answer with this status instead of doing anything. */
  status?: number;
  /** Azure's error code for that status. */
  code?: string;
  message?: string;
  /** Sent as `Retry-After`, as it is: seconds, a date, or garbage. Alone it means status 429. */
  retryAfter?: string;
  /** `before`: the connection is reset and nothing was done. `after`: it was done. */
  reset?: 'before' | 'after';
  /** The request is processed, and no answer is ever sent. */
  lostAnswer?: boolean;
  /** The request is processed, and the body of the answer never ends. */
  endlessBody?: boolean;
  /** Waits this long (real time) before the request is processed. Milliseconds. */
  delayMs?: number;
  /** End of the operation that the request starts. */
  operation?: OperationFault;
}

export interface Fault extends FaultSpec {
  id: string;
  hits: number;
  seen: number;
}

const FIELDS: Record<keyof FaultSpec, (value: unknown) => boolean> = {
  host: isText,
  method: isText,
  path: value => isText(value) || value instanceof RegExp,
  principal: isText,
  times: isCount,
  skip: isCount,
  status: value =>
    isCount(value) && Number(value) >= 100 && Number(value) < 600,
  code: isText,
  message: isText,
  retryAfter: value => typeof value === 'string',
  reset: value => value === 'before' || value === 'after',
  lostAnswer: isFlag,
  endlessBody: isFlag,
  delayMs: isCount,
  operation: value => ['fail', 'cancel', 'hang'].includes(value as string),
};

const EFFECTS: readonly (keyof FaultSpec)[] = [
  'status',
  'retryAfter',
  'reset',
  'lostAnswer',
  'endlessBody',
  'delayMs',
  'operation',
];

function isText(value: unknown) {
  return typeof value === 'string' && value.length > 0;
}
function isCount(value: unknown) {
  return Number.isInteger(value) && (value as number) >= 0;
}
function isFlag(value: unknown) {
  return typeof value === 'boolean';
}

/** Returns the reason why a fault is invalid; undefined when it is valid. */
export function problemWithFault(
  spec: Record<string, unknown>,
): string | undefined {
  for (const [field, value] of Object.entries(spec)) {
    const check = FIELDS[field as keyof FaultSpec];
    if (!check) {
      return `A fault has no field '${field}'. It may have: ${Object.keys(
        FIELDS,
      ).join(', ')}.`;
    }
    if (!check(value)) {
      return `The field '${field}' of a fault cannot be ${JSON.stringify(
        value,
      )}.`;
    }
  }
  if (!EFFECTS.some(effect => spec[effect] !== undefined)) {
    return `A fault needs an effect: one of ${EFFECTS.join(', ')}.`;
  }
  if (typeof spec.path === 'string') {
    try {
      pathPattern(spec.path);
    } catch (error) {
      return `The field 'path' of a fault is no regular expression: ${
        (error as Error).message
      }.`;
    }
  }
  return undefined;
}

function glob(pattern: string): RegExp {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i');
}

function pathPattern(path: string | RegExp): RegExp {
  if (path instanceof RegExp) return path;
  const written = /^\/(.+)\/([a-z]*)$/.exec(path);
  return written && !path.includes('*') && /[\\^$|()[\]+?]/.test(path)
    ? new RegExp(written[1], written[2] || 'i')
    : glob(path);
}

/** The active faults. */
export class Faults {
  private list: Fault[] = [];

  add(spec: FaultSpec): Fault {
    const problem = problemWithFault({ ...spec });
    if (problem) {
      throw new Error(problem);
    }
    const fault = { ...spec, id: newGuid(), hits: 0, seen: 0 };
    this.list.push(fault);
    return fault;
  }

  all(): Fault[] {
    return [...this.list];
  }

  clear() {
    this.list = [];
  }

  /** The first fault that matches this request; counts the hit. */
  take(request: Request, principal: string | undefined): Fault | undefined {
    for (const fault of this.list) {
      if (isSpent(fault) || !meets(fault, request, principal)) continue;
      fault.seen++;
      if (fault.seen > (fault.skip ?? 0)) {
        fault.hits++;
        return fault;
      }
    }
    return undefined;
  }
}

function isSpent({ times = 1, hits }: Fault): boolean {
  return times !== 0 && hits >= times;
}

function meets(
  fault: Fault,
  request: Request,
  principal: string | undefined,
): boolean {
  return (
    (!fault.host || glob(fault.host).test(request.host.replace(/:\d+$/, ''))) &&
    (!fault.method || fault.method.toUpperCase() === request.method) &&
    (!fault.path || pathPattern(fault.path).test(request.path)) &&
    (!fault.principal || fault.principal === principal)
  );
}

const DEFAULT_CODES: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** The answer of a fault that has one. */
export function faultAnswer(fault: Fault): AzureError | undefined {
  const status =
    fault.status ?? (fault.retryAfter === undefined ? undefined : 429);
  if (status === undefined) {
    return undefined;
  }
  return new AzureError(
    status,
    fault.code ?? DEFAULT_CODES[status] ?? 'Fault',
    {
      message: fault.message ?? 'This answer was injected by a fault.',
      headers:
        fault.retryAfter === undefined
          ? {}
          : { 'retry-after': fault.retryAfter },
    },
  );
}
