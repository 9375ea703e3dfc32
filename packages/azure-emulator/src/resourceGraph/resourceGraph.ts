import { AzureError, resourceGraph, unsupported } from '../errors';
import { parseQuery, Row, runQuery } from './query';
import { managementGroupId, subscriptionsIn } from '../arm/managementGroupTree';
import { Assumptions, RESOURCE_GRAPH_PAGE_SIZE } from '../assumptions';
import {
  AUTHORIZATION_SCOPES,
  AuthorizationScope,
  tableOf,
  TableScope,
} from './resourceGraphTables';
import { visibleSubscriptions } from '../arm/scopes';
import type { Answer, Call, Route } from '../types';
import { ok } from '../http/answers';
import {
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
} from '../http/body';
import { NEEDS_TOKEN, routesOf } from '../http/route';

const route = routesOf('arm');

/** Azure Resource Graph: queries over everything that the caller can read. */
export const resourceGraphRoutes: Route[] = [
  route(
    'POST /providers/Microsoft.ResourceGraph/resources',
    NEEDS_TOKEN,
    query,
  ),
];

function query(call: Call): Answer {
  const { azure, request } = call;
  const parsed = parseQuery(requiredString(request.body.query, 'query'));
  const options = optionalRecord(request.body.options, 'options') ?? {};
  const scope = scopeOf(call);
  const authorizationScope = authorizationScopeOf(options);
  checkOptions(options);
  const rows = runQuery(parsed, (name, restriction) =>
    tableOf(call, name, { ...scope, authorizationScope, restriction }),
  );
  const top = topOf(options.$top);
  const { shown, ...paging } = isPageable(rows)
    ? pageOf(rows, options, {
        kind: azure.assumptions.resourceGraphPaging,
        top,
      })
    : { shown: rows.slice(0, top), truncated: rows.length > top };
  return ok({
    totalRecords: rows.length,
    count: shown.length,
    data: shown,
    facets: [],
    resultTruncated: String(paging.truncated ?? false),
    ...(paging.next !== undefined && { $skipToken: tokenOf(paging.next) }),
  });
}

interface Page {
  shown: Row[];
  /** The position of the next page. */
  next?: number;
  truncated?: boolean;
}

/** One page of the rows, as exact as the assumption about paging says. */
function pageOf(
  rows: Row[],
  options: Record<string, unknown>,
  { kind, top }: { kind: Assumptions['resourceGraphPaging']; top: number },
): Page {
  const skip = skipOf(options);
  const isFirst = skip === 0;
  const from = {
    exact: skip,
    // As if a row of an earlier page had been deleted, or one had been created before them.
    losing: isFirst ? skip : skip + 1,
    doubling: isFirst ? skip : skip - 1,
    looping: skip,
    shrinking: skip,
  }[kind];
  const size = kind === 'shrinking' ? Math.ceil(top / 2) : top;
  const shown = rows.slice(from, from + size);
  const end = from + shown.length;
  if (end >= rows.length) return { shown };
  return { shown, next: kind === 'looping' && !isFirst ? skip : end };
}

/** Azure has no further page when no column can be sorted by. */
function isPageable([first]: Row[]): boolean {
  return (
    !first ||
    Object.values(first).some(
      value => value !== null && typeof value !== 'object',
    )
  );
}

/** The requested subscriptions that are visible to the caller; the others are left out silently. */
function scopeOf(call: Call): Pick<TableScope, 'subscriptions' | 'roots'> {
  const { azure, request } = call;
  const visible = visibleSubscriptions(call).map(({ subscriptionId }) =>
    subscriptionId.toLowerCase(),
  );
  const named = namesIn(request.body.subscriptions, 'subscriptions');
  const groups = namesIn(request.body.managementGroups, 'managementGroups');
  if (named.length && groups.length) throw resourceGraph.twoScopes();
  const requested = [
    ...named.map(id => id.toLowerCase()),
    ...groups.flatMap(group =>
      subscriptionsIn(azure, group).map(({ subscriptionId }) =>
        subscriptionId.toLowerCase(),
      ),
    ),
  ];
  const isTenant = !named.length && !groups.length;
  const both = isTenant
    ? visible
    : visible.filter(id => requested.includes(id));
  if (!both.length) {
    throw new AzureError(
      403,
      'AccessDenied',
      'Access is denied to the requested resource. The user might not have enough permission.',
    );
  }
  const roots = isTenant
    ? ['/']
    : [
        ...named.map(id => `/subscriptions/${id}`),
        ...groups.map(managementGroupId),
      ];
  return { subscriptions: new Set(both), roots };
}

function namesIn(value: unknown, field: string): string[] {
  return (optionalArray(value, field) ?? []).map(name =>
    requiredString(name, field),
  );
}

/** Codes and messages [?]. */
const invalidOption = (message: string) =>
  resourceGraph.refused({ code: 'BadRequest', message });

function authorizationScopeOf(
  options: Record<string, unknown>,
): AuthorizationScope {
  const field = 'options.authorizationScopeFilter';
  const given = optionalString(options.authorizationScopeFilter, field);
  const known = AUTHORIZATION_SCOPES.find(name => name === given);
  if (given !== undefined && !known) {
    throw invalidOption(
      `authorizationScopeFilter must be one of ${AUTHORIZATION_SCOPES.join(
        ', ',
      )}.`,
    );
  }
  return known ?? 'AtScopeAndBelow';
}

function topOf(value: unknown): number {
  if (value === undefined || value === null) return RESOURCE_GRAPH_PAGE_SIZE;
  if (
    !Number.isInteger(value) ||
    Number(value) < 1 ||
    Number(value) > RESOURCE_GRAPH_PAGE_SIZE
  ) {
    throw invalidOption(
      `$top must be between 1 and ${RESOURCE_GRAPH_PAGE_SIZE}.`,
    );
  }
  return Number(value);
}

/** Refuses options that Azure has, but not the emulator. */
function checkOptions({ resultFormat, $skip }: Record<string, unknown>) {
  const format = optionalString(resultFormat, 'options.resultFormat');
  if (format !== undefined && format !== 'objectArray') {
    throw unsupported.feature(`the result format '${format}'`);
  }
  if ($skip) throw unsupported.feature("the option '$skip'");
}

function tokenOf(skip: number): string {
  return Buffer.from(JSON.stringify({ skip })).toString('base64');
}

function skipOf(options: Record<string, unknown>): number {
  const token = optionalString(options.$skipToken, 'options.$skipToken');
  if (!token) return 0;
  try {
    const { skip } = JSON.parse(
      Buffer.from(token, 'base64').toString('utf8'),
    ) as { skip: unknown };
    if (Number.isInteger(skip)) return Number(skip);
  } catch {
    // Any token that was not issued here gets the error below.
  }
  throw invalidOption('The $skipToken is not valid.');
}
