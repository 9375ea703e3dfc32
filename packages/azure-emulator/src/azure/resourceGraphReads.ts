import { resourceGraph as errors, arm } from '../errors';
import { Answer, Call, ok, page, Request } from '../http';
import { covers, same, TYPES } from '../ids';
import { seconds } from '../durations';
import { Resource, Tables } from '../model';
import { ARM_PAGE_SIZE } from '../assumptions';
import { CopiedTable } from '../graphView';
import { identityJson } from './identities';
import { NEWEST_STABLE, registryRowJson } from './registryJson';
import { groupOf, subscriptionOf } from './scopes';
import { vaultJson } from './vaultJson';

interface Readable<T extends CopiedTable> {
  table: T;
  type: string;
  /** The api-version of the answer, whatever the request asked for. */
  apiVersion: string;
  json(call: Call, doc: Tables[T]): object;
  exists(doc: Tables[T]): boolean;
}

const readable = <T extends CopiedTable>(each: Readable<T>) =>
  each as unknown as Readable<CopiedTable>;

const READABLE = [
  readable({
    table: 'registries',
    type: TYPES.registry,
    apiVersion: NEWEST_STABLE,
    json: ({ azure }, doc) => registryRowJson(azure, doc),
    exists: () => true,
  }),
  readable({
    table: 'vaults',
    type: TYPES.vault,
    apiVersion: '2026-02-01',
    json: ({ azure }, doc) => vaultJson(azure, doc),
    exists: ({ deleted }) => !deleted,
  }),
  readable({
    table: 'identities',
    type: TYPES.identity,
    apiVersion: '2024-11-30',
    json: ({ azure }, doc) => identityJson(azure, doc),
    exists: () => true,
  }),
];

const HEADERS = {
  'x-ms-resource-graph-request-duration': '0:00:00:00.0150000',
};

const PATH =
  /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)\/providers\/([^/]+\/[^/]+)(?:\/([^/]+))?$/i;

/** The type that a GET or list with `useResourceGraph=true` reads; the flag is ignored everywhere else. */
function readOf({ service, method, path, query }: Request) {
  const flag = query.get('useresourcegraph') ?? '';
  if (service !== 'arm' || method !== 'GET' || !same(flag, 'true')) {
    return undefined;
  }
  const [, scope, type, name] = PATH.exec(path) ?? [];
  const kind = READABLE.find(each => same(each.type, type ?? ''));
  return kind && { kind, scope, name };
}

export const isResourceGraphRead = (request: Request): boolean =>
  readOf(request) !== undefined;

/** The answer of Resource Graph instead of the resource provider's; undefined when it is not asked. */
export function readByResourceGraph(call: Call): Answer | undefined {
  const read = readOf(call.request);
  if (!read) return undefined;
  if (call.params.group) groupOf(call);
  else subscriptionOf(call);
  return read.name === undefined
    ? list(call, read.kind, read.scope)
    : get(call, read.kind, read.name);
}

const shown = (
  call: Call,
  kind: Readable<CopiedTable>,
  doc: Tables[CopiedTable],
) => ({ ...kind.json(call, doc), apiVersion: kind.apiVersion });

function get(call: Call, kind: Readable<CopiedTable>, name: string): Answer {
  const { azure, request, params } = call;
  if (isUnindexable(call, request.path, name)) {
    throw errors.cannotIndex(request.path);
  }
  const found = azure.graph.get(kind.table, request.path);
  if (!found || !kind.exists(found)) {
    throw arm.resourceNotFound(kind.type, name, params.group);
  }
  return ok(shown(call, kind, found), {
    ...HEADERS,
    'x-ms-arg-snapshot-timestamp': new Date(
      indexedAt(call, found),
    ).toISOString(),
  });
}

function indexedAt({ azure }: Call, { modifiedAt }: Resource): number {
  return modifiedAt + seconds(azure.assumptions.resourceGraphDelaySeconds);
}

function list(call: Call, kind: Readable<CopiedTable>, scope: string): Answer {
  const { azure, request } = call;
  const docs = [...azure.graph.all(kind.table)].filter(
    doc => covers(scope, doc.id) && kind.exists(doc),
  );
  const { rows, nextLink } = page(request, docs, {
    size: ARM_PAGE_SIZE,
    tokenName: '$skiptoken',
  });
  return ok(
    {
      value: rows.map(doc => shown(call, kind, doc)),
      ...(nextLink && { nextLink }),
    },
    HEADERS,
  );
}

function isUnindexable({ azure }: Call, id: string, name: string): boolean {
  return azure.assumptions.resourceGraphCannotIndex.some(pattern => {
    const source = pattern
      .split('*')
      .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    const whole = new RegExp(`^${source}$`, 'i');
    return whole.test(name) || whole.test(id);
  });
}
