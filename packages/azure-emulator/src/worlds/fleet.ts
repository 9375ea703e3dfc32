import { inMinutes, MINUTES_PER_DAY } from '../state/durations';
import { Group, Identity, Key, Vault } from '../state/model';
import { ENTITY_TAG, WorldBuilder } from './builder';
import type { RegistryPlan, VersionPlan } from './plans';
import { DAY, FOLLOW_DELAY_MS } from '../assumptions';
import { DEMO_SUBSCRIPTION } from './demo';

export const MAX_FLEET = 10_000;

/** Names the group that owns a registry of the fleet beside the demo. */
const OWNER_TAG = 'owner';

/** The distribution of a fleet: an assumption about a company with many teams. */
const REGISTRIES_PER_SUBSCRIPTION = 1000;
const REGISTRIES_PER_GROUP = 20;
const REGISTRIES_PER_VAULT = 15;
const REGISTRIES_PER_SHARED_KEY = 5;

/** The management groups below `contoso`, between which the subscriptions alternate. */
const STAGES = {
  'contoso-production': 'Production',
  'contoso-development': 'Development',
};

/** One registry in so many has this. */
const SHARE = {
  withoutKey: 0.1,
  sharedKey: 0.3,
  manual: 0.35,
  systemIdentity: 0.05,
  rbacVault: 0.6,
  closedVault: 0.03,
  tagged: 0.85,
  revoked: 0.02,
  detached: 0.02,
  /** Share of manual registries; most are pointed at a new version by its maker. */
  leftBehind: 0.1,
  /** Share of automatic registries; Azure follows within the hour, unless it cannot reach the key. */
  behind: 0.03,
  converging: 0.02,
  expires: 0.3,
  rotationPolicy: 0.4,
};

const WORDS = [
  'amber',
  'basalt',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'harbor',
  'iris',
  'juniper',
  'krill',
  'lagoon',
  'maple',
  'nimbus',
  'onyx',
  'pine',
  'quartz',
  'reef',
  'sable',
  'tundra',
  'umber',
  'vale',
  'willow',
  'zephyr',
];

/** The subscriptions to which registries are added, one after the other. */
interface FleetPlan {
  subscriptions: readonly { id: string; registries: number }[];
  /** The owner's entity ref, for each resource group. Default: registries name none. */
  ownerOf?(group: number): string;
}

interface KeyHome {
  vault: Vault;
  key: Key;
  identity?: Identity;
}

/** `count` registries in a realistic mix, the same for the same seed. */
export function buildFleet(world: WorldBuilder, count: number) {
  world.managementGroup('contoso', 'Contoso');
  for (const [name, displayName] of Object.entries(STAGES)) {
    world.managementGroup(name, displayName, 'contoso');
  }
  const subscriptions = subscriptionIds(world, count);
  world.directory(subscriptions);
  addFleet(world, {
    subscriptions: subscriptions.map((id, index) => ({
      id,
      registries: Math.min(
        REGISTRIES_PER_SUBSCRIPTION,
        count - index * REGISTRIES_PER_SUBSCRIPTION,
      ),
    })),
  });
  world.readManagementGroup('contoso');
}

/** Adds the registries of a plan, with their groups, vaults, keys and identities. */
export function addFleet(world: WorldBuilder, plan: FleetPlan) {
  let index = 0;
  let groups = 0;
  for (const { id, registries } of plan.subscriptions) {
    let group: Group | undefined;
    let vault: Vault | undefined;
    let shared: KeyHome | undefined;
    let tags: Record<string, string> = {};
    for (const end = index + registries; index < end; index++) {
      if (!group || index % REGISTRIES_PER_GROUP === 0) {
        group = world.group(id, `rg-${number(index)}`);
        tags = plan.ownerOf ? { [OWNER_TAG]: plan.ownerOf(groups) } : {};
        groups++;
      }
      if (!vault || index % REGISTRIES_PER_VAULT === 0) {
        vault = addVault(world, group, index);
        shared = undefined;
      }
      const name = `${world.random.pick(WORDS)}${number(index)}`;
      const of = { world, group, name, tags };
      if (world.random.chance(SHARE.sharedKey)) {
        if (!shared || index % REGISTRIES_PER_SHARED_KEY === 0) {
          shared = addKey(world, { group, vault }, `shared-${number(index)}`);
        }
        addRegistry(of, shared);
      } else if (world.random.chance(SHARE.withoutKey)) {
        addRegistry(of, undefined);
      } else {
        addRegistry(of, addKey(world, { group, vault }, name));
      }
    }
  }
}

function number(index: number): string {
  return String(index).padStart(5, '0');
}

function subscriptionIds(world: WorldBuilder, count: number): string[] {
  const many = Math.ceil(count / REGISTRIES_PER_SUBSCRIPTION);
  return Array.from({ length: many }, (_none, index) => {
    const id = index === 0 ? DEMO_SUBSCRIPTION : world.random.guid();
    const stages = Object.keys(STAGES);
    world.subscription(
      id,
      `Contoso ${index + 1}`,
      stages[index % stages.length],
    );
    return id;
  });
}

function addVault(world: WorldBuilder, group: Group, index: number): Vault {
  const { random } = world;
  return world.vault(group, `kv-fleet-${number(index)}`, {
    model: random.chance(SHARE.rbacVault) ? 'rbac' : 'policies',
    purgeProtection: random.chance(0.8),
    ...(random.chance(SHARE.closedVault) && {
      networkAcls: {
        bypass: 'None',
        defaultAction: 'Deny',
        ipRules: [],
        virtualNetworkRules: [],
      },
    }),
  });
}

/** A key with one to four versions, some of which expire. */
function addKey(
  world: WorldBuilder,
  { group, vault }: { group: Group; vault: Vault },
  name: string,
): KeyHome {
  const { random } = world;
  const newestAge = random.chance(SHARE.converging)
    ? random.below(inMinutes(FOLLOW_DELAY_MS)) / MINUTES_PER_DAY
    : 1 + random.below(85);
  const many = 1 + random.below(4);
  const versions: VersionPlan[] = Array.from(
    { length: many },
    (_none, back) => ({
      ageDays: newestAge + 90 * (many - 1 - back),
      ...(random.chance(SHARE.expires) && {
        expiresInDays: random.below(400) - 10,
      }),
    }),
  );
  const key = world.key(vault, name, {
    versions,
    rotationPolicy: random.chance(SHARE.rotationPolicy)
      ? {
          lifetimeActions: [
            {
              trigger: { timeAfterCreate: 'P90D' },
              action: { type: 'Rotate' },
            },
          ],
          attributes: {},
        }
      : undefined,
  });
  if (random.chance(SHARE.systemIdentity)) {
    return { vault, key };
  }
  const identity = world.identity(group, `id-${name}`);
  if (!random.chance(SHARE.revoked)) {
    allow(world, { vault, key }, identity.principalId);
  }
  return { vault, key, identity };
}

function allow(
  world: WorldBuilder,
  { vault, key }: KeyHome,
  principal: string,
) {
  if (vault.enableRbacAuthorization) {
    world.allowByRole(`${vault.id}/keys/${key.name}`, principal);
  } else {
    world.allowByPolicy(vault, principal);
  }
}

function addRegistry(
  plan: {
    world: WorldBuilder;
    group: Group;
    name: string;
    tags: Record<string, string>;
  },
  home: KeyHome | undefined,
) {
  const { world, group, name } = plan;
  const { random } = world;
  const tags: Record<string, string> = random.chance(SHARE.tagged)
    ? { ...plan.tags, [ENTITY_TAG]: `resource:default/${name}` }
    : plan.tags;
  if (!home) {
    world.registry({
      name,
      group,
      tags,
      sku: random.pick(['Standard', 'Premium']),
    });
    return;
  }
  const { key, identity } = home;
  const detached = identity !== undefined && random.chance(SHARE.detached);
  const registry = world.registry({
    name,
    group,
    tags,
    createdDaysAgo: 100 + random.below(900),
    identities: identity && !detached ? [identity] : [],
    system: !identity,
    encryption: {
      ...versionPlan(world, key),
      key,
      identity,
      ...(detached && { identityLostDaysAgo: random.below(120) }),
    },
  });
  if (!identity) {
    allow(world, home, registry.identity.system!.principalId);
  }
}

type EncryptionPlan = NonNullable<RegistryPlan['encryption']>;

function versionPlan(
  world: WorldBuilder,
  key: Key,
): Pick<
  EncryptionPlan,
  'mode' | 'versionIndex' | 'stalled' | 'lastRotatedDaysAgo'
> {
  const { random } = world;
  const newest = key.versions.length - 1;
  const ageDays = (world.start - key.versions[newest].createdAt) / DAY;
  if (random.chance(SHARE.manual)) {
    const back = random.chance(SHARE.leftBehind) ? 1 : 0;
    return { mode: 'manual', versionIndex: Math.max(0, newest - back) };
  }
  const young = ageDays < FOLLOW_DELAY_MS / DAY;
  const stalled = !young && newest > 0 && random.chance(SHARE.behind);
  const behind = newest > 0 && (young || stalled);
  return {
    mode: 'automatic',
    versionIndex: behind ? newest - 1 : newest,
    ...(stalled && { stalled: true as const }),
    ...(!behind && newest > 0 && { lastRotatedDaysAgo: ageDays }),
  };
}
