import { arm, unsupported } from '../errors';
import { parseResourceId, same } from '../state/ids';
import type { Answer, Call, Route } from '../types';
import { asRecord, requiredString, stringMap } from '../http/body';
import { ok } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.Resources/tags';
const PATH = `{scope*}/providers/${ACTION}/default`;
const scopeOf = ({ params }: Call) => params.scope;

/** Tags that are merged into those of a resource. */
export const tagRoutes: Route[] = [
  route(`PATCH ${PATH}`, needsAction(`${ACTION}/write`, scopeOf), merge),
];

type Tags = Record<string, string>;

interface Tagged {
  tags: Tags;
  save(tags: Tags): void;
}

/** The resource of the scope. */
function taggedOf({ azure, params: { scope }, caller }: Call): Tagged {
  const { store } = azure;
  for (const table of [
    'registries',
    'vaults',
    'identities',
    'genericResources',
  ] as const) {
    const doc = store.get(table, scope);
    if (!doc) continue;
    return {
      tags: doc.tags,
      save: tags =>
        store.put(table, {
          ...doc,
          tags,
          modifiedAt: azure.now(),
          modifiedBy: caller.id,
        }),
    };
  }
  const path = parseResourceId(scope);
  throw path
    ? arm.resourceNotFound(path.type, path.name, path.group)
    : arm.notFound(`The scope '${scope}' could not be found.`);
}

function tagsJson({ params }: Call, tags: Tags) {
  return {
    id: `${params.scope}/providers/${ACTION}/default`,
    name: 'default',
    type: ACTION,
    properties: { tags },
  };
}

function readTags(properties: unknown): Tags {
  return (
    stringMap(asRecord(properties, 'properties').tags, 'properties.tags') ?? {}
  );
}

function merge(call: Call): Answer {
  const { body } = call.request;
  const operation = requiredString(body.operation, 'operation');
  if (!same(operation, 'Merge')) {
    throw unsupported.feature(`the operation '${operation}' on tags`);
  }
  const { tags: present, save } = taggedOf(call);
  const given = readTags(body.properties);
  const kept = Object.entries(present).filter(
    ([name]) => !Object.keys(given).some(other => same(other, name)),
  );
  const tags = { ...Object.fromEntries(kept), ...given };
  save(tags);
  return ok(tagsJson(call, tags));
}
