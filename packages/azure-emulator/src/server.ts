import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Azure } from './azure';
import { authorise } from './authorise';
import { arm, AzureError, unknown, vault } from './errors';
import { Fault, faultAnswer, Faults } from './faults';
import { Answer, Call, readBody, Request } from './http';
import { fileOf, parseRequest } from './request';
import type { Principal } from './model';
import { LoggedRequest, RequestLog } from './requestLog';
import { respond } from './respond';
import { Found, nameOfRoute, Router } from './router';
import { Throttle } from './throttle';
import { Tokens } from './tokens';

export interface Parts {
  azure: Azure;
  router: Router;
  tokens: Tokens;
  throttle: Throttle;
  faults: Faults;
  log: RequestLog;
  /** `admin`, `reader`, …: the name of a principal in the log and in faults. */
  nameOf(principal: Principal): string;
  say(line: string): void;
}

/** What the emulator does not know it says on its terminal as well: `errors.ts`. */
const NOT_KNOWN = 501;

/** Nobody in particular: signing in and anonymous pulls. */
export const NOBODY: Principal = {
  id: '',
  appId: '',
  displayName: 'nobody',
  kind: 'application',
};

/**
 * The life of a request that came through the proxy, from first byte to last. Every stage either lets
 * it on or throws the refusal that is its answer.
 */
export async function serve(
  parts: Parts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { azure, throttle, faults, log } = parts;
  let fault: Fault | undefined;
  let answer: Answer;
  const headers: Record<string, string> = {};

  // Host: which of Azure's services is meant.
  const request = parseRequest(incoming);
  const entry = log.add({
    time: new Date(azure.clock.now()).toISOString(),
    host: request.host.replace(/:\d+$/, ''),
    method: request.method,
    path: request.path,
    query: request.rawQuery,
    client: request.headers['user-agent'],
    correlationId: request.id,
  });
  try {
    request.body = await readBody(
      incoming,
      request.service === 'login' ? 'form' : 'json',
    );

    // Whatever was due has happened before anybody looks.
    azure.catchUp();

    // Token, or the challenge to bring one.
    const found = parts.router.find(request);
    entry.route = found && nameOfRoute(found.route);
    const caller = identify(parts, request, found);
    entry.principal = caller === NOBODY ? undefined : parts.nameOf(caller);

    // Throttle.
    const verdict = throttle.check(request, caller.id);
    Object.assign(headers, verdict.headers);
    if (verdict.refusal) throw verdict.refusal;

    // Fault: trouble that was asked for.
    fault = faults.take(request, entry.principal);
    entry.fault = fault?.id;
    if (fault?.delayMs) await pause(fault.delayMs);
    if (fault?.reset === 'before') {
      incoming.socket.destroy();
      return;
    }
    const refusal = fault && faultAnswer(fault);
    if (refusal) throw refusal;

    // Route, authorise, answer.
    answer = await perform(parts, request, caller, found, fault);
  } catch (error) {
    answer = refusalAnswer(parts, request, error);
  }

  // The write is on disk before its answer leaves.
  azure.store.commit();
  if (fault?.reset === 'after') {
    incoming.socket.destroy();
    return;
  }
  if (fault?.lostAnswer) {
    return;
  }
  note(entry, answer);
  respond(azure, request, response, answer, {
    headers,
    endless: fault?.endlessBody,
  });
}

/** Route, authorise, answer: what is left of a request's life when it does not come over the wire. */
export async function perform(
  parts: Parts,
  request: Request,
  caller: Principal,
  found: Found | undefined,
  fault?: Fault,
): Promise<Answer> {
  if (!found) {
    throw unknown.route(request.method, request.path, fileOf(request));
  }
  const call: Call = {
    azure: parts.azure,
    request,
    params: found.params,
    caller,
    operationFault: fault?.operation,
  };
  checkApiVersion(request);
  authorise(call, found.route);
  return found.route.answer(call);
}

function identify(
  { azure, tokens }: Parts,
  request: Request,
  found: Found | undefined,
): Principal {
  const { tenantId } = azure.settings;
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) {
    if (request.service === 'login' || found?.route.needs.kind === 'nothing') {
      return NOBODY;
    }
    throw request.service === 'vault'
      ? vault.challenge(tenantId)
      : arm.noToken(tenantId);
  }
  const claims = tokens.check(token, request.service);
  if (typeof claims === 'string') {
    throw request.service === 'vault'
      ? vault.badToken(tenantId, claims)
      : arm.badToken(tenantId, claims);
  }
  const principal = azure.store.get('principals', claims.oid);
  if (!principal) {
    throw arm.badToken(tenantId, 'The principal of the token was deleted.');
  }
  return principal;
}

/** Any version will do, as long as it looks like one: clients differ, the answers do not. */
function checkApiVersion({ service, query }: Request) {
  if (service !== 'arm' && service !== 'vault') {
    return;
  }
  const version = query.get('api-version');
  if (!version) {
    throw arm.missingApiVersion();
  }
  if (!/^(\d{4}-\d{2}-\d{2}|\d+\.\d+)(-preview(\.\d+)?)?$/i.test(version)) {
    throw arm.invalidApiVersion(version);
  }
}

function refusalAnswer(parts: Parts, request: Request, error: unknown): Answer {
  if (error instanceof AzureError) {
    if (error.status === NOT_KNOWN) parts.say(error.message);
    const shape = (
      {
        login: 'entra',
        arm: 'arm',
        vault: 'vault',
        graph: 'arm',
        registry: 'registry',
      } as const
    )[request.service];
    return {
      status: error.status,
      headers: error.headers,
      body: error.body(shape),
    };
  }
  parts.say(`${request.method} ${request.path}: ${(error as Error).stack}`);
  return {
    status: 500,
    body: {
      error: { code: 'InternalServerError', message: 'The emulator failed.' },
    },
  };
}

function note(entry: LoggedRequest, answer: Answer) {
  entry.status = answer.status;
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
  });
}
