/** Requests that no SDK client offers, and those without a credential of ours. */
import type { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { currentCall } from './call';
import { BASE_OPTIONS, type ClientOptions } from './pipeline';

/** A request with a credential. */
export interface SignedRequest {
  /** Default: GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  /** Sent as JSON. */
  body?: unknown;
}

/** Sends requests to one host with one credential. A refusal is thrown as the SDKs do. */
export interface Sender {
  /** Sends one request and parses its JSON. */
  send(request: SignedRequest): Promise<{ status: number; body: any }>;
  /** All items of a paged list. */
  list(url: string): Promise<any[]>;
}

/** A sender with the same policies as the SDKs' clients have. */
export function createSender(
  credential: TokenCredential,
  scope: string,
  options: ClientOptions,
): Sender {
  const pipeline = createPipelineFromOptions(options);
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential, scopes: scope }),
  );
  for (const { policy, position } of options.additionalPolicies) {
    pipeline.addPolicy(
      policy,
      position === 'perRetry' ? { afterPhase: 'Sign' } : undefined,
    );
  }
  const http = createDefaultHttpClient();

  async function send({ method = 'GET', url, body }: SignedRequest) {
    const request = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await pipeline.sendRequest(http, request);
    if (response.status < 200 || response.status >= 300) {
      throw new RestError(`Unexpected status ${response.status}`, {
        statusCode: response.status,
        request,
        response,
      });
    }
    return { status: response.status, body: parsed(response) };
  }

  return {
    send,
    async list(firstUrl) {
      const items: any[] = [];
      let url: string | undefined = firstUrl;
      while (url) {
        const { body } = await send({ url });
        if (!Array.isArray(body?.value)) {
          throw new RestError('The answer is not a list');
        }
        items.push(...body.value);
        url = body.nextLink || undefined;
      }
      return items;
    },
  };
}

function parsed(response: PipelineResponse): any {
  if (!response.bodyAsText) return undefined;
  try {
    return JSON.parse(response.bodyAsText);
  } catch {
    throw new RestError('The answer is not JSON', {
      code: RestError.PARSE_ERROR,
      statusCode: response.status,
    });
  }
}

/** A request outside of the clients' pipelines: no redirect, no retry, and no credential but the given one. */
export interface PlainRequest {
  url: string;
  /** Fields of a form that is sent by POST. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Statuses whose body is read. Default: none. */
  readsBodyOf?: readonly number[];
  /** Default: that of the current call. */
  signal?: AbortSignal;
}

/** Maximum length of a body that is read. Characters. Our choice. */
const LONGEST_BODY = 256_000;

/**
 * Sends a plain request, through the proxy of the environment as calls to Azure go. Waits for no body that is not
 * wanted: it may never end.
 */
export async function sendPlain({
  url,
  form,
  headers,
  readsBodyOf = [],
  signal = currentCall()?.signal,
}: PlainRequest): Promise<{ status: number; date?: string; body?: string }> {
  const response = await createPipelineFromOptions(BASE_OPTIONS).sendRequest(
    createDefaultHttpClient(),
    createPipelineRequest({
      url,
      method: form ? 'POST' : 'GET',
      headers: createHttpHeaders({
        ...headers,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      }),
      ...(form && { body: new URLSearchParams(form).toString() }),
      abortSignal: signal,
      streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
    }),
  );
  const stream = response.readableStreamBody as Readable | undefined;
  const body =
    stream && readsBodyOf.includes(response.status)
      ? await textOf(stream)
      : undefined;
  stream?.destroy();
  return {
    status: response.status,
    date: response.headers.get('date'),
    ...(body !== undefined && { body }),
  };
}

/** Text of a stream; its beginning, when it is too long. */
async function textOf(stream: Readable): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const part of stream) {
    text += part;
    if (text.length > LONGEST_BODY) break;
  }
  return text;
}
