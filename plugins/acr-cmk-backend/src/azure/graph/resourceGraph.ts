import { RestError } from '@azure/core-rest-pipeline';
import { toRoleAssignmentFacts } from '../arm/access';
import { guidOf, managementGroupOf, subscriptionIdOf } from '../armIds';
import { AzureError } from '../AzureError';
import { read } from '../transport/call';
import type { AzureClients } from '../client';
import { toIdentityFacts } from '../arm/identities';
import type { AzureAnswer } from '../transport/answer';
import type { GraphPart, ResourceGraphPort } from './resourceGraphPort';
import {
  countsByKind,
  countsBySet,
  MOST_ROWS,
  registryOfRow,
  toRows,
  TYPES,
  vaultOfRow,
  wholeRows,
} from './resourceGraphRows';
import type { Role, RoleReader } from '../arm/roles';

const isOneOf = (types: readonly string[]) =>
  `in~ (${types.map(type => `'${type}'`).join(', ')})`;
const ALL_TYPES = isOneOf(Object.values(TYPES).flat());

const ASSIGNMENTS = `authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | where properties.principalType =~ 'ServicePrincipal'`;

/** `| where` for the rows of one part: paging by token loses and doubles rows (docs/azure.md). */
function partOf(column: string, { part, of }: GraphPart): string {
  const isPart =
    Number.isInteger(part) && Number.isInteger(of) && part >= 0 && part < of;
  if (!isPart) throw new Error(`There is no part ${part} of ${of}`);
  return `where hash(tolower(${column})) % ${of} == ${part}`;
}

/** Resources that a disk encryption set encrypts, and the property with its id. */
const ENCRYPTED_BY_SETS = [
  {
    types: ['microsoft.compute/disks', 'microsoft.compute/snapshots'],
    set: 'tostring(properties.encryption.diskEncryptionSetId)',
  },
  {
    types: ['microsoft.containerservice/managedclusters'],
    set: 'tostring(properties.diskEncryptionSetID)',
  },
];
/** A part of a list is not split further. */
const MOST_PARTS = 64;

/** A role whose definition is not there any more allows nothing. */
const GONE: Role = { name: '', keyUses: [] };

function orGone(error: unknown): Role {
  if (error instanceof RestError && error.statusCode === 404) return GONE;
  throw error;
}

/** Queries Resource Graph, with one query for each result. `resourceGraphRows.ts` parses the responses. */
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
      /** Role assignments of scopes above and below the subscriptions as well. */
      atEveryScope?: boolean;
    },
    toValue: (rows: any[]) => T | Promise<T>,
  ) {
    const { doing, text, of: scope, atEveryScope } = asked;
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
        const { body } = await clients.send('read', {
          method: 'POST',
          url: clients.armUrl(
            '/providers/Microsoft.ResourceGraph/resources',
            '2024-04-01',
          ),
          body: {
            ...('managementGroup' in scope
              ? { managementGroups: [scope.managementGroup] }
              : { subscriptions: scope.subscriptionIds.map(subscriptionIdOf) }),
            query: text,
            options: {
              $top: MOST_ROWS,
              resultFormat: 'objectArray',
              ...(atEveryScope && {
                authorizationScopeFilter: 'AtScopeAboveAndBelow',
              }),
            },
          },
        });
        return toValue(wholeRows(body));
      },
    );
  }

  function descendantsOf(managementGroup: string) {
    return read(
      {
        doing: `list the subscriptions below the management group ${managementGroup}`,
        scope: `/providers/Microsoft.Management/managementGroups/${managementGroup}`,
        action: 'Microsoft.Management/managementGroups/descendants/read',
        // Management Group Reader has no such action, as it is published (built-in-roles/management-and-governance.md).
        role: 'Reader',
        credential: 'read',
      },
      limits,
      async () => {
        const path = `/providers/Microsoft.Management/managementGroups/${managementGroupOf(
          managementGroup,
        )}/descendants`;
        const items = await clients.list(
          'read',
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

  /** `| where` for resources of these types with one of the hosts in their properties. */
  function withHosts(
    types: readonly string[],
    hosts: readonly string[] = [
      clients.cloud.vaultSuffix,
      clients.cloud.hsmSuffix,
    ],
  ) {
    const texts = hosts.map(host => `'${host}'`).join(', ');
    return `where type ${isOneOf(types)} | where tostring(properties) has_any (${texts})`;
  }

  /** Counts by disk encryption set, in as many parts as are needed. */
  async function countBySets(
    part: GraphPart,
    asked: (typeof ENCRYPTED_BY_SETS)[number],
  ): Promise<AzureAnswer<Map<string, Record<string, number>>>> {
    const { types, set } = asked;
    try {
      return await query(
        {
          doing: 'count what disk encryption sets encrypt',
          text: `resources | where type ${isOneOf(types)} | where isnotempty(${set}) | ${partOf(
            set,
            part,
          )} | summarize count_ = count() by type, set = tolower(${set})`,
          of: part,
        },
        countsBySet,
      );
    } catch (error) {
      const isTooLong =
        error instanceof AzureError && error.code === 'TooManyRows';
      if (!isTooLong || part.of >= MOST_PARTS) throw error;
      const halves = await Promise.all(
        [part.part, part.part + part.of].map(each =>
          countBySets({ ...part, part: each, of: 2 * part.of }, asked),
        ),
      );
      return {
        ...halves[0],
        value: new Map(halves.flatMap(({ value }) => [...value])),
      };
    }
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

    countConsumers: (subscriptionIds, types) =>
      query(
        {
          doing: 'count resources of other services with keys',
          text: `resources | ${withHosts(types)} | summarize count_ = count() by subscriptionId`,
          of: { subscriptionIds },
        },
        rows =>
          rows.map(row => ({
            subscriptionId: subscriptionIdOf(row.subscriptionId),
            count: Number(row.count_),
          })),
      ),

    consumers: (part, { types, toFacts }) =>
      query(
        {
          doing: 'list resources of other services with keys',
          text: `resources | ${withHosts(types, part.hosts)} | ${partOf(
            'id',
            part,
          )} | project id, name, type, subscriptionId, resourceGroup, location, tags, identity, properties`,
          of: part,
        },
        rows => toRows(rows, toFacts),
      ),

    async encryptedBySets(subscriptionIds) {
      const answers = await Promise.all(
        ENCRYPTED_BY_SETS.map(asked =>
          countBySets({ subscriptionIds, part: 0, of: 1 }, asked),
        ),
      );
      const sets = new Map<string, Record<string, number>>();
      for (const [id, counts] of answers.flatMap(({ value }) => [...value])) {
        sets.set(id, { ...sets.get(id), ...counts });
      }
      return { ...answers[0], value: sets };
    },

    countAssignments: subscriptionIds =>
      query(
        {
          doing: 'count role assignments',
          text: `${ASSIGNMENTS} | summarize count_ = count()`,
          of: { subscriptionIds },
          atEveryScope: true,
        },
        rows => Number(rows[0]?.count_ ?? 0),
      ),

    registries: part =>
      resources('registries', part, {
        columns:
          'sku, tags, identity, loginServer = properties.loginServer, provisioningState = properties.provisioningState, publicNetworkAccess = properties.publicNetworkAccess, networkRuleSet = properties.networkRuleSet, encryption = properties.encryption',
        toFacts: registryOfRow,
      }),

    vaults: part =>
      resources('vaults', part, {
        columns: 'sku, tags, properties',
        toFacts: vaultOfRow,
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
          atEveryScope: true,
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
