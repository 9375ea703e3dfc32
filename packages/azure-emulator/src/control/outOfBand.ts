import { newGuid } from '../state/ids';
import { parseTarget } from '../http/request';
import { Parts, perform } from '../server';
import { ACTORS } from '../worlds/principals';
import { apiVersionFor } from '../http/apiVersion';
import { serviceOfHost } from '../http/hosts';

export interface OutOfBandAnswer {
  status: number;
  body: unknown;
}

interface OutOfBandRequest {
  method: string;
  /** In the host names of this cloud. */
  url: string;
  body?: Record<string, unknown>;
}

/** Applies a translation of names to a body. */
function translate<T>(body: T, change: (text: string) => string): T {
  return body === undefined ? body : JSON.parse(change(JSON.stringify(body)));
}

/** Answers a request of a client with all rights, without a connection. */
export async function outOfBand(
  parts: Parts,
  { method, url, body = {} }: OutOfBandRequest,
): Promise<OutOfBandAnswer> {
  const { cloud } = parts;
  const { host, pathname, search } = new URL(cloud.toInternal(url));
  const service = serviceOfHost(host);
  if (!service) {
    throw new Error(`The emulator does not answer for ${host}`);
  }
  const request = {
    ...parseTarget(`${pathname}${search}`),
    id: newGuid(),
    service,
    host,
    method: method.toUpperCase(),
    headers: {},
    body: translate(body, text => cloud.toInternal(text)),
    remoteAddress: '127.0.0.1',
  };
  if (!request.query.has('api-version')) {
    request.query.set('api-version', apiVersionFor(service));
  }
  parts.azure.catchUp();
  const answer = await perform(parts, {
    request,
    signedIn: { principal: ACTORS[0].principal },
    found: parts.router.find(request),
  });
  parts.azure.store.commit();
  return {
    status: answer.status,
    body: translate(answer.body, text => cloud.toExternal(text)),
  };
}
