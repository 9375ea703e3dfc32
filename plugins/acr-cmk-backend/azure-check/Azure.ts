import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  proxyPolicy,
} from '@azure/core-rest-pipeline';
import type { AzureCloud } from 'backstage-plugin-acr-cmk-common';
import { keepConnections } from '../src/azure/keepConnections';
import type { Moment } from './measured';
import { fieldsOf, type Recording } from './recordings';
import type { Scrubber } from './Scrubber';
import { Stop } from './Stop';
import type { Time } from './time';

/** What Azure said, and when it was asked. */
export interface Answer extends Moment {
  status: number;
  headers: Record<string, string>;
  /** The body, `{}` when there is none. */
  json: any;
  request: { method: string; url: string; body?: unknown };
}

interface Sending {
  body?: unknown;
  /** Added to the URL, as they are to be decoded. */
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Version of ARM's API; empty: none is sent. Default: by the path. */
  apiVersion?: string;
}

interface Authorised extends Sending {
  /** Of Entra or of a registry. */
  token?: string;
}

/** The version of ARM's API that is asked for, by the first pattern that the path has. */
const VERSIONS: [RegExp, string][] = [
  [
    /\/Microsoft\.Authorization\/(?:roleAssignments|roleDefinitions|permissions)/i,
    '2022-04-01',
  ],
  [/\/Microsoft\.Authorization\/locks/i, '2020-05-01'],
  [/\/Microsoft\.EventGrid\//i, '2022-06-15'],
  [/\/Microsoft\.ContainerRegistry/i, '2025-11-01'],
  [/\/Microsoft\.KeyVault/i, '2026-02-01'],
  [/\/Microsoft\.ManagedIdentity\//i, '2023-01-31'],
  [/\/Microsoft\.ResourceGraph\//i, '2024-04-01'],
  [/^\/subscriptions\/[^/]+$/i, '2022-12-01'],
  [/./, '2021-04-01'],
];

const KEYS_VERSION = '7.6';

/** How often a request is sent that was throttled, or a read that got no answer. */
const MOST_TRIES = 6;
const PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 120;

function parsed(text: string | null | undefined): any {
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const JSON_TYPE = 'application/json';

/** A body as it is sent: JSON, unless it is a form or bytes. */
function encoded(body: unknown): {
  type?: string;
  bytes?: string | Uint8Array;
} {
  if (body === undefined) return {};
  if (body instanceof Uint8Array) return { bytes: body };
  return body instanceof URLSearchParams
    ? { type: 'application/x-www-form-urlencoded', bytes: body.toString() }
    : { type: JSON_TYPE, bytes: JSON.stringify(body) };
}

/** Single requests to Azure, as they are: a refusal is an answer, and nothing is retried but what was throttled. */
export class Azure {
  private readonly pipeline = createEmptyPipeline();
  private readonly client = createDefaultHttpClient();
  private readonly recorded = new Map<string, Recording>();
  private readonly registryTokens = new Map<string, string>();

  readonly scrubber: Scrubber;
  private readonly time: Time;

  constructor(
    private readonly credential: TokenCredential,
    readonly cloud: AzureCloud,
    { time, scrubber }: { time: Time; scrubber: Scrubber },
  ) {
    this.time = time;
    this.scrubber = scrubber;
    const proxy = proxyPolicy();
    this.pipeline.addPolicy(proxy);
    this.pipeline.addPolicy(keepConnections(), { afterPolicies: [proxy.name] });
  }

  /** A token of Entra for ARM. */
  async armToken(): Promise<string> {
    return this.token(`https://${this.cloud.armHost}/.default`);
  }

  /** A request to ARM: a path with its id, or the address of an operation. */
  async arm(
    method: string,
    path: string,
    sending: Sending = {},
  ): Promise<Answer> {
    const url = path.startsWith('https://')
      ? new URL(path)
      : new URL(`https://${this.cloud.armHost}${path}`);
    if (url.host !== this.cloud.armHost) {
      throw new Error(`An operation is at ${url.host}, not at ARM`);
    }
    const { apiVersion } = sending;
    if (apiVersion) url.searchParams.set('api-version', apiVersion);
    if (apiVersion === undefined && !url.searchParams.has('api-version')) {
      const [, version] = VERSIONS.find(([pattern]) =>
        pattern.test(url.pathname),
      )!;
      url.searchParams.set('api-version', version);
    }
    const token = await this.armToken();
    return this.send(method, url, { ...sending, token });
  }

  /** A request to a vault, by the URL of a key or of the vault. */
  async vault(
    method: string,
    address: string,
    { body, query = {} }: Pick<Sending, 'body' | 'query'> = {},
  ): Promise<Answer> {
    const url = new URL(address);
    url.searchParams.set('api-version', KEYS_VERSION);
    const token = await this.token(
      `https://${this.cloud.vaultSuffix}/.default`,
    );
    return this.send(method, url, { body, query, token });
  }

  /** A request without any credential. */
  anonymous(
    method: string,
    address: string,
    sending: Sending = {},
  ): Promise<Answer> {
    return this.send(method, new URL(address), sending);
  }

  /**
   * A request to a registry's data, signed in as docker does it: the token of Entra is exchanged for one of the
   * registry. The first answer that is not 2xx is the answer.
   */
  async registry(
    method: string,
    { host, path }: { host: string; path: string },
    { scope, ...sending }: Sending & { scope: string },
  ): Promise<Answer> {
    const key = `${host} ${scope}`;
    const known = this.registryTokens.get(key);
    const url = new URL(`https://${host}${path}`);
    if (known) {
      const answer = await this.send(method, url, { ...sending, token: known });
      if (answer.status !== 401) return answer;
      this.registryTokens.delete(key);
    }
    const signedIn = await this.registryToken(host, scope);
    if (typeof signedIn !== 'string') return signedIn;
    this.registryTokens.set(key, signedIn);
    return this.send(method, url, { ...sending, token: signedIn });
  }

  private async registryToken(
    host: string,
    scope: string,
  ): Promise<string | Answer> {
    const form = (path: string, fields: Record<string, string>) =>
      this.send('POST', new URL(`https://${host}${path}`), {
        body: new URLSearchParams({ service: host, ...fields }),
      });
    const exchanged = await form('/oauth2/exchange', {
      grant_type: 'access_token',
      access_token: await this.armToken(),
    });
    if (exchanged.status !== 200) return exchanged;
    const issued = await form('/oauth2/token', {
      grant_type: 'refresh_token',
      refresh_token: exchanged.json.refresh_token,
      scope,
    });
    return issued.status === 200 ? String(issued.json.access_token) : issued;
  }

  /** Keeps an exchange for the report, without what would show whose it was. */
  record(operation: string, answer: Answer): Answer {
    const { request, status, headers, json } = answer;
    this.recorded.set(operation, {
      operation,
      request: this.scrubber.json(request),
      status,
      headers: Object.keys(headers).sort(),
      fields: fieldsOf(this.scrubber.json(json)).filter(Boolean).sort(),
      body: this.scrubber.json(json),
    });
    return answer;
  }

  /** What was recorded since it was asked for the last time. */
  takeRecordings(): Recording[] {
    const all = [...this.recorded.values()];
    this.recorded.clear();
    return all;
  }

  private async token(scope: string): Promise<string> {
    try {
      const token = await this.credential.getToken(scope);
      if (token) return token.token;
    } catch (error) {
      throw new Stop(
        `Could not sign in to Azure: ${
          (error as Error).message.split('\n')[0]
        }`,
      );
    }
    throw new Stop('Could not sign in to Azure: there is no credential.');
  }

  private async send(
    method: string,
    url: URL,
    sending: Authorised,
  ): Promise<Answer> {
    for (let left = MOST_TRIES; ; left--) {
      const answer = await this.sendOnce(method, url, sending).catch(
        (error: unknown) => {
          // A write may have been done although its answer was lost: whoever sent it looks.
          if (method !== 'GET' || left <= 1) throw error;
          return undefined;
        },
      );
      const isThrottled = answer?.status === 429 || answer?.status === 503;
      if (answer && (!isThrottled || left <= 1)) return answer;
      const asked = Number(answer?.headers['retry-after']);
      const pause = asked > 0 ? asked : PAUSE_SECONDS;
      await this.time.pause(Math.min(pause, LONGEST_PAUSE_SECONDS) * 1000);
    }
  }

  private async sendOnce(
    method: string,
    url: URL,
    { body, query = {}, headers = {}, token }: Authorised,
  ): Promise<Answer> {
    for (const [name, value] of Object.entries(query)) {
      url.searchParams.set(name, value);
    }
    const { type, bytes } = encoded(body);
    const request = createPipelineRequest({
      url: url.toString(),
      method: method as HttpMethods,
      headers: createHttpHeaders({
        accept: JSON_TYPE,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(type && { 'content-type': type }),
        ...headers,
      }),
      ...(bytes !== undefined && { body: bytes }),
    });
    const sentAt = this.time.now();
    const response = await this.pipeline.sendRequest(this.client, request);
    return {
      sentAt,
      answeredAt: this.time.now(),
      status: response.status,
      headers: response.headers.toJSON(),
      json: parsed(response.bodyAsText),
      request: {
        method,
        url: url.toString(),
        ...(type === JSON_TYPE && { body }),
      },
    };
  }
}

/** The code of a refusal, and its words, in any of Azure's forms. */
export function refusalOf({ json }: Pick<Answer, 'json'>): {
  code: string;
  innerCode?: string;
  message: string;
} {
  const error = Array.isArray(json.errors) ? json.errors[0] : json.error;
  if (typeof error === 'string') {
    // What follows names the exchange, not the reason.
    const message = String(json.error_description ?? '');
    return { code: error, message: message.replace(/\s+Trace ID: [^]*$/, '') };
  }
  const inner = error?.innererror?.code;
  return {
    code: String(error?.code ?? ''),
    ...(inner && { innerCode: String(inner) }),
    message: String(error?.message ?? ''),
  };
}

/** Throws unless the answer is one of success. */
export function expectSuccess(what: string, answer: Answer): Answer {
  if (answer.status < 300) return answer;
  const { code, message } = refusalOf(answer);
  throw new Error(`Could not ${what}: ${answer.status} ${code}: ${message}`);
}
