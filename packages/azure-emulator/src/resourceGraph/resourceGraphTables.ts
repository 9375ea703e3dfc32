import { covers, shownName, TYPES } from '../state/ids';
import { Resource, RoleAssignment } from '../state/model';
import type { Restriction, Row, Table } from './query';
import { scopesPermitting } from '../access/roleAccess';
import {
  coversScope,
  findManagementGroup,
  managementGroupsAround,
} from '../arm/managementGroupTree';
import { assignmentJson } from '../access/roleAssignments';
import { genericJson } from '../arm/genericResources';
import { identityJson } from '../arm/identities';
import { hsmJson } from '../hsm/managedHsms';
import { registryRowJson } from '../registry/registryJson';
import { definitionJson } from '../access/roleDefinitions';
import { vaultJson } from '../vault/vaultJson';
import type { Azure, Call } from '../types';

export const AUTHORIZATION_SCOPES = [
  'AtScopeAndBelow',
  'AtScopeAboveAndBelow',
] as const;

/** The role assignments that a query shows, seen from the subscriptions that it names. */
export type AuthorizationScope = (typeof AUTHORIZATION_SCOPES)[number];

export interface TableScope {
  /** The subscriptions that are queried and visible to the caller; ids in lower case. */
  subscriptions: Set<string>;
  /** Scopes that the query names: subscriptions, management groups, or the whole tenant. */
  roots: string[];
  authorizationScope: AuthorizationScope;
  restriction: Restriction;
}

type Rows = (call: Call, scope: TableScope, name: string) => Iterable<Row>;

/** The columns of each of these tables: the portal's Resource Graph Explorer shows the same ones for all. */
const COLUMNS = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
  'sku',
  'plan',
  'properties',
  'tags',
  'identity',
  'zones',
  'extendedLocation',
];

const TABLES: Record<string, Rows> = {
  resources,
  resourcecontainers: containers,
  authorizationresources: authorization,
};

/** The rows of a table that the caller can read; undefined when there is no such table. */
export function tableOf(
  call: Call,
  name: string,
  scope: TableScope,
): Table | undefined {
  return Object.hasOwn(TABLES, name)
    ? { columns: COLUMNS, rows: TABLES[name](call, scope, name) }
    : undefined;
}

interface Shown {
  id: string;
  subscriptionId: string;
}

/** Whether rows of a type are within the query and readable for the caller. */
function filterOf(
  { azure, caller }: Call,
  { subscriptions, restriction }: TableScope,
  type: string,
): (doc: Shown) => boolean {
  const lower = type.toLowerCase();
  if (!restriction.hasType(lower)) return () => false;
  const readable = scopesPermitting(azure, caller, `${type}/read`);
  return ({ id, subscriptionId }) =>
    subscriptions.has(subscriptionId.toLowerCase()) &&
    restriction.hasId(id) &&
    readable.some(scope => covers(scope, id));
}

/** The columns that have to be made. */
const COSTLY = ['kind', 'sku', 'identity', 'properties'];

function* resources(call: Call, scope: TableScope): Iterable<Row> {
  const { azure } = call;
  const { graph } = azure;
  const { columns } = scope.restriction;
  const isWhole = !columns || COSTLY.some(name => columns.has(name));
  const isRegistry = filterOf(call, scope, TYPES.registry);
  for (const doc of graph.all('registries')) {
    if (isRegistry(doc)) {
      const json = isWhole ? registryRowJson(azure, doc) : undefined;
      yield resourceRow(azure, doc, { type: TYPES.registry, json });
    }
  }
  const isVault = filterOf(call, scope, TYPES.vault);
  for (const doc of graph.all('vaults')) {
    if (!doc.hsm && isVault(doc)) {
      const json = isWhole ? vaultJson(azure, doc) : undefined;
      yield resourceRow(azure, doc, { type: TYPES.vault, json });
    }
  }
  const isHsm = filterOf(call, scope, TYPES.hsm);
  for (const doc of graph.all('vaults')) {
    if (doc.hsm && isHsm(doc)) {
      const shown = { ...doc, name: shownName(doc.name) };
      const json = isWhole ? hsmJson(doc) : undefined;
      yield resourceRow(azure, shown, { type: TYPES.hsm, json });
    }
  }
  const isIdentity = filterOf(call, scope, TYPES.identity);
  for (const doc of graph.all('identities')) {
    if (isIdentity(doc)) {
      const json = isWhole ? identityJson(azure, doc) : undefined;
      yield resourceRow(azure, doc, { type: TYPES.identity, json });
    }
  }
  const filters = new Map<string, (doc: Shown) => boolean>();
  for (const doc of graph.all('genericResources')) {
    const type = doc.type.toLowerCase();
    const isShown = filters.get(type) ?? filterOf(call, scope, type);
    filters.set(type, isShown);
    if (doc.location && isShown(doc)) {
      const json = isWhole ? genericJson(azure, doc) : undefined;
      yield resourceRow(azure, doc, { type, json });
    }
  }
}

/**
 * The columns that every resource has; types and groups are in lower case here. Those that have to be made
 * are left out when the query does not read them: a count of ten thousand rows reads none of them.
 */
function resourceRow(
  azure: Azure,
  doc: Resource,
  {
    type,
    json,
  }: {
    type: string;
    json?: {
      properties: object;
      kind?: string;
      sku?: object;
      identity?: object | null;
    };
  },
): Row {
  return {
    id: doc.id,
    name: doc.name,
    type: type.toLowerCase(),
    tenantId: azure.settings.tenantId,
    kind: json?.kind ?? '',
    location: doc.location,
    resourceGroup: doc.group.toLowerCase(),
    subscriptionId: doc.subscriptionId,
    managedBy: '',
    sku: json?.sku ?? null,
    plan: null,
    properties: json?.properties ?? null,
    tags: doc.tags,
    identity: json?.identity ?? null,
    zones: null,
    extendedLocation: null,
  };
}

const SUBSCRIPTIONS = 'Microsoft.Resources/subscriptions';
const GROUPS = `${SUBSCRIPTIONS}/resourceGroups`;

/** Subscriptions and groups that the caller may read. A right to what is in them does not show them. */
function containers(call: Call, scope: TableScope): Row[] {
  const { azure } = call;
  const { tenantId } = azure.settings;
  return [
    ...azure.store
      .all('subscriptions')
      .filter(filterOf(call, scope, SUBSCRIPTIONS))
      .map(doc => ({
        id: doc.id,
        name: doc.displayName,
        type: SUBSCRIPTIONS.toLowerCase(),
        tenantId,
        subscriptionId: doc.subscriptionId,
        properties: {
          state: 'Enabled',
          managementGroupAncestorsChain: ancestors(azure, doc.id),
        },
        tags: {},
      })),
    ...azure.store
      .all('groups')
      .filter(filterOf(call, scope, GROUPS))
      .map(doc => ({
        id: doc.id,
        name: doc.name,
        type: GROUPS.toLowerCase(),
        tenantId,
        location: doc.location,
        resourceGroup: doc.name.toLowerCase(),
        subscriptionId: doc.subscriptionId,
        properties: { provisioningState: 'Succeeded' },
        tags: doc.tags,
      })),
  ];
}

function ancestors(azure: Azure, subscription: string) {
  return managementGroupsAround(azure, subscription).map(name => ({
    name,
    displayName: findManagementGroup(azure, name)?.displayName ?? name,
  }));
}

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';
const DEFINITIONS = 'Microsoft.Authorization/roleDefinitions';

function* authorization(call: Call, scope: TableScope): Iterable<Row> {
  const { azure, caller } = call;
  const isWithinTypes = (id: string, type: string) =>
    scope.restriction.hasType(type.toLowerCase()) &&
    scope.restriction.hasId(id);
  const queried = [...scope.subscriptions].map(id => `/subscriptions/${id}`);
  const readable = scopesPermitting(azure, caller, `${ASSIGNMENTS}/read`);
  const definitions = scopesPermitting(azure, caller, `${DEFINITIONS}/read`);
  for (const assignment of azure.store.all('roleAssignments')) {
    if (
      assignment.removedAt === undefined &&
      isWithinTypes(assignment.id, ASSIGNMENTS) &&
      isInScope(azure, assignment, scope) &&
      affected(azure, assignment, queried).some(id =>
        readable.some(granted => covers(granted, id)),
      )
    ) {
      yield authorizationRow(azure, assignmentJson(assignment));
    }
  }
  const mayReadDefinitions = queried.some(id =>
    definitions.some(granted => covers(granted, id) || covers(id, granted)),
  );
  for (const role of azure.store.all('roleDefinitions')) {
    if (mayReadDefinitions && isWithinTypes(role.id, DEFINITIONS)) {
      yield authorizationRow(azure, definitionJson(call, role));
    }
  }
}

/** The queried subscriptions that an assignment affects, as scopes: its own, or those below it. */
function affected(
  azure: Azure,
  { scope }: RoleAssignment,
  subscriptions: string[],
): string[] {
  const below = subscriptions.filter(id => coversScope(azure, scope, id));
  const isIn = subscriptions.some(id => covers(id, scope));
  return isIn ? [scope] : below;
}

function isInScope(
  azure: Azure,
  { scope }: RoleAssignment,
  { roots, authorizationScope }: TableScope,
): boolean {
  return roots.some(
    root =>
      coversScope(azure, root, scope) ||
      (authorizationScope === 'AtScopeAboveAndBelow' &&
        coversScope(azure, scope, root)),
  );
}

function authorizationRow(
  azure: Azure,
  json: { id: string; name: string; type: string; properties: object },
): Row {
  return {
    id: json.id,
    name: json.name,
    type: json.type.toLowerCase(),
    tenantId: azure.settings.tenantId,
    subscriptionId: /^\/subscriptions\/([^/]+)/i.exec(json.id)?.[1] ?? '',
    location: '',
    resourceGroup: '',
    properties: json.properties,
  };
}
