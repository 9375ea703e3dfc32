import type { Azure } from '../azure';
import { AzureError } from '../errors';
import {
  Answer,
  Call,
  ok,
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
} from '../http';
import { Resource } from '../model';
import { Row } from '../kql/evaluate';
import { parseQuery } from '../kql/parse';
import { runQuery } from '../kql/run';
import { invalidQuery } from '../kql/tokens';
import type { Route } from '../router';
import { RESOURCE_GRAPH_PAGE_SIZE } from '../assumptions';
import { visibleSubscriptions } from './scopes';
import { assignmentJson } from './authorization';
import { identityJson } from './identities';
import { registryJson } from './registryJson';
import { vaultJson } from './vaultJson';

/** Azure Resource Graph: queries over everything that the caller can read. */
export const resourceGraphRoutes: Route[] = [
  {
    service: 'arm',
    method: 'POST',
    path: '/providers/Microsoft.ResourceGraph/resources',
    needs: { kind: 'token' },
    answer: query,
  },
];

function query(call: Call): Answer {
  const { azure, request } = call;
  const text = requiredString(request.body.query, 'query');
  const options = optionalRecord(request.body.options, 'options') ?? {};
  const visible = subscriptionsOf(call);
  const rows = runQuery(parseQuery(text), {
    now: azure.now(),
    table: name => tableOf(azure, name, visible),
  });
  const top = topOf(options.$top);
  const skip = skipOf(options);
  const shown = rows.slice(skip, skip + top);
  const end = skip + shown.length;
  const format = optionalString(options.resultFormat, 'options.resultFormat');
  return ok({
    totalRecords: rows.length,
    count: shown.length,
    data: format === 'table' ? asTable(shown) : shown,
    facets: [],
    resultTruncated: 'false',
    ...(end < rows.length && { $skipToken: tokenOf(end) }),
  });
}

/** The requested subscriptions that are visible to the caller; the others are left out silently. */
function subscriptionsOf(call: Call): Set<string> {
  const visible = visibleSubscriptions(call).map(({ subscriptionId }) =>
    subscriptionId.toLowerCase(),
  );
  const requested = optionalArray(
    call.request.body.subscriptions,
    'subscriptions',
  )?.map(id => requiredString(id, 'subscriptions').toLowerCase());
  const both = requested?.length
    ? visible.filter(id => requested.includes(id))
    : visible;
  if (!both.length) {
    throw new AzureError(
      403,
      'AccessDenied',
      'Access is denied to the requested resource. The user might not have enough permission.',
    );
  }
  return new Set(both);
}

function topOf(value: unknown): number {
  if (value === undefined || value === null) return RESOURCE_GRAPH_PAGE_SIZE;
  if (
    !Number.isInteger(value) ||
    Number(value) < 1 ||
    Number(value) > RESOURCE_GRAPH_PAGE_SIZE
  ) {
    throw invalidQuery(
      `$top must be between 1 and ${RESOURCE_GRAPH_PAGE_SIZE}.`,
    );
  }
  return Number(value);
}

function tokenOf(skip: number): string {
  return Buffer.from(JSON.stringify({ skip })).toString('base64');
}

function skipOf(options: Record<string, unknown>): number {
  const token = optionalString(options.$skipToken, 'options.$skipToken');
  if (!token) {
    return Number(options.$skip ?? 0);
  }
  try {
    const { skip } = JSON.parse(
      Buffer.from(token, 'base64').toString('utf8'),
    ) as { skip: unknown };
    if (Number.isInteger(skip)) return Number(skip);
  } catch {
    // Any token that was not issued here gets the error below.
  }
  throw invalidQuery('The $skipToken is not valid.');
}

function asTable(rows: Row[]) {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
  return {
    columns: names.map(name => ({
      name,
      type: typeOf(rows.find(row => row[name] !== null)?.[name]),
    })),
    rows: rows.map(row => names.map(name => row[name] ?? null)),
  };
}

function typeOf(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'object':
      return 'object';
    default:
      return 'string';
  }
}

function tableOf(
  azure: Azure,
  name: string,
  visible: Set<string>,
): Iterable<Row> | undefined {
  const seen = ({ subscriptionId }: { subscriptionId: string }) =>
    visible.has(subscriptionId.toLowerCase());
  switch (name) {
    case 'resources':
      return resources(azure, seen);
    case 'resourcecontainers':
      return containers(azure, seen);
    case 'authorizationresources':
      return assignments(azure, seen);
    default:
      return undefined;
  }
}

type Seen = (doc: { subscriptionId: string }) => boolean;

function* resources(azure: Azure, seen: Seen): Iterable<Row> {
  const { store } = azure;
  for (const doc of store.all('registries')) {
    if (seen(doc)) yield resourceRow(azure, doc, registryJson(azure, doc));
  }
  for (const doc of store.all('vaults')) {
    if (!doc.deleted && seen(doc)) {
      yield resourceRow(azure, doc, vaultJson(azure, doc));
    }
  }
  for (const doc of store.all('identities')) {
    if (seen(doc)) yield resourceRow(azure, doc, identityJson(azure, doc));
  }
}

/** The columns that every resource has; types and groups are in lower case here. */
function resourceRow(
  azure: Azure,
  doc: Resource,
  json: {
    id: string;
    type: string;
    properties: object;
    sku?: object;
    identity?: object | null;
  },
): Row {
  return {
    id: doc.id,
    name: doc.name,
    type: json.type.toLowerCase(),
    tenantId: azure.settings.tenantId,
    kind: '',
    location: doc.location,
    resourceGroup: doc.group.toLowerCase(),
    subscriptionId: doc.subscriptionId,
    managedBy: '',
    sku: json.sku ?? null,
    plan: null,
    properties: json.properties,
    tags: doc.tags,
    identity: json.identity ?? null,
    zones: null,
    extendedLocation: null,
  };
}

function containers(azure: Azure, seen: Seen): Row[] {
  const { tenantId } = azure.settings;
  return [
    ...azure.store
      .all('subscriptions')
      .filter(seen)
      .map(doc => ({
        id: doc.id,
        name: doc.displayName,
        type: 'microsoft.resources/subscriptions',
        tenantId,
        subscriptionId: doc.subscriptionId,
        properties: { state: 'Enabled' },
        tags: {},
      })),
    ...azure.store
      .all('groups')
      .filter(seen)
      .map(doc => ({
        id: doc.id,
        name: doc.name,
        type: 'microsoft.resources/subscriptions/resourcegroups',
        tenantId,
        location: doc.location,
        resourceGroup: doc.name.toLowerCase(),
        subscriptionId: doc.subscriptionId,
        properties: { provisioningState: 'Succeeded' },
        tags: doc.tags,
      })),
  ];
}

function* assignments(azure: Azure, seen: Seen): Iterable<Row> {
  for (const assignment of azure.store.all('roleAssignments')) {
    const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(
      assignment.scope,
    )?.[1];
    if (
      subscriptionId &&
      assignment.removedAt === undefined &&
      seen({ subscriptionId })
    ) {
      yield assignmentRow(azure, subscriptionId, assignmentJson(assignment));
    }
  }
}

function assignmentRow(
  azure: Azure,
  subscriptionId: string,
  json: ReturnType<typeof assignmentJson>,
): Row {
  return {
    id: json.id,
    name: json.name,
    type: json.type.toLowerCase(),
    tenantId: azure.settings.tenantId,
    subscriptionId,
    location: '',
    resourceGroup: '',
    properties: json.properties,
  };
}
