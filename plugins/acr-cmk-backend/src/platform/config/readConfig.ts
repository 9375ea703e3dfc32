import type { KeyObject } from 'node:crypto';
import type { Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import {
  acrCmkPermissions,
  AZURE_CLOUD_NAMES,
  AZURE_CLOUDS,
  type AzureCloudName,
  type Intent,
  otherCloud,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';
import type { CredentialsConfig } from '../../azure/credentials/credentials';
import { campaignSettings, type CampaignsConfig } from './campaigns';
import { credential } from './credentials';
import { InvalidConfiguration } from './InvalidConfiguration';
import { problemsIn } from './problems';
import type {
  IdentityOwners,
  KeyOwners,
  ResourceGroupOwners,
  Scope,
} from './scope';
import { settingsOf } from './settingsOf';
import {
  DAY_MS,
  duration,
  ed25519Key,
  entityRef,
  entityRefs,
  filled,
  flag,
  guid,
  HOUR_MS,
  identityId,
  keyOfAnyVersion,
  MINUTE_MS,
  registryId,
  resourceGroupId,
  scope,
  vaultName,
} from './values';

/** `acrCmk` of app-config, checked. */
export interface AcrCmkConfig {
  /** Subscriptions and resource groups. Those below management groups are added as they become known. */
  scopes: Scope[];
  /** Names of management groups whose subscriptions are in scope. */
  managementGroups: string[];
  /** Lower case. Without it, every vault of the scopes' subscriptions. */
  vaults?: ReadonlySet<string>;
  /** Lower-cased registry id to lower-cased entity refs. */
  bindings: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys and vaults that are open to entities without a tag that says so. */
  keys: readonly KeyOwners[];
  /** Identities that are open to entities without a tag that says so. */
  identities: IdentityOwners;
  /** Resource groups in which entities may create registries without a tag that says so. */
  resourceGroups: ResourceGroupOwners;
  /** Cloud of Azure that everything is in. */
  cloud: AzureCloudName;
  /** A job without an entry is off. */
  credentials: CredentialsConfig;
  /** Intents that a second person has to approve. */
  approvals: ReadonlySet<Intent['kind']>;
  /** Holders of permissions, as far as they are named. */
  approvers: Approvers;
  /** Policy for changes of keys that registries of others use: ask their owners, or refuse. */
  sharedKeys: 'ask' | 'refuse';
  /** Delay before an operation that takes something away begins. */
  waitingSeconds: number;
  /** Operations that are off by default. */
  allows: { retire: boolean; deleteKey: boolean };
  /** Whether the annotation of an entity suffices to read a registry: `acrCmk.readUnlinked`. */
  readUnlinked: boolean;
  /** Time for which ended operations are kept, with their plans and steps. Absent: for ever. */
  retentionMs?: number;
  /** Whether accept-revoke-plan is among the actions for programs. */
  actionsRevoke: boolean;
  campaigns: CampaignsConfig;
  sync: {
    /** Interval of the sync. */
    everyMs: number;
  };
  /** Without it, there is no route for Azure's events. */
  events?: EventsConfig;
  /** Without it, nobody is notified. */
  notifications?: NotificationsConfig;
  audit: {
    /** Without it, no checkpoints are written. */
    checkpoints?: { signingKey: KeyObject };
  };
  /** Problems of optional blocks, in sentences: those are out of service, and the rest serves. */
  wrongBlocks: readonly string[];
}

/** `acrCmk.approvers`, by the name of the permission. */
export type Approvers = ReadonlyMap<
  string,
  {
    /** Lower-cased refs of groups and users. */
    groups: readonly string[];
    /** Whether owners hold it on their entities. */
    owners: boolean;
  }
>;

/** `acrCmk.notifications`, checked. */
export interface NotificationsConfig {
  /** Recipients of what concerns registries without an owner: lower-cased entity refs. */
  platform: readonly string[];
}

/** Claims that the token of a delivery must have. */
export interface EventsConfig {
  tenantId: string;
  /** Application id, or its URI, that the subscription asks tokens for. */
  audience: string;
  /** Object id of the principal that delivers. */
  principalId: string;
}

const PERMISSIONS = acrCmkPermissions.map(({ name }) => name);

const approval = () => z.enum(['none', 'required']).default('none');

/** Settings of `acrCmk`. What config.d.ts says of a setting has to be true here. */
const schema = z.strictObject({
  scopes: z.array(scope()).default([]),
  vaults: z.array(vaultName()).optional(),
  bindings: z
    .array(z.strictObject({ registryId: registryId(), entityRef: entityRef() }))
    .default([]),
  keys: z
    .array(
      z
        .strictObject({
          keyIdentifier: keyOfAnyVersion().optional(),
          vault: vaultName().optional(),
          entityRefs: entityRefs(),
        })
        .refine(
          ({ keyIdentifier, vault }) =>
            (keyIdentifier === undefined) !== (vault === undefined),
          'must have either keyIdentifier or vault',
        ),
    )
    .default([]),
  identities: z
    .array(
      z.strictObject({ resourceId: identityId(), entityRefs: entityRefs() }),
    )
    .default([]),
  resourceGroups: z
    .array(
      z.strictObject({
        resourceGroupId: resourceGroupId(),
        entityRefs: entityRefs(),
      }),
    )
    .default([]),
  azure: z
    .strictObject({
      cloud: z.enum(AZURE_CLOUD_NAMES).default('public'),
      credentials: z
        .strictObject({
          read: credential().optional(),
          rotate: credential().optional(),
          revoke: credential().optional(),
          provision: credential().optional(),
        })
        .optional(),
    })
    .prefault({}),
  approvals: z
    .strictObject({
      rotate: approval(),
      automaticRotation: approval(),
      revoke: approval(),
      restore: approval(),
      retire: approval(),
      createRegistry: approval(),
      sharedKeys: z.enum(['ask', 'refuse']).default('ask'),
    })
    .prefault({}),
  readUnlinked: flag().default(true),
  approvers: z
    .array(
      z
        .strictObject({
          permissions: z.array(z.enum(PERMISSIONS)).min(1),
          groups: z.array(entityRef()).default([]),
          owners: flag().default(false),
        })
        .refine(
          ({ groups, owners }) => groups.length > 0 || owners,
          'must have groups, or owners: true',
        ),
    )
    .default([]),
  waitingPeriod: duration({ leastMs: 0, mostMs: 7 * DAY_MS }).default(0),
  actions: z.strictObject({ revoke: flag().default(false) }).prefault({}),
  operations: z
    .strictObject({
      retire: flag().default(false),
      deleteKey: flag().default(false),
      retention: duration({
        leastMs: 30 * DAY_MS,
        mostMs: 3650 * DAY_MS,
      }).optional(),
    })
    .prefault({}),
  campaigns: campaignSettings(),
  sync: z
    .strictObject({
      interval: duration({ leastMs: MINUTE_MS, mostMs: HOUR_MS }).default(
        5 * MINUTE_MS,
      ),
    })
    .prefault({}),
  events: z
    .strictObject({
      tenantId: guid(),
      audience: filled(),
      principalId: guid(),
    })
    .optional(),
  audit: z
    .strictObject({
      checkpoints: z.strictObject({ signingKey: ed25519Key() }).optional(),
    })
    .prefault({}),
  notifications: z
    .strictObject({
      enabled: flag().default(false),
      platform: z.array(entityRef()).default([]),
    })
    .prefault({}),
});

type Settings = z.output<typeof schema>;

/** Every setting, such as `acrCmk.bindings[].registryId`. */
export const settings: readonly string[] = [
  ...new Set(settingsOf(schema, 'acrCmk')),
];

/** Intents by their key below `acrCmk.approvals`. */
export const APPROVED_INTENTS = {
  rotate: 'rotate',
  automaticRotation: 'automatic-rotation',
  revoke: 'revoke',
  restore: 'restore',
  retire: 'retire',
  createRegistry: 'create-registry',
} as const satisfies Partial<
  Record<keyof Settings['approvals'], Intent['kind']>
>;

/** The setting that requires a second person, as people write it. */
export function approvalSetting(kind: Intent['kind']): string {
  const [key] =
    Object.entries(APPROVED_INTENTS).find(([, of]) => of === kind) ?? [];
  return `acrCmk.approvals.${key}`;
}

/** Optional blocks of `acrCmk`, with what is out of service while one is wrong. */
const OPTIONAL_BLOCKS: Readonly<Record<string, string>> = {
  events: 'Events of Azure are refused',
  notifications: 'Nobody is notified',
  // The default would open every hour.
  campaigns: 'No member of a campaign starts',
};

/** Keeps members from starting while the windows and freezes of the portal are not known. */
const CLOSED =
  'Waits, because acrCmk.campaigns is wrong; the log of the backend names the setting';

/**
 * Reads `acrCmk`. An optional block that is wrong is left out, and named in `wrongBlocks`.
 *
 * @throws InvalidConfiguration that names each key that is not a setting, with the nearest one that is, and each
 * value that is wrong, with what it may be
 */
export function readConfig(root: Config): AcrCmkConfig {
  const input = root.getOptional<JsonObject>('acrCmk') ?? {};
  const whole = schema.safeParse(input);
  if (whole.success) return checked(whole.data);
  const wrong = Object.keys(OPTIONAL_BLOCKS).filter(block =>
    whole.error.issues.some(({ path }) => path[0] === block),
  );
  const result =
    wrong.length === 0
      ? whole
      : schema.safeParse(
          Object.fromEntries(
            Object.entries(input).filter(([block]) => !wrong.includes(block)),
          ),
        );
  const problems = problemsIn(whole.error, input, settings);
  if (!result.success) {
    throw new InvalidConfiguration(
      problems.length === 1
        ? problems[0]
        : `${problems.length} settings are wrong:\n${problems
            .map(problem => `- ${problem}`)
            .join('\n')}`,
    );
  }
  const config = checked(result.data);
  return {
    ...config,
    ...(wrong.includes('campaigns') && {
      campaigns: { ...config.campaigns, closed: CLOSED },
    }),
    wrongBlocks: wrong.map(block => {
      const own = problems.filter(each => each.includes(`acrCmk.${block}`));
      return `${OPTIONAL_BLOCKS[block]}, because acrCmk.${block} is wrong: ${own.join('; ')}`;
    }),
  };
}

function checked(settingsRead: Settings): AcrCmkConfig {
  checkClouds(settingsRead);
  return toConfig(settingsRead);
}

/** Refuses keys of another cloud, which no entity here can use. */
function checkClouds({ azure, keys }: Settings) {
  keys.forEach(({ keyIdentifier }, index) => {
    if (keyIdentifier && keyIdentifier.cloud.name !== azure.cloud) {
      throw new InvalidConfiguration(
        `acrCmk.keys[${index}].keyIdentifier: ${
          keyIdentifier.vaultHost
        } ${otherCloud(keyIdentifier.cloud, AZURE_CLOUDS[azure.cloud])}`,
      );
    }
  });
}

function toConfig(read: Settings): AcrCmkConfig {
  const { approvals, notifications, operations } = read;
  return {
    scopes: read.scopes.flatMap(each =>
      'managementGroup' in each ? [] : [each],
    ),
    managementGroups: read.scopes.flatMap(each =>
      'managementGroup' in each ? [each.managementGroup] : [],
    ),
    vaults: read.vaults && new Set(read.vaults),
    bindings: gather(
      read.bindings.map(each => [each.registryId.key, [each.entityRef]]),
    ),
    keys: read.keys.map(({ keyIdentifier, vault, ...each }) => ({
      vaultName: vault ?? keyIdentifier!.vaultName,
      ...(keyIdentifier && { keyName: keyIdentifier.keyName.toLowerCase() }),
      entityRefs: each.entityRefs,
    })),
    identities: gather(
      read.identities.map(each => [each.resourceId, each.entityRefs]),
    ),
    resourceGroups: gather(
      read.resourceGroups.map(each => [each.resourceGroupId, each.entityRefs]),
    ),
    cloud: read.azure.cloud,
    credentials: read.azure.credentials ?? { read: { kind: 'default-chain' } },
    approvals: new Set(
      Object.entries(APPROVED_INTENTS)
        .filter(([key]) => approvals[key as 'rotate'] === 'required')
        .map(([, kind]) => kind),
    ),
    approvers: approversOf(read.approvers),
    sharedKeys: approvals.sharedKeys,
    waitingSeconds: read.waitingPeriod / 1000,
    allows: { retire: operations.retire, deleteKey: operations.deleteKey },
    readUnlinked: read.readUnlinked,
    ...(operations.retention && { retentionMs: operations.retention }),
    actionsRevoke: read.actions.revoke,
    campaigns: read.campaigns,
    sync: { everyMs: read.sync.interval },
    events: read.events && {
      tenantId: read.events.tenantId.toLowerCase(),
      audience: read.events.audience,
      principalId: read.events.principalId.toLowerCase(),
    },
    notifications: notifications.enabled
      ? {
          platform: [...new Set(notifications.platform)],
        }
      : undefined,
    audit: read.audit,
    wrongBlocks: [],
  };
}

function approversOf(entries: Settings['approvers']): Approvers {
  const names = new Set(entries.flatMap(({ permissions }) => permissions));
  return new Map(
    [...names].map(name => {
      const of = entries.filter(({ permissions }) =>
        permissions.includes(name),
      );
      return [
        name,
        {
          groups: [...new Set(of.flatMap(({ groups }) => groups))],
          owners: of.some(({ owners }) => owners),
        },
      ];
    }),
  );
}

/** Joins the values that have the same key. */
function gather(
  entries: [key: string, values: Iterable<string>][],
): Map<string, Set<string>> {
  const gathered = new Map<string, Set<string>>();
  for (const [key, values] of entries) {
    gathered.set(key, new Set([...(gathered.get(key) ?? []), ...values]));
  }
  return gathered;
}
