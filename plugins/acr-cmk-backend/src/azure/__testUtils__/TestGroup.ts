import crypto from 'node:crypto';
import type { HttpMethods } from '@azure/core-rest-pipeline';
import { CRYPTO_SERVICE_ENCRYPTION_USER } from 'backstage-plugin-acr-cmk-common';
import {
  type Answer,
  type AzureRequests,
  done,
  refusalOf,
} from './azureRequests';

/** Tag of what is made here, and begin of the group's name. */
const TAG = 'acr-cmk-test';
const CRYPTO_OFFICER = '14b46e9e-c2b7-41b4-b07b-48a6ebf60603';
const WRAP = ['get', 'wrapKey', 'unwrapKey'];
const RETENTION_DAYS = 7;
/** Longer than Azure takes for a registry or for the deletion of a group. */
const TRIES = 360;
const PAUSE_MS = 5000;

export type Model = 'roles' | 'policies';

export interface TestGroupDeps {
  azure: AzureRequests;
  subscriptionId: string;
  location: string;
  /** Value of the tag, and end of the group's name, such as `wire-keys`. */
  purpose: string;
  sleep(ms: number): Promise<unknown>;
}

export interface Identity {
  id: string;
  principalId: string;
  clientId: string;
}

/** A resource group of a real subscription, and what tests need in it. */
export class TestGroup {
  readonly #deps: TestGroupDeps;
  /** Part of names that have to be unique in Azure; those of an earlier run may be taken. */
  readonly suffix = crypto.randomBytes(4).toString('hex');

  constructor(deps: TestGroupDeps) {
    this.#deps = deps;
  }

  get name() {
    return `${TAG}-${this.#deps.purpose}`;
  }

  get id() {
    return `/subscriptions/${this.#deps.subscriptionId}/resourceGroups/${this.name}`;
  }

  resource(type: string, name: string) {
    return `${this.id}/providers/${type}/${name}`;
  }

  /** Makes a group or a resource, and waits until Azure has finished. */
  async put(what: string, id: string, body: object = {}): Promise<Answer> {
    const { azure, location, purpose } = this.#deps;
    await done(
      `make ${what}`,
      azure.arm('PUT', id, { location, tags: { [TAG]: purpose }, ...body }),
    );
    return this.#ready(what, id);
  }

  async #ready(what: string, id: string): Promise<Answer> {
    let last: Answer | undefined;
    await this.until(`${what} is ready`, async () => {
      last = await this.#deps.azure.arm('GET', id);
      const state = last.json.properties?.provisioningState ?? 'Succeeded';
      if (state === 'Failed') throw new Error(`Could not make ${what}: Failed`);
      return last.status === 200 && state === 'Succeeded';
    });
    return last!;
  }

  /** Name of the vault that grants access by roles, or by access policies. */
  vaultName(model: Model) {
    return `kv-${model}-${this.suffix}`;
  }

  vaultId(model: Model) {
    return this.resource('Microsoft.KeyVault/vaults', this.vaultName(model));
  }

  vaultUrl(model: Model) {
    return `https://${this.vaultName(model)}.${this.#deps.azure.cloud.vaultSuffix}`;
  }

  /** Makes a vault whose keys the signed-in account may use. */
  async makeVault(model: Model): Promise<void> {
    const { azure } = this.#deps;
    const { tid } = claimsOf(await azure.token());
    await this.put('a vault', this.vaultId(model), {
      properties: {
        tenantId: tid,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: model === 'roles',
        softDeleteRetentionInDays: RETENTION_DAYS,
        accessPolicies: [],
      },
    });
    await this.setOwnAccess(model, true);
    await this.until(
      'the vault lets the signed-in account in',
      async () =>
        (await azure.vault('GET', `${this.vaultUrl(model)}/keys`)).status ===
        200,
    );
  }

  /** Gives the signed-in account every right to the keys of a vault, or takes that from it. */
  async setOwnAccess(model: Model, isAllowed: boolean): Promise<Answer> {
    const { oid } = claimsOf(await this.#deps.azure.token());
    if (model === 'policies') {
      return this.#changePolicy(isAllowed ? 'add' : 'remove', oid, ['all']);
    }
    return this.#assignment(isAllowed ? 'PUT' : 'DELETE', this.vaultId(model), {
      principalId: oid,
      role: CRYPTO_OFFICER,
    });
  }

  /** Makes a key, or another version of it; returns the id of the version. */
  async makeKey(model: Model, name: string): Promise<string> {
    const { json } = await done(
      'make a key',
      this.#deps.azure.vault(
        'POST',
        `${this.vaultUrl(model)}/keys/${name}/create`,
        { kty: 'RSA', key_size: 2048 },
      ),
    );
    return json.key.kid;
  }

  async makeIdentity(name: string): Promise<Identity> {
    const { json } = await this.put(
      'an identity',
      this.resource('Microsoft.ManagedIdentity/userAssignedIdentities', name),
    );
    return { id: json.id, ...json.properties };
  }

  /** Lets an identity use a key, or takes that from it. */
  async setAccess(
    model: Model,
    { key, principalId }: { key: string; principalId: string },
    isAllowed: boolean,
  ): Promise<Answer> {
    if (model === 'policies') {
      return this.#changePolicy(
        isAllowed ? 'add' : 'remove',
        principalId,
        WRAP,
      );
    }
    return this.#assignment(
      isAllowed ? 'PUT' : 'DELETE',
      `${this.vaultId(model)}/keys/${key}`,
      { principalId, role: CRYPTO_SERVICE_ENCRYPTION_USER },
    );
  }

  /** The name of an assignment follows from its content, so that it is found again. */
  async #assignment(
    method: HttpMethods,
    scope: string,
    { principalId, role }: { principalId: string; role: string },
  ): Promise<Answer> {
    const digest = crypto
      .createHash('sha256')
      .update(`${scope} ${principalId} ${role}`.toLowerCase())
      .digest('hex');
    const name = digest.replace(
      /^(.{8})(.{4})(.{4})(.{4})(.{12}).*/,
      '$1-$2-$3-$4-$5',
    );
    return done(
      `${method} a role assignment`,
      this.#deps.azure.arm(
        method,
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        method === 'PUT'
          ? {
              properties: {
                principalId,
                roleDefinitionId: `/subscriptions/${this.#deps.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
              },
            }
          : undefined,
      ),
    );
  }

  async #changePolicy(
    how: 'add' | 'remove',
    objectId: string,
    keys: string[],
  ): Promise<Answer> {
    const { azure } = this.#deps;
    const { tid: tenantId } = claimsOf(await azure.token());
    return done(
      `${how} an access policy`,
      azure.arm('PUT', `${this.vaultId('policies')}/accessPolicies/${how}`, {
        properties: {
          accessPolicies: [{ tenantId, objectId, permissions: { keys } }],
        },
      }),
    );
  }

  registryName(name: string) {
    return `${name}${this.suffix}`;
  }

  registryId(name: string) {
    return this.resource(
      'Microsoft.ContainerRegistry/registries',
      this.registryName(name),
    );
  }

  /** Makes a Premium registry with a key that its identity may use. */
  async makeRegistry(
    name: string,
    {
      identity,
      keyIdentifier,
      model,
    }: { identity: Identity; keyIdentifier: string; model: Model },
  ): Promise<void> {
    const { azure } = this.#deps;
    const id = this.registryId(name);
    await this.until('the registry may use its key', async () => {
      const answer = await azure.arm('PUT', id, {
        location: this.#deps.location,
        sku: { name: 'Premium' },
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [identity.id]: {} },
        },
        properties: {
          encryption: {
            status: 'enabled',
            keyVaultProperties: { keyIdentifier, identity: identity.clientId },
          },
        },
      });
      if (answer.status < 300) return true;
      const { message } = refusalOf(answer);
      if (/purge.?protection/i.test(message)) {
        // Some subscriptions demand it. Azure removes such a vault after seven days.
        await azure.arm('PATCH', this.vaultId(model), {
          properties: { enablePurgeProtection: true },
        });
      } else if (!/access|permission/i.test(message)) {
        await done('make a registry', answer);
      }
      return false;
    });
    await this.#ready('a registry', id);
  }

  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let left = TRIES; left > 0; left--) {
      if (await isSo()) return;
      await this.#deps.sleep(PAUSE_MS);
    }
    throw new Error(`Waited in vain until ${what}`);
  }

  /**
   * Removes the group of this run, or of an earlier one that was killed. Its vaults stay among the deleted
   * ones for seven days, and cost nothing.
   */
  async remove(): Promise<void> {
    const { azure, purpose } = this.#deps;
    const { status, json } = await azure.arm('GET', this.id);
    if (status === 404) return;
    if (json.tags?.[TAG] !== purpose) {
      throw new Error(
        `${this.id} has no tag ${TAG}=${purpose}: it is not ours`,
      );
    }
    await azure.arm('DELETE', this.id);
    await this.until(
      'the group is deleted',
      async () => (await azure.arm('GET', this.id)).status === 404,
    );
  }
}

/** The claims of an access token. */
function claimsOf(token: string): { oid: string; tid: string } {
  return JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}',
  );
}
