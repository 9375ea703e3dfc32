import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AssumptionSettings } from './control/assumptionSettings';
import type { Cloud } from './http/cloud';
import { authorise } from './access/authorise';
import { arm, AzureError, unsupported, vault } from './errors';
import { Fault, faultAnswer, Faults } from './control/faults';
import { parseRequest } from './http/request';
import type { Principal } from './state/model';
import { checkRegistryFirewall } from './registry/registryFirewall';
import type { RegistryCaller, RegistrySignIn } from './registry/registrySignIn';
import { LoggedRequest, RequestLog } from './http/requestLog';
import { respond } from './http/respond';
import { Found, nameOfRoute, Router } from './http/router';
import { Throttle } from './http/throttle';
import { Tokens } from './entra/tokens';
import type { Answer, Azure, Call, Request, Service } from './types';
import { readBody } from './http/body';
import { isForHsm } from './http/hosts';
import { checkApiVersion } from './http/apiVersion';

export interface Parts {
  azure: Azure;
  cloud: Cloud;
  router: Router;
  tokens: Tokens;
  registrySignIn: RegistrySignIn;
  throttle: Throttle;
  faults: Faults;
  requestLog: RequestLog;
  assumptions: AssumptionSettings;
  /** `admin`, `reader`, …: the name of a principal in the log and in faults. */
  nameOf(principal: Principal): string;
  /** Writes a line for the person at the terminal. */
  log(line: string): void;
}

/** Requests that the emulator does not support are also logged: see `unsupported` in errors.ts. */
const NOT_SUPPORTED = 501;

/** Token requests are forms. */
const sendsForms = (service: Service) =>
  service === 'login' || service === 'registry';

/** The caller of requests without a token: signing in and anonymous pulls. */
export const ANONYMOUS: Principal = {
  id: '',
  appId: '',
  displayName: 'anonymous',
  kind: 'application',
};

/**
 * Handles a request that came through the proxy, from parsing to the response. Every stage either passes
 * the request on or throws the error that becomes its answer.
 */
export async function serve(
  parts: Parts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { azure, cloud, throttle, faults, requestLog } = parts;
  let fault: Fault | undefined;
  let answer: Answer;
  const headers: Record<string, string> = {};

  // Host: selects the Azure service.
  const request = parseRequest(incoming, cloud);
  const entry = requestLog.add({
    time: new Date(azure.clock.now()).toISOString(),
    host: cloud.toExternal(request.host).replace(/:\d+$/, ''),
    method: request.method,
    path: request.path,
    query: request.rawQuery,
    client: request.headers['user-agent'],
    correlationId: request.id,
  });
  try {
    request.body = await readBody(
      incoming,
      sendsForms(request.service) ? 'form' : 'json',
      text => cloud.toInternal(text),
    );

    // Apply all scheduled changes that are due before the request sees the state.
    azure.catchUp();

    // Authenticate by token, or answer with the challenge.
    const found = parts.router.find(request);
    entry.route = found && nameOfRoute(found.route);
    const signedIn = identify(parts, request, found);
    const caller = signedIn.principal;
    entry.principal = caller.id ? parts.nameOf(caller) : undefined;

    // Throttle.
    const verdict = throttle.check(request, caller.id);
    Object.assign(headers, verdict.headers);
    if (verdict.refusal) throw verdict.refusal;

    // Inject a fault if one matches.
    fault = faults.take({ ...request, host: entry.host }, entry.principal);
    entry.fault = fault?.id;
    if (fault?.delayMs) await pause(fault.delayMs);
    if (fault?.reset === 'before') {
      incoming.socket.destroy();
      return;
    }
    const refusal = fault && faultAnswer(fault);
    if (refusal) throw refusal;

    // Route, authorise, answer.
    answer = await perform(parts, { request, signedIn, found, fault });
  } catch (error) {
    answer = refusalAnswer(parts, request, error);
  }

  // Persist the write before the answer is sent.
  azure.store.commit();
  if (fault?.reset === 'after') {
    incoming.socket.destroy();
    return;
  }
  if (fault?.lostAnswer) {
    return;
  }
  note(entry, answer);
  respond({ azure, cloud, request, response }, answer, {
    headers,
    endless: fault?.endlessBody,
  });
}

/** Route, authorise, answer: the part of `serve` that out-of-band requests share. */
export async function perform(
  parts: Parts,
  {
    request,
    signedIn,
    found,
    fault,
  }: {
    request: Request;
    signedIn: RegistryCaller;
    found: Found | undefined;
    fault?: Fault;
  },
): Promise<Answer> {
  const { principal, access } = signedIn;
  if (!found) {
    throw unsupported.route(request.method, request.path);
  }
  const call: Call = {
    azure: parts.azure,
    request,
    params: found.params,
    caller: principal,
    ...(access && { registryAccess: access }),
    operationFault: fault?.operation,
  };
  checkApiVersion(request);
  authorise(call, found.route);
  return found.route.answer(call);
}

function identify(
  { azure, tokens, registrySignIn }: Parts,
  request: Request,
  found: Found | undefined,
): RegistryCaller {
  if (request.service === 'registry') {
    checkRegistryFirewall(azure, request);
    const signedIn =
      found?.route.needs.kind === 'registry'
        ? registrySignIn.identify(request)
        : undefined;
    return signedIn ?? { principal: ANONYMOUS };
  }
  const { tenantId } = azure.settings;
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) {
    if (request.service === 'login' || found?.route.needs.kind === 'nothing') {
      return { principal: ANONYMOUS };
    }
    throw request.service === 'vault'
      ? vault.challenge(tenantId, isForHsm(request))
      : arm.noToken(tenantId);
  }
  const claims = tokens.check(token, request.service, isForHsm(request));
  if (typeof claims === 'string') {
    throw request.service === 'vault'
      ? vault.badToken(tenantId, isForHsm(request), claims)
      : arm.badToken(tenantId, claims);
  }
  const principal = azure.store.get('principals', claims.oid);
  if (!principal) {
    throw arm.badToken(tenantId, 'The principal of the token was deleted.');
  }
  return { principal };
}

function refusalAnswer(parts: Parts, request: Request, error: unknown): Answer {
  if (error instanceof AzureError) {
    return refused(parts, request, error);
  }
  parts.log(`${request.method} ${request.path}: ${(error as Error).stack}`);
  return {
    status: 500,
    body: {
      error: { code: 'InternalServerError', message: 'The emulator failed.' },
    },
  };
}

function refused(parts: Parts, request: Request, error: AzureError): Answer {
  if (error.status === NOT_SUPPORTED) parts.log(error.message);
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
    body: error.body(shape, {
      correlationId: request.id,
      at: parts.azure.clock.now(),
    }),
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
