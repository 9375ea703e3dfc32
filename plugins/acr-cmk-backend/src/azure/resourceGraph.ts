import type { QueryRequestOptions } from '@azure/arm-resourcegraph';
import { RestError } from '@azure/core-rest-pipeline';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { toRoleAssignmentFacts } from './access';
import {
  guidOf,
  managementGroupOf,
  subscriptionIdOf,
  vaultIdOf,
} from './armIds';
import { AzureError } from './AzureError';
import { read } from './call';
import type { AzureClients } from './clients';
import { toIdentityFacts } from './identities';
import { listRaw } from './pipeline';
import { toRegistryFacts } from './registries';
import type {
  ChangeType,
  GraphChange,
  GraphKind,
  GraphPart,
  GraphRows,
  ResourceGraphPort,
} from './resourceGraphPort';
import type { Role, RoleReader } from './roles';
import { toHsmFacts, toVaultFacts } from './vaults';

/** Rows of one answer. One that is full may have been cut. */
const MOST_ROWS = 1000;

const HSM_TYPE = 'microsoft.keyvault/managedhsms';

/** Types of the table `resources` that are read, as Resource Graph writes them. */
const TYPES = {
  registries: ['microsoft.containerregistry/registries'],
  vaults: ['microsoft.keyvault/vaults', HSM_TYPE],
  identities: ['microsoft.managedidentity/userassignedidentities'],
} as const;
const KINDS = Object.fromEntries(
  Object.entries(TYPES).flatMap(([kind, types]) =>
    types.map(type => [type, kind]),
  ),
) as Record<string, keyof typeof TYPES>;

const isOneOf = (types: readonly string[]) =>
  `in~ (${types.map(type => `'${type}'`).join(', ')})`;
const ALL_TYPES = isOneOf(Object.values(TYPES).flat());

const ASSIGNMENTS = `authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | where properties.principalType =~ 'ServicePrincipal'`;

const CHANGE_TYPES: Record<string, ChangeType> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
};

const isoOf = (epochMs: number) => new Date(epochMs).toISOString();

/** `| where` for the rows of one part: paging by token loses and doubles rows (docs/azure.md). */
function partOf(column: string, { part, of }: GraphPart): string {
  const isPart =
    Number.isInteger(part) && Number.isInteger(of) && part >= 0 && part < of;
  if (!isPart) throw new Error(`There is no part ${part} of ${of}`);
  return `where hash(tolower(${column})) % ${of} == ${part}`;
}

/** An answer that may not hold all of what was asked for is worth nothing. */
function partial(why: string, code = 'PartialAnswer'): AzureError {
  return new AzureError(
    {
      kind: 'unavailable',
      code,
      message: `Could not query Resource Graph: ${why}. Nothing of this answer is used.`,
    },
    { effect: 'refused', retry: { kind: 'later' } },
  );
}

/** All rows of an answer, or none. */
export function wholeRows(answer: any): any[] {
  const { data, totalRecords, resultTruncated } = answer ?? {};
  if (!Array.isArray(data)) throw partial('the answer has no rows');
  if (data.length >= MOST_ROWS || totalRecords >= MOST_ROWS) {
    throw partial(
      `${MOST_ROWS} rows or more are too many for one answer`,
      'TooManyRows',
    );
  }
  if (
    data.length !== totalRecords ||
    answer.skipToken ||
    String(resultTruncated).toLowerCase() !== 'false'
  ) {
    throw partial(`${data.length} of ${totalRecords} rows came`);
  }
  const ids = data.flatMap(row =>
    typeof row?.id === 'string' ? [row.id.toLowerCase()] : [],
  );
  if (new Set(ids).size !== ids.length) throw partial('a row came twice');
  return data;
}

/** Rows as facts. One that makes no sense is counted and left out: it may be anything. */
function toRows<T>(rows: any[], toFacts: (row: any) => T): GraphRows<T> {
  const items: GraphRows<T>['items'] = [];
  let unusable = 0;
  for (const row of rows) {
    try {
      const subscriptionId = row.subscriptionId
        ? subscriptionIdOf(row.subscriptionId)
        : '';
      items.push({ subscriptionId, facts: toFacts(row) });
    } catch {
      unusable += 1;
    }
  }
  return { items, unusable };
}

/** A role whose definition is not there any more allows nothing. */
const GONE: Role = { name: '', wrapsKeys: false };

function orGone(error: unknown): Role {
  if (error instanceof RestError && error.statusCode === 404) return GONE;
  throw error;
}

/** A row's registry, in the form that the SDK gives it. */
function toRegistry(row: any) {
  RegistryId.parse(row.id);
  const key = row.encryption?.keyVaultProperties;
  const rotatedAt = key?.lastKeyRotationTimestamp;
  return toRegistryFacts({
    ...row,
    encryption: row.encryption && {
      ...row.encryption,
      keyVaultProperties: key && {
        ...key,
        lastKeyRotationTimestamp: rotatedAt ? new Date(rotatedAt) : undefined,
      },
    },
  });
}

function toVault(row: any) {
  return vaultIdOf(row.id).isHsm ? toHsmFacts(row) : toVaultFacts(row);
}

export function createResourceGraph(
  clients: AzureClients,
  roleOf: RoleReader,
): ResourceGraphPort {
  const { limits } = clients;

  /** One query for all its rows. */
  function query<T>(
    asked: {
      doing: string;
      text: string;
      of: { subscriptionIds: readonly string[] } | { managementGroup: string };
      options?: QueryRequestOptions;
    },
    toValue: (rows: any[]) => T | Promise<T>,
  ) {
    const { doing, text, of: scope, options } = asked;
    return read(
      {
        doing: `${doing} with Resource Graph`,
        scope:
          'managementGroup' in scope
            ? `/providers/Microsoft.Management/managementGroups/${scope.managementGroup}`
            : scope.subscriptionIds
                .slice(0, 3)
                .map(id => `/subscriptions/${id}`)
                .join(', '),
        action: 'Microsoft.ResourceGraph/resources/read',
        role: 'Reader',
        credential: 'read',
      },
      limits,
      async () => {
        const answer = await clients.resourceGraph('read').resources({
          ...('managementGroup' in scope
            ? { managementGroups: [scope.managementGroup] }
            : { subscriptions: scope.subscriptionIds.map(subscriptionIdOf) }),
          query: text,
          options: { top: MOST_ROWS, resultFormat: 'objectArray', ...options },
        });
        return toValue(wholeRows(answer));
      },
    );
  }

  function descendantsOf(managementGroup: string) {
    return read(
      {
        doing: `list the subscriptions below the management group ${managementGroup}`,
        scope: `/providers/Microsoft.Management/managementGroups/${managementGroup}`,
        action: 'Microsoft.Management/managementGroups/descendants/read',
        role: 'Management Group Reader',
        credential: 'read',
      },
      limits,
      async () => {
        const path = `/providers/Microsoft.Management/managementGroups/${managementGroupOf(
          managementGroup,
        )}/descendants`;
        const items = await listRaw(
          clients.arm('read'),
          clients.armUrl(path, '2020-05-01'),
        );
        return items
          .filter(({ type }) => /\/subscriptions$/i.test(String(type)))
          .map(({ name }) => subscriptionIdOf(name));
      },
    );
  }

  async function rolesOf(assignments: any[]) {
    const roles = new Map<string, Role>();
    for (const { properties } of assignments) {
      const id = properties?.roleDefinitionId;
      if (!id || roles.has(id)) continue;
      roles.set(id, await roleOf(id).catch(orGone));
    }
    return roles;
  }

  function resources<T>(
    kind: keyof typeof TYPES,
    part: GraphPart,
    { columns, toFacts }: { columns: string; toFacts: (row: any) => T },
  ) {
    return query(
      {
        doing: `list ${kind}`,
        text: `resources | where type ${isOneOf(TYPES[kind])} | ${partOf(
          'id',
          part,
        )} | project id, name, subscriptionId, location, ${columns}`,
        of: part,
      },
      rows => toRows(rows, toFacts),
    );
  }

  return {
    readable: subscriptionIds =>
      query(
        {
          doing: 'list the subscriptions that can be read',
          text: `resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project subscriptionId`,
          of: { subscriptionIds },
        },
        rows => rows.map(row => subscriptionIdOf(row.subscriptionId)),
      ),

    counts: subscriptionIds =>
      query(
        {
          doing: 'count registries, vaults and identities',
          text: `resources | where type ${ALL_TYPES} | summarize count_ = count() by type, subscriptionId`,
          of: { subscriptionIds },
        },
        countsByKind,
      ),

    countAssignments: subscriptionIds =>
      query(
        {
          doing: 'count role assignments',
          text: `${ASSIGNMENTS} | summarize count_ = count()`,
          of: { subscriptionIds },
          options: { authorizationScopeFilter: 'AtScopeAboveAndBelow' },
        },
        rows => Number(rows[0]?.count_ ?? 0),
      ),

    registries: part =>
      resources('registries', part, {
        columns:
          'sku, tags, identity, loginServer = properties.loginServer, provisioningState = properties.provisioningState, encryption = properties.encryption',
        toFacts: toRegistry,
      }),

    vaults: part =>
      resources('vaults', part, {
        columns: 'sku, tags, properties',
        toFacts: toVault,
      }),

    identities: part =>
      resources('identities', part, {
        columns: 'tags, properties',
        toFacts: toIdentityFacts,
      }),

    assignments: part =>
      query(
        {
          doing: 'list role assignments',
          text: `${ASSIGNMENTS} | ${partOf(
            'tostring(properties.principalId)',
            part,
          )} | project id, name, properties`,
          of: part,
          options: { authorizationScopeFilter: 'AtScopeAboveAndBelow' },
        },
        async rows => {
          const roles = await rolesOf(rows);
          return toRows(rows, ({ id, name, properties }) => {
            guidOf(properties.principalId, 'the id of a principal');
            return toRoleAssignmentFacts(
              { id, name, ...properties },
              roles.get(properties.roleDefinitionId) ?? GONE,
            );
          });
        },
      ),

    changes: ({ since, until, ...part }) =>
      query(
        {
          doing: 'list what has changed',
          text: `resourcechanges | extend target = tolower(tostring(properties.targetResourceId)), targetType = tolower(tostring(properties.targetResourceType)), at = todatetime(properties.changeAttributes.timestamp), change = tostring(properties.changeType) | where at >= datetime(${isoOf(
            since,
          )}) and at < datetime(${isoOf(
            until,
          )}) | where targetType ${ALL_TYPES} | ${partOf(
            'target',
            part,
          )} | project target, targetType, change, at`,
          of: part,
        },
        latestChanges,
      ),

    async subscriptionsBelow(name) {
      try {
        const { value, ...answer } = await descendantsOf(name);
        return { ...answer, value: { subscriptionIds: value, complete: true } };
      } catch (error) {
        if (!(error instanceof AzureError) || error.kind !== 'denied') {
          throw error;
        }
        return query(
          {
            doing: `list the subscriptions below the management group ${name}`,
            text: `resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project subscriptionId`,
            of: { managementGroup: managementGroupOf(name) },
          },
          rows => ({
            subscriptionIds: rows.map(row =>
              subscriptionIdOf(row.subscriptionId),
            ),
            complete: false,
          }),
        );
      }
    },
  };
}

/** Types of one kind, such as vaults and Managed HSMs, are counted together. */
function countsByKind(rows: any[]) {
  const counts = new Map<
    string,
    { kind: GraphKind; subscriptionId: string; count: number }
  >();
  for (const row of rows) {
    const kind = KINDS[String(row.type).toLowerCase()];
    const subscriptionId = subscriptionIdOf(row.subscriptionId);
    const name = `${kind} ${subscriptionId}`;
    const before = counts.get(name)?.count ?? 0;
    const count = before + Number(row.count_);
    counts.set(name, { kind, subscriptionId, count });
  }
  return [...counts.values()];
}

/** The last change of each thing. */
function latestChanges(rows: any[]): GraphChange[] {
  const latest = new Map<string, GraphChange>();
  for (const row of rows) {
    const change = {
      resourceId: String(row.target).toLowerCase(),
      kind: KINDS[String(row.targetType).toLowerCase()],
      change: CHANGE_TYPES[String(row.change).toLowerCase()] ?? 'updated',
      at: Date.parse(row.at),
    };
    if (!change.kind || Number.isNaN(change.at)) {
      throw partial('a change does not say of what, or when');
    }
    const other = latest.get(change.resourceId);
    if (!other || other.at < change.at) latest.set(change.resourceId, change);
  }
  return [...latest.values()];
}
