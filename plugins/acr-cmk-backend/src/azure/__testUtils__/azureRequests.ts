import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { AZURE_CLOUDS } from 'backstage-plugin-acr-cmk-common';

/** An answer of Azure, a refusal included. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The body; `{}` when it is not JSON. */
  json: any;
}

export interface Sending {
  /** JSON, unless it is a form or bytes. */
  body?: unknown;
  /** Token of a registry. Default: of the credential. */
  token?: string;
  headers?: Record<string, string>;
  /** Default: 3, as in the SDK. */
  maxRetries?: number;
}

/** api-version of ARM, by the first pattern that matches the path. */
const API_VERSIONS: [RegExp, string][] = [
  [/\/Microsoft\.Authorization\//i, '2022-04-01'],
  [/\/Microsoft\.ContainerRegistry\//i, '2025-11-01'],
  [/\/Microsoft\.KeyVault\//i, '2026-02-01'],
  [/\/Microsoft\.ManagedIdentity\//i, '2023-01-31'],
  [/\/Microsoft\.ResourceGraph\//i, '2024-04-01'],
  [/./, '2021-04-01'],
];
const KEYS_API_VERSION = '7.6';

const encoded = (body: unknown) => {
  if (body instanceof Uint8Array) {
    return { type: 'application/octet-stream', bytes: body };
  }
  return body instanceof URLSearchParams
    ? { type: 'application/x-www-form-urlencoded', bytes: body.toString() }
    : { type: 'application/json', bytes: JSON.stringify(body) };
};

function parsed(text: string | null | undefined) {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return {};
  }
}

/** Single requests to Azure's public cloud. The SDK's retries of throttled and failed requests are on. */
export class AzureRequests {
  readonly cloud = AZURE_CLOUDS.public;
  readonly #credential: TokenCredential;
  readonly #client = createDefaultHttpClient();

  constructor(credential: TokenCredential) {
    this.#credential = credential;
  }

  async token(host = this.cloud.armHost): Promise<string> {
    const token = await this.#credential.getToken(`https://${host}/.default`);
    return token?.token ?? '';
  }

  /** Sends a request to ARM: a path without `api-version`, or the URL of an operation. */
  async arm(method: HttpMethods, path: string, body?: unknown) {
    const url = new URL(path, `https://${this.cloud.armHost}`);
    if (!url.searchParams.has('api-version')) {
      const [, version] = API_VERSIONS.find(([pattern]) =>
        pattern.test(url.pathname),
      )!;
      url.searchParams.set('api-version', version);
    }
    return this.send(method, url, { body, token: await this.token() });
  }

  /** Sends a request to a vault. */
  async vault(method: HttpMethods, address: string, body?: unknown) {
    const url = new URL(address);
    url.searchParams.set('api-version', KEYS_API_VERSION);
    const token = await this.token(this.cloud.vaultSuffix);
    return this.send(method, url, { body, token });
  }

  async send(
    method: HttpMethods,
    url: URL,
    { body, token, headers, maxRetries }: Sending = {},
  ): Promise<Answer> {
    const { type, bytes } =
      body === undefined ? { type: '', bytes: undefined } : encoded(body);
    const pipeline = createPipelineFromOptions({
      retryOptions: { maxRetries },
    });
    const response = await pipeline.sendRequest(
      this.#client,
      createPipelineRequest({
        url: url.toString(),
        method,
        headers: createHttpHeaders({
          accept: 'application/json',
          ...(type && { 'content-type': type }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        }),
        ...(bytes && { body: bytes }),
      }),
    );
    return {
      status: response.status,
      headers: response.headers.toJSON(),
      json: parsed(response.bodyAsText),
    };
  }
}

/** Code and message of a refusal, in any of Azure's forms. */
export function refusalOf({ json }: Pick<Answer, 'json'>) {
  const error = Array.isArray(json.errors) ? json.errors[0] : json.error;
  return {
    code: String(error?.code ?? ''),
    innerCode: error?.innererror?.code as string | undefined,
    message: String(error?.message ?? ''),
  };
}

/** Returns an answer of success. Throws on a refusal. */
export async function done(
  what: string,
  asked: Answer | Promise<Answer>,
): Promise<Answer> {
  const answer = await asked;
  if (answer.status < 300) return answer;
  const { code, message } = refusalOf(answer);
  throw new Error(`Could not ${what}: ${answer.status} ${code} ${message}`);
}
