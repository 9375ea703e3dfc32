import { defaultSettings } from '../registry/registrySettings';
import { saveIdentity } from '../arm/identities';
import {
  asReturnedIdentityId,
  groupId,
  hsmName,
  keyId,
  keyUri,
  resourceId,
  TYPES,
} from '../state/ids';
import {
  GenericResource,
  Group,
  Identity,
  Key,
  KeyVersion,
  Registry,
  Vault,
} from '../state/model';
import { WORLD_LOCATION } from '../state/locations';
import { managementGroupId } from '../arm/managementGroupTree';
import { DAY, DEFAULT_RETENTION_DAYS, FOLLOW_DELAY_MS } from '../assumptions';
import { ACTORS, Actor, KEY_CONSUMER_READER, SCOPE_READER } from './principals';
import type {
  KeyPlan,
  RegistryPlan,
  ResourcePlan,
  VaultPlan,
  VersionPlan,
} from './plans';
import { Random } from './random';
import { BUILT_IN_ROLES, CRYPTO_SERVICE_ENCRYPTION_USER } from './roles';
import type { Azure } from '../types';

export const ENTITY_TAG = 'backstage-entity-ref';

const readerId = () =>
  ACTORS.find(({ name }) => name === 'reader')!.principal.id;

/** The name of the reader's second assignment: a random one would change what later objects of a seed are. */
const CONSUMERS_ASSIGNMENT = 'eeeeeeee-0000-4000-8000-000000000007';

/** The permissions of a registry's identity on its key in a vault with access policies. */
const WRAP_PERMISSIONS = ['get', 'wrapKey', 'unwrapKey'];

/** Builds a world from objects that have existed for some time. */
export class WorldBuilder {
  readonly random: Random;
  readonly start: number;
  private readonly location: string;

  constructor(
    readonly azure: Azure,
    seed: number,
  ) {
    this.random = new Random(seed);
    this.start = azure.now();
    this.location = WORLD_LOCATION[azure.settings.cloud];
  }

  daysAgo(days: number): number {
    return this.start - days * DAY;
  }

  private history(days: number) {
    const at = this.daysAgo(days);
    const by = ACTORS[0].principal.id;
    return { createdAt: at, createdBy: by, modifiedAt: at, modifiedBy: by };
  }

  /** The directory and the roles, which every world has. */
  directory(subscriptionIds: string[]) {
    const { store } = this.azure;
    const scopes = subscriptionIds.map(id => `/subscriptions/${id}`);
    BUILT_IN_ROLES.forEach(role => store.put('roleDefinitions', role));
    for (const { principal, role, condition } of ACTORS) {
      store.put('principals', principal);
      if (!role) continue;
      store.put('roleDefinitions', { ...role, assignableScopes: scopes });
      for (const scope of scopes) {
        this.assign(scope, {
          roleId: role.id,
          principalId: principal.id,
          condition,
        });
      }
    }
    store.put('roleDefinitions', {
      ...KEY_CONSUMER_READER,
      assignableScopes: scopes,
    });
    for (const scope of scopes) {
      this.assign(
        scope,
        { roleId: KEY_CONSUMER_READER.id, principalId: readerId() },
        CONSUMERS_ASSIGNMENT,
      );
    }
  }

  subscription(
    subscriptionId: string,
    displayName: string,
    managementGroup?: string,
  ) {
    this.azure.store.put('subscriptions', {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      displayName,
      ...(managementGroup && { managementGroup }),
    });
  }

  managementGroup(name: string, displayName: string, parent?: string) {
    this.azure.store.put('managementGroups', {
      id: name,
      name,
      displayName,
      ...(parent && { parent }),
    });
  }

  /** The reader may see what is in a management group. To be called last: it takes a random number. */
  readManagementGroup(name: string) {
    const scope = managementGroupId(name);
    this.azure.store.put('roleDefinitions', {
      ...SCOPE_READER,
      assignableScopes: [scope],
    });
    this.assign(scope, {
      roleId: SCOPE_READER.id,
      principalId: readerId(),
    });
  }

  group(
    subscriptionId: string,
    name: string,
    tags: Record<string, string> = {},
  ): Group {
    const group: Group = {
      id: groupId(subscriptionId, name),
      subscriptionId,
      name,
      location: this.location,
      tags,
    };
    this.azure.store.put('groups', group);
    return group;
  }

  vault(group: Group, name: string, plan: VaultPlan): Vault {
    const vault: Vault = {
      id: resourceId(group, TYPES.vault, name),
      subscriptionId: group.subscriptionId,
      group: group.name,
      name,
      location: this.location,
      tags: plan.tags ?? {},
      ...this.history(400),
      tenantId: this.azure.settings.tenantId,
      sku: { family: 'A', name: plan.sku ?? 'standard' },
      accessPolicies: plan.model === 'policies' ? this.actorPolicies() : [],
      enableRbacAuthorization: plan.model === 'rbac',
      softDeleteRetentionInDays: plan.retentionDays ?? DEFAULT_RETENTION_DAYS,
      ...(plan.purgeProtection && { enablePurgeProtection: true as const }),
      ...(plan.networkAcls && { networkAcls: plan.networkAcls }),
      publicNetworkAccess: 'Enabled',
      flags: {},
    };
    this.azure.store.put('vaults', vault);
    return vault;
  }

  managedHsm(group: Group, name: string, tags: Record<string, string>): Vault {
    const { subscriptionId } = group;
    const hsm: Vault = {
      id: resourceId(group, TYPES.hsm, name),
      subscriptionId,
      group: group.name,
      name: hsmName(name),
      location: this.location,
      tags,
      ...this.history(400),
      tenantId: this.azure.settings.tenantId,
      sku: { family: 'B', name: 'Standard_B1' },
      accessPolicies: [],
      softDeleteRetentionInDays: DEFAULT_RETENTION_DAYS,
      enablePurgeProtection: true,
      publicNetworkAccess: 'Enabled',
      flags: {},
      hsm: true,
    };
    this.azure.store.put('vaults', hsm);
    return hsm;
  }

  /** A role assignment of a Managed HSM's own. */
  assignInHsm(
    hsm: Vault,
    { scope, roleId }: { scope: string; roleId: string },
    principalId: string,
  ) {
    const name = this.random.guid();
    this.azure.store.put('hsmAssignments', {
      id: `${hsm.name}/${name}`,
      hsm: hsm.name,
      scope,
      name,
      roleId,
      principalId,
    });
  }

  private actorPolicies() {
    return ACTORS.filter(({ keyPermissions }) => keyPermissions.length).map(
      ({ principal, keyPermissions }: Actor) => ({
        tenantId: this.azure.settings.tenantId,
        objectId: principal.id,
        permissions: { keys: keyPermissions },
      }),
    );
  }

  key(vault: Vault, name: string, { versions, rotationPolicy }: KeyPlan): Key {
    const kty = vault.hsm ? 'RSA-HSM' : 'RSA';
    const made = versions.map(plan => this.version(plan, kty));
    const at = made[0].createdAt;
    const key: Key = {
      id: keyId(vault.name, name),
      vault: vault.name,
      name,
      versions: made,
      ...(rotationPolicy && {
        rotationPolicy: { ...rotationPolicy, createdAt: at, updatedAt: at },
      }),
    };
    this.azure.store.put('keys', key);
    return key;
  }

  private version(
    { ageDays, expiresInDays, enabled }: VersionPlan,
    kty: string,
  ) {
    const at = Math.floor(this.daysAgo(ageDays));
    const version: KeyVersion = {
      version: this.random.hex(32),
      kty,
      keySize: 2048,
      keyOps: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
      enabled: enabled ?? true,
      ...(expiresInDays !== undefined && {
        expiresAt: this.daysAgo(-expiresInDays),
      }),
      createdAt: at,
      updatedAt: at,
    };
    return version;
  }

  identity(
    group: Group,
    name: string,
    tags: Record<string, string> = {},
  ): Identity {
    const identity: Identity = {
      id: resourceId(group, TYPES.identity, name),
      subscriptionId: group.subscriptionId,
      group: group.name,
      name,
      location: this.location,
      tags,
      ...this.history(400),
      principalId: this.random.guid(),
      clientId: this.random.guid(),
    };
    saveIdentity(this.azure, identity);
    return identity;
  }

  /** An access policy entry, in a vault that works by them. */
  allowByPolicy(vault: Vault, principalId: string) {
    const present = this.azure.store.get('vaults', vault.id)!;
    this.azure.store.put('vaults', {
      ...present,
      accessPolicies: [
        ...present.accessPolicies,
        {
          tenantId: vault.tenantId,
          objectId: principalId,
          permissions: { keys: WRAP_PERMISSIONS },
        },
      ],
    });
  }

  /** The encryption user's role at a key, a vault, or above. */
  allowByRole(scope: string, principalId: string) {
    this.assign(scope, {
      roleId: CRYPTO_SERVICE_ENCRYPTION_USER,
      principalId,
    });
  }

  assign(
    scope: string,
    {
      roleId,
      principalId,
      condition,
    }: { roleId: string; principalId: string; condition?: string },
    name: string = this.random.guid(),
  ) {
    const history = this.history(300);
    this.azure.store.put('roleAssignments', {
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      name,
      scope,
      roleId,
      principalId,
      principalType: 'ServicePrincipal',
      ...(condition && { condition, conditionVersion: '2.0' }),
      createdAt: history.createdAt,
      createdBy: history.createdBy,
    });
  }

  /** A resource of a type that the emulator does not know. */
  resource(
    group: Group,
    type: string,
    { identity, tags = {}, ...plan }: ResourcePlan,
  ): GenericResource {
    const resource: GenericResource = {
      ...plan,
      id: resourceId(group, type, plan.name),
      subscriptionId: group.subscriptionId,
      group: group.name,
      type,
      location: this.location,
      tags,
      ...this.history(200),
      ...(identity && {
        identity: {
          type: 'SystemAssigned',
          users: [],
          system: { principalId: identity.principalId },
        },
      }),
    };
    const { store } = this.azure;
    store.put('genericResources', resource);
    if (identity) {
      store.put('principals', {
        id: identity.principalId,
        appId: identity.clientId,
        displayName: plan.name,
        kind: 'managedIdentity',
        resourceId: resource.id,
      });
    }
    return resource;
  }

  registry(plan: RegistryPlan): Registry {
    const { name, group } = plan;
    const id = resourceId(group, TYPES.registry, name);
    const history = this.history(plan.createdDaysAgo ?? 200);
    const system = plan.system ? this.systemIdentity(id, name) : undefined;
    const registry: Registry = {
      id,
      subscriptionId: group.subscriptionId,
      group: group.name,
      name,
      location: this.location,
      tags: plan.tags ?? {},
      ...history,
      sku: plan.sku ?? 'Premium',
      identity: {
        users: (plan.identities ?? []).map(identity =>
          asReturnedIdentityId(identity.id),
        ),
        ...(system && { system }),
      },
      settings: defaultSettings(history.createdAt),
      ...(plan.encryption && { encryption: this.encryption(plan.encryption) }),
      provisioningState: 'Succeeded',
    };
    this.azure.store.put('registries', registry);
    return registry;
  }

  private systemIdentity(registryId: string, displayName: string) {
    const principalId = this.random.guid();
    this.azure.store.put('principals', {
      id: principalId,
      appId: this.random.guid(),
      displayName,
      kind: 'managedIdentity',
      resourceId: registryId,
    });
    return { principalId };
  }

  private encryption(plan: NonNullable<RegistryPlan['encryption']>) {
    const { key, mode, versionIndex } = plan;
    const inUse = key.versions[versionIndex].version;
    const newer = key.versions.slice(versionIndex + 1);
    return {
      keyIdentifier: keyUri(
        key.vault,
        key.name,
        mode === 'manual' ? inUse : undefined,
      ),
      identity: plan.identity?.clientId ?? 'system',
      versionInUse: inUse,
      ...(plan.lastRotatedDaysAgo !== undefined && {
        lastRotatedAt: this.daysAgo(plan.lastRotatedDaysAgo),
      }),
      ...(plan.stalled && { stalled: true as const }),
      ...(plan.identityLostDaysAgo !== undefined && {
        identityLostAt: this.daysAgo(plan.identityLostDaysAgo),
      }),
      ...(mode === 'automatic' &&
        !plan.stalled &&
        newer.length && { nextFollowAt: newer[0].createdAt + FOLLOW_DELAY_MS }),
    };
  }
}
