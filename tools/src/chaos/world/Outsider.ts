import { requestThrough } from 'azure-emulator';
import { signIn } from 'azure-emulator/src/__testUtils__/emulated';
import { SUBSCRIPTION } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';
import type { Azure } from './Azure';

const ARM = 'https://management.azure.com';
const VAULT = 'https://vault.azure.net';
const REGISTRIES_VERSION = '2025-11-01';
const KEYS_VERSION = '2023-07-01';
const ROLES_VERSION = '2022-04-01';
const VAULT_VERSION = '7.5';

/** An administrator who works in Azure directly, and sees what is there. */
export class Outsider {
  readonly #azure: Azure;
  /** Tokens by resource. */
  readonly #tokens = new Map<string, string>();

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

  /** Sets the expiry of each version of a key to so many days after it was made. */
  async expireVersions(keyName: string, days: number): Promise<void> {
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-rbac/keys/${keyName}`;
    const versions = await this.#list(
      `${ARM}${id}/versions?api-version=${KEYS_VERSION}`,
    );
    for (const { name, properties } of versions) {
      await this.#ask(
        'PATCH',
        `https://kv-contoso-rbac.vault.azure.net/keys/${keyName}/${name}?api-version=${VAULT_VERSION}`,
        {
          attributes: { exp: properties.attributes.created + days * 86_400 },
        },
      );
    }
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
    const resource = url.startsWith(ARM) ? ARM : VAULT;
    const token =
      this.#tokens.get(resource) ??
      (await signIn(this.#azure, 'admin', resource)).access_token;
    this.#tokens.set(resource, token);
    const { status, text } = await requestThrough(this.#azure, url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
