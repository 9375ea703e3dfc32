/** Teams with registries, keys and identities of their own and shared ones, on the demo's Azure. */
import {
  person,
  registryId,
  resource,
  SUBSCRIPTION,
} from '../../../__testUtils__/demoWorld';

/** People, by their relation to the registries of team-shop that the tables are about. */
export const PEOPLE = {
  owner: 'olivia',
  'other owner': 'daniel',
  'sharing owner': 'tina',
  platform: 'priya',
  nobody: 'vera',
} as const;

const TEAMS: Record<string, string> = {
  olivia: 'team-shop',
  daniel: 'team-payments',
  tina: 'team-tools',
  priya: 'platform-team',
};

/** An entity, its registry, and the team that owns it. `shareddata`, of the same key, is nobody's. */
export const REGISTRIES = {
  'shop-images': { name: 'shopimages', group: 'rg-shop', team: 'team-shop' },
  'shared-base': {
    name: 'sharedbase',
    group: 'rg-platform',
    team: 'team-shop',
  },
  'catalog-images': {
    name: 'catalogimages',
    group: 'rg-shop',
    team: 'team-payments',
  },
  'shared-tools': {
    name: 'sharedtools',
    group: 'rg-platform',
    team: 'team-tools',
  },
  'orders-images': {
    name: 'ordersimages',
    group: 'rg-shop',
    team: 'team-shop',
  },
} as const;
export type EntityName = keyof typeof REGISTRIES;

export const ENTITIES = [
  ...Object.entries(REGISTRIES).map(([entity, { name, group, team }]) =>
    resource(entity, registryId(name, group), team),
  ),
  ...Object.entries(TEAMS).map(([name, team]) => person(name, team)),
  person('vera'),
];

export const idOf = (entity: EntityName) =>
  registryId(REGISTRIES[entity].name, REGISTRIES[entity].group);

const OPEN = 'kv-contoso-rbac';
const CLOSED = 'kv-contoso-closed';
const existing = (vault: string, name: string) => ({
  kind: 'existing' as const,
  keyIdentifier: `https://${vault}.vault.azure.net/keys/${name}`,
});
const made = (vaultName: string) => ({
  kind: 'new-key' as const,
  vaultName,
  keyName: 'brand-new',
});

/** Keys that can be named. The open vault is open to team-shop; keys of others are in it too. */
export const KEYS = {
  "the team's own key": existing(OPEN, 'shopimages'),
  'the shared key': existing(OPEN, 'platform-shared'),
  'a foreign key': existing(OPEN, 'catalogimages'),
  'a key in a closed vault': existing(CLOSED, 'hrimages'),
  'a new key': made(OPEN),
  'a new key in a closed vault': made(CLOSED),
} as const;

/** Identities that can be named; the configuration opens the first one to team-shop. */
export const IDENTITIES = {
  "another identity of the team's": 'id-searchimages',
  'a foreign identity': 'id-catalogimages',
} as const;

export const CONFIG = {
  identities: [
    {
      resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-searchimages`,
      entityRefs: ['group:default/team-shop'],
    },
  ],
  operations: { retire: true, deleteKey: true },
};

export type Policy = (
  permission: string,
  entityRef: string | undefined,
  user: string,
) => boolean;

/** Every team sees all registries and creates its own; owners have these; the platform team has all. */
const ownersHave =
  (ofOwners: RegExp): Policy =>
  (permission, entityRef, user) => {
    const team = TEAMS[user];
    if (team === undefined) return false;
    if (team === 'platform-team') return true;
    if (/^acr-cmk\.(use|registry\.(read|create))$/.test(permission))
      return true;
    const entity = entityRef?.replace('resource:default/', '') as EntityName;
    return ofOwners.test(permission) && REGISTRIES[entity]?.team === team;
  };

export const POLICIES = {
  /** Equals packages/backend's sample policy. */
  sample: ownersHave(/^acr-cmk\.key\.rotate$/),
  generous: ownersHave(/^acr-cmk\.key\./),
};

/** Registries that no write may name that only team-shop's people agreed to. */
export const OTHERS = [
  'catalogimages',
  'sharedtools',
  'shareddata',
  'platform-shared',
  'hrimages',
];
