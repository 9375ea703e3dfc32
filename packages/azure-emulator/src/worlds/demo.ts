import { WorldBuilder, ENTITY_TAG } from './builder';
import { addKeyConsumers } from './demoConsumers';
import type { RegistryPlan, VersionPlan } from './plans';
import { MINUTES_PER_DAY } from '../state/durations';
import { Group, Key, Vault } from '../state/model';

export const DEMO_SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

const entity = (name: string) => ({ [ENTITY_TAG]: `resource:default/${name}` });

/** Teams that may use a vault's keys, or create registries in a resource group. */
const openTo = (...teams: string[]) => ({
  [ENTITY_TAG]: teams.map(team => `group:default/${team}`).join(','),
});

const fresh: VersionPlan[] = [{ ageDays: 110 }, { ageDays: 20 }];

/** A registry with an identity and a key of its own, each named after it. */
interface OwnKeyPlan {
  name: string;
  group: Group;
  vault: Vault;
  entity?: string;
  mode: 'automatic' | 'manual';
  versions: VersionPlan[];
  /** The version in use; the newest when absent. */
  versionIndex?: number;
  /** The scope of the identity's role, in an RBAC vault. */
  roleAt?: 'key' | 'vault';
  /** The identity has no access to the key. */
  noAccess?: boolean;
  rotation?: Parameters<WorldBuilder['key']>[2]['rotationPolicy'];
  extra?: Partial<NonNullable<RegistryPlan['encryption']>>;
  detached?: boolean;
}

class OwnKeys {
  constructor(readonly world: WorldBuilder) {}

  add(plan: OwnKeyPlan) {
    const { world } = this;
    const { name, group, vault, versions } = plan;
    const key = world.key(vault, name, {
      versions,
      rotationPolicy: plan.rotation,
    });
    const identity = world.identity(
      group,
      `id-${name}`,
      plan.entity ? entity(plan.entity) : {},
    );
    if (!plan.noAccess) {
      this.allow({ vault, key }, identity.principalId, plan.roleAt);
    }
    const versionIndex = plan.versionIndex ?? versions.length - 1;
    world.registry({
      name,
      group,
      tags: plan.entity ? entity(plan.entity) : {},
      identities: plan.detached ? [] : [identity],
      encryption: {
        key,
        mode: plan.mode,
        versionIndex,
        identity,
        ...(versionIndex > 0 && {
          lastRotatedDaysAgo: versions[versionIndex].ageDays,
        }),
        ...plan.extra,
      },
    });
  }

  allow(
    { vault, key }: { vault: Vault; key: Key },
    principalId: string,
    roleAt: 'key' | 'vault' = 'key',
  ) {
    if (vault.enableRbacAuthorization) {
      this.world.allowByRole(
        roleAt === 'vault' ? vault.id : `${vault.id}/keys/${key.name}`,
        principalId,
      );
    } else {
      this.world.allowByPolicy(vault, principalId);
    }
  }
}

function shopRegistries(
  own: OwnKeys,
  group: Group,
  { rbac, policy, legacy }: { rbac: Vault; policy: Vault; legacy: Vault },
) {
  const { world } = own;
  own.add({
    name: 'shopimages',
    entity: 'shop-images',
    group,
    vault: rbac,
    mode: 'automatic',
    versions: fresh,
  });
  own.add({
    name: 'ordersimages',
    entity: 'orders-images',
    group,
    vault: policy,
    mode: 'manual',
    versions: fresh,
  });
  own.add({
    name: 'paymentsimages',
    entity: 'payments-images',
    group,
    vault: policy,
    mode: 'automatic',
    versions: [{ ageDays: 90 }, { ageDays: 20 / MINUTES_PER_DAY }],
    versionIndex: 0,
  });
  own.add({
    name: 'searchimages',
    entity: 'search-images',
    group,
    vault: rbac,
    roleAt: 'vault',
    mode: 'automatic',
    versions: [{ ageDays: 100 }, { ageDays: 3 }],
    versionIndex: 0,
    extra: { stalled: true },
  });
  own.add({
    name: 'checkoutimages',
    entity: 'checkout-images',
    group,
    vault: policy,
    mode: 'manual',
    versions: [{ ageDays: 120 }, { ageDays: 30 }],
    versionIndex: 0,
    rotation: {
      lifetimeActions: [
        { trigger: { timeAfterCreate: 'P90D' }, action: { type: 'Rotate' } },
      ],
      attributes: {},
    },
  });
  own.add({
    name: 'catalogimages',
    entity: 'catalog-images',
    group,
    vault: rbac,
    mode: 'automatic',
    versions: [{ ageDays: 200 }, { ageDays: 78, expiresInDays: 12 }],
  });
  own.add({
    name: 'legacyimages',
    entity: 'legacy-images',
    group,
    vault: legacy,
    mode: 'manual',
    versions: [{ ageDays: 370, expiresInDays: -5 }],
  });
  own.add({
    name: 'reportsimages',
    entity: 'reports-images',
    group,
    vault: policy,
    mode: 'manual',
    versions: fresh,
    detached: true,
    extra: { identityLostDaysAgo: 2 },
  });
  own.add({
    name: 'revokedimages',
    entity: 'revoked-images',
    group,
    vault: policy,
    mode: 'automatic',
    versions: fresh,
    noAccess: true,
  });
  own.add({
    name: 'unboundimages',
    group,
    vault: rbac,
    mode: 'automatic',
    versions: fresh,
  });
  const key = world.key(rbac, 'billingimages', { versions: fresh });
  const billing = world.registry({
    name: 'billingimages',
    group,
    tags: entity('billing-images'),
    system: true,
    encryption: {
      key,
      mode: 'automatic',
      versionIndex: 1,
      lastRotatedDaysAgo: 20,
    },
  });
  own.allow({ vault: rbac, key }, billing.identity.system!.principalId);
  addKeyConsumers(world, {
    group,
    key,
    tags: { [ENTITY_TAG]: 'component:default/billing' },
  });
  world.registry({ name: 'plainimages', group, tags: entity('plain-images') });
}

function platformRegistries(
  own: OwnKeys,
  group: Group,
  { rbac, closed }: { rbac: Vault; closed: Vault },
) {
  const { world } = own;
  const key = world.key(rbac, 'platform-shared', { versions: fresh });
  const identity = world.identity(
    group,
    'id-platform-shared',
    openTo('platform-team'),
  );
  own.allow({ vault: rbac, key }, identity.principalId);
  const shared = (
    name: string,
    {
      mode,
      versionIndex,
      tags = {},
    }: {
      mode: 'automatic' | 'manual';
      versionIndex: number;
      tags?: Record<string, string>;
    },
  ) =>
    world.registry({
      name,
      group,
      tags,
      identities: [identity],
      encryption: {
        key,
        mode,
        versionIndex,
        identity,
        ...(versionIndex > 0 && { lastRotatedDaysAgo: 20 }),
      },
    });
  shared('sharedbase', {
    mode: 'automatic',
    versionIndex: 1,
    tags: entity('shared-base'),
  });
  shared('sharedtools', {
    mode: 'automatic',
    versionIndex: 1,
    tags: entity('shared-tools'),
  });
  shared('shareddata', { mode: 'manual', versionIndex: 0 });
  own.add({
    name: 'hrimages',
    entity: 'hr-images',
    group,
    vault: closed,
    mode: 'automatic',
    versions: fresh,
  });
}

/**
 * Contoso: about twenty registries, one for each state that a registry with a customer-managed key can
 * be in. Names, tags and states are relied upon by demos and tests of others: add, do not rename.
 *
 * @param readable - more subscriptions in which the principals have their roles
 */
export function buildDemo(
  world: WorldBuilder,
  readable: readonly string[] = [],
) {
  world.managementGroup('contoso', 'Contoso');
  world.managementGroup('contoso-platform', 'Contoso Platform', 'contoso');
  world.subscription(DEMO_SUBSCRIPTION, 'Contoso Demo', 'contoso-platform');
  world.directory([DEMO_SUBSCRIPTION, ...readable]);
  const group = (name: string, ...teams: string[]) =>
    world.group(
      DEMO_SUBSCRIPTION,
      name,
      teams.length > 0 ? openTo(...teams) : {},
    );
  const shop = group('rg-shop', 'team-shop');
  const platform = group('rg-platform', 'platform-team');
  const keys = group('rg-keys');
  group('rg-new');

  const rbac = world.vault(keys, 'kv-contoso-rbac', {
    model: 'rbac',
    sku: 'premium',
    purgeProtection: true,
    tags: openTo('team-shop', 'platform-team'),
  });
  const policy = world.vault(keys, 'kv-contoso-policy', {
    model: 'policies',
    purgeProtection: true,
    tags: openTo('team-shop', 'team-payments'),
  });
  const closed = world.vault(keys, 'kv-contoso-closed', {
    model: 'rbac',
    tags: openTo('platform-team'),
    purgeProtection: true,
    networkAcls: {
      bypass: 'None',
      defaultAction: 'Deny',
      ipRules: [],
      virtualNetworkRules: [],
    },
  });
  const legacy = world.vault(keys, 'kv-contoso-legacy', {
    model: 'policies',
    purgeProtection: false,
    retentionDays: 7,
  });

  const own = new OwnKeys(world);
  shopRegistries(own, shop, { rbac, policy, legacy });
  platformRegistries(own, platform, { rbac, closed });
  world.readManagementGroup('contoso');
}
