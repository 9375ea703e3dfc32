import { requestThrough } from 'azure-emulator';
import { SUBSCRIPTION } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';
import type { Azure } from './Azure';

const ARM = 'https://management.azure.com';
const REGISTRIES_VERSION = '2025-11-01';
const KEYS_VERSION = '2023-07-01';
const ROLES_VERSION = '2022-04-01';

/** An administrator who works in Azure directly, and sees what is there. */
export class Outsider {
  readonly #azure: Azure;
  #token: string | undefined;

  constructor(azure: Azure) {
    this.#azure = azure;
  }

  /** Registries of the subscription, as ARM shows them. */
  registries(): Promise<any[]> {
    return this.#list(
      `${ARM}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/registries?api-version=${REGISTRIES_VERSION}`,
    );
  }

  /** Versions of a key, as ARM shows them. Undefined when there is no such key. */
  async versions(
    vault: string,
    keyName: string,
  ): Promise<Map<string, boolean> | undefined> {
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/${vault}/keys/${keyName}`;
    const versions = await this.#list(
      `${ARM}${id}/versions?api-version=${KEYS_VERSION}`,
    ).catch(() => undefined);
    return (
      versions &&
      new Map(
        versions.map(({ name, properties }) => [
          name,
          properties.attributes.enabled,
        ]),
      )
    );
  }

  /** Role assignments that were made for a principal. */
  assignments(principalId: string): Promise<{ id: string }[]> {
    const filter = encodeURIComponent(`principalId eq '${principalId}'`);
    return this.#list(
      `${ARM}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments?api-version=${ROLES_VERSION}&$filter=${filter}`,
    );
  }

  async deleteAssignment(id: string): Promise<void> {
    await this.#ask('DELETE', `${ARM}${id}?api-version=${ROLES_VERSION}`);
  }

  async grant({ url, body }: { url: string; body: object }): Promise<void> {
    await this.#ask('PUT', `${url}?api-version=${ROLES_VERSION}`, body);
  }

  async #list(first: string): Promise<any[]> {
    const found: any[] = [];
    for (let url: string | undefined = first; url;) {
      const page: any = await this.#ask('GET', url);
      found.push(...page.value);
      url = page.nextLink;
    }
    return found;
  }

  async #ask(method: string, url: string, body?: object): Promise<any> {
    this.#token ??= await this.#signIn();
    const { status, text } = await requestThrough(this.#azure, url, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async #signIn(): Promise<string> {
    const { tenantId, principals } = this.#azure.ready;
    const { clientId, clientSecret } = principals.admin;
    const { text } = await requestThrough(
      this.#azure,
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: `${ARM}/.default`,
        }).toString(),
      },
    );
    return JSON.parse(text).access_token;
  }
}
