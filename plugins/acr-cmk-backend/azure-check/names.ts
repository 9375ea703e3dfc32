import type { AzureCloud } from 'backstage-plugin-acr-cmk-common';
import type { RevokeKind } from 'azure-emulator';

/** The tag on everything that the check makes; its value is the check's run. */
export const TAG = 'acr-cmk-check';
/** The tag that says when the group may be deleted by anybody. */
export const EXPIRES = 'expires';

/** What a registry of the check is for: one kind of revoke, or following versions. */
export type Purpose = RevokeKind | 'follow';

/** Which permission model the vault of a registry's key has. */
export const VAULT_OF: Record<Purpose, 'roles' | 'policies'> = {
  roleRemoved: 'roles',
  follow: 'roles',
  accessPolicyRemoved: 'policies',
  versionDisabled: 'policies',
  keyDisabled: 'policies',
  keyDeleted: 'policies',
};

export const PURPOSES = Object.keys(VAULT_OF) as Purpose[];

/** Every name that the check gives, from its run: the same again after it was killed. */
export class Names {
  readonly runId: string;
  readonly subscription: string;
  readonly location: string;
  readonly group: string;
  private readonly expiresAt: string;

  constructor(
    run: {
      runId: string;
      subscription: string;
      location: string;
      expiresAt: string;
    },
    readonly cloud: AzureCloud,
  ) {
    this.runId = run.runId;
    this.subscription = run.subscription;
    this.location = run.location;
    this.expiresAt = run.expiresAt;
    this.group = `acr-cmk-check-${run.runId}`;
  }

  get tags(): Record<string, string> {
    return { [TAG]: this.runId, [EXPIRES]: this.expiresAt };
  }

  get subscriptionPath() {
    return `/subscriptions/${this.subscription}`;
  }

  get groupId() {
    return `${this.subscriptionPath}/resourceGroups/${this.group}`;
  }

  vault(model: 'roles' | 'policies') {
    return `kvcheck${this.runId}${model[0]}`;
  }

  vaultId(model: 'roles' | 'policies') {
    return this.resource('Microsoft.KeyVault/vaults', this.vault(model));
  }

  identity(purpose: Purpose) {
    return `id-${purpose.toLowerCase()}`;
  }

  identityId(purpose: Purpose) {
    return this.resource(
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      this.identity(purpose),
    );
  }

  key(purpose: Purpose) {
    return `key-${purpose.toLowerCase()}`;
  }

  keyUri(purpose: Purpose) {
    const vault = this.vault(VAULT_OF[purpose]);
    return `https://${vault}.${this.cloud.vaultSuffix}/keys/${this.key(
      purpose,
    )}`;
  }

  registry(purpose: Purpose) {
    return `acrcheck${this.runId}${purpose.toLowerCase()}`;
  }

  registryId(purpose: Purpose) {
    return this.resource(
      'Microsoft.ContainerRegistry/registries',
      this.registry(purpose),
    );
  }

  loginServer(purpose: Purpose) {
    return `${this.registry(purpose)}.${this.cloud.registrySuffix}`;
  }

  /** A name that nothing has, for what is to be refused. */
  get nobody() {
    return `nosuch${this.runId}`;
  }

  resource(type: string, name: string) {
    return `${this.groupId}/providers/${type}/${name}`;
  }
}
