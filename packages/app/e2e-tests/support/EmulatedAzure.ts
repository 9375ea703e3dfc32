import { readFileSync } from 'node:fs';
import {
  requestThrough,
  type WireAnswer,
  type WireRequest,
} from '../../../azure-emulator/src/http/client';
import type { AzureAddress } from '../../../../scripts/lib/portal.mjs';

/** A line of the emulator's log: what reached Azure, from whom, and what it answered. */
export interface LoggedRequest {
  time: string;
  host: string;
  method: string;
  path: string;
  /** `admin`, `reader`, `rotator`, `revoker`, `provisioner`; absent when the request had no token. */
  principal?: string;
  /** Absent when no answer was sent. */
  status?: number;
}

/** Questions that Azure takes as a POST. */
const QUERY = /\/(checkNameAvailability|Microsoft\.ResourceGraph\/resources)$/i;

/** Suffix of a registry's host. */
const REGISTRY_SUFFIX = { public: 'azurecr.io', usGovernment: 'azurecr.us' };

/** A fault on demand; packages/azure-emulator has all fields. Hits once unless `times` is larger. */
export type Fault = Record<string, string | number | boolean>;

/** The emulated Azure as a test sees it: its log, its faults, and pulls. */
export class EmulatedAzure {
  readonly address: AzureAddress;

  constructor(address: AzureAddress) {
    this.address = address;
  }

  /** Everything that reached Azure since the log was cleared. */
  async requests(): Promise<LoggedRequest[]> {
    return this.#control('GET', '/requests');
  }

  /** Writes since the log was cleared, as `PUT /path`: no reads, tokens or challenges. */
  async writes(): Promise<string[]> {
    return (await this.requests())
      .filter(({ method, path }) => method !== 'GET' && !QUERY.test(path))
      .filter(
        ({ path, status }) =>
          !/\/(token|oauth2\/exchange)$/.test(path) && status !== 401,
      )
      .map(({ method, path }) => `${method} ${path}`);
  }

  async clearRequests(): Promise<void> {
    await this.#control('DELETE', '/requests');
  }

  async addFault(fault: Fault): Promise<void> {
    await this.#control('POST', '/faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#control('DELETE', '/faults');
  }

  /** A request to the registry with a service principal's credentials: 200, or 403 without its key. */
  async pull(registryName: string): Promise<WireAnswer> {
    const { clientId, clientSecret } = this.address.principals.admin;
    const credentials = Buffer.from(`${clientId}:${clientSecret}`);
    const suffix = REGISTRY_SUFFIX[this.address.cloud];
    return this.request(`https://${registryName.toLowerCase()}.${suffix}/v2/`, {
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
    });
  }

  /** Changes properties of a registry, as an administrator of Azure does. */
  async patchRegistry(id: string, properties: object): Promise<void> {
    const { status, text } = await this.request(
      `https://management.azure.com${id}?api-version=2025-11-01`,
      {
        method: 'PATCH',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await this.adminToken(
            'https://management.azure.com',
          )}`,
        },
        body: JSON.stringify({ properties }),
      },
    );
    if (status >= 300) throw new Error(`${status} ${text}`);
  }

  /** Every registry, regardless of permissions. */
  async registries(): Promise<
    { id: string; name: string; tags: Record<string, string> }[]
  > {
    return this.#control('GET', '/registries');
  }

  /** A token for Azure's own people. `audience` is such as `https://vault.azure.net`. */
  async adminToken(audience: string): Promise<string> {
    const { tenantId, principals } = this.address;
    const { clientId, clientSecret } = principals.admin;
    const { text } = await this.request(
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: `${audience}/.default`,
        }).toString(),
      },
    );
    return JSON.parse(text).access_token;
  }

  /** Asks Azure for anything else, through the proxy. */
  async request(url: string, options?: WireRequest): Promise<WireAnswer> {
    const caPem = readFileSync(this.address.caFile, 'utf8');
    return requestThrough({ ready: this.address, caPem }, url, options);
  }

  async #control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, this.address.proxy), {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text);
  }
}
