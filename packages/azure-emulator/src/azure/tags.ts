import type { Azure } from '../azure';
import { arm } from '../errors';
import {
  Answer,
  asRecord,
  Call,
  ok,
  optionalString,
  requiredString,
  stringMap,
} from '../http';
import { parseResourceId, same } from '../ids';
import type { Route } from '../router';

const ACTION = 'Microsoft.Resources/tags';
const PATH = `{scope*}/providers/${ACTION}/default`;
const scopeOf = ({ params }: Call) => params.scope;

/** The tags of a subscription, a group or a resource, as a resource of their own. */
export const tagRoutes: Route[] = [
  route('GET', 'read', call => ok(tagsJson(call, taggedOf(call).tags))),
  route('PUT', 'write', call =>
    save(call, readTags(call.request.body.properties)),
  ),
  route('PATCH', 'write', patch),
  route('DELETE', 'delete', call => {
    save(call, {});
    return { status: 200 };
  }),
];

function route(
  method: string,
  verb: string,
  answer: (call: Call) => Answer,
): Route {
  return {
    service: 'arm',
    method,
    path: PATH,
    needs: { kind: 'action', action: `${ACTION}/${verb}`, scope: scopeOf },
    answer,
  };
}

type Tags = Record<string, string>;

interface Tagged {
  tags: Tags;
  save(tags: Tags): void;
}

/** What the scope names, if it can have tags. */
function taggedOf({ azure, params, caller }: Call): Tagged {
  const { store } = azure;
  const { scope } = params;
  const subscription = store.get('subscriptions', scope);
  if (subscription) {
    return {
      tags: subscription.tags ?? {},
      save: tags => store.put('subscriptions', { ...subscription, tags }),
    };
  }
  const group = store.get('groups', scope);
  if (group) {
    return {
      tags: group.tags,
      save: tags => store.put('groups', { ...group, tags }),
    };
  }
  return taggedResource(azure, scope, caller.id);
}

function taggedResource(azure: Azure, scope: string, callerId: string): Tagged {
  const { store } = azure;
  for (const table of ['registries', 'vaults', 'identities'] as const) {
    const doc = store.get(table, scope);
    if (!doc || ('deleted' in doc && doc.deleted)) continue;
    return {
      tags: doc.tags,
      save: tags =>
        store.put(table, {
          ...doc,
          tags,
          modifiedAt: azure.now(),
          modifiedBy: callerId,
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

function save(call: Call, tags: Tags): Answer {
  taggedOf(call).save(tags);
  return ok(tagsJson(call, tags));
}

function patch(call: Call): Answer {
  const { body } = call.request;
  const operation = requiredString(body.operation, 'operation');
  const given = readTags(body.properties);
  const present = taggedOf(call).tags;
  if (same(operation, 'Replace')) {
    return save(call, given);
  }
  const without = (names: string[]) =>
    Object.fromEntries(
      Object.entries(present).filter(
        ([name]) => !names.some(other => same(other, name)),
      ),
    );
  if (same(operation, 'Merge')) {
    return save(call, { ...without(Object.keys(given)), ...given });
  }
  if (same(operation, 'Delete')) {
    const matching = Object.entries(given).flatMap(([name, value]) => {
      const key = Object.keys(present).find(tag => same(tag, name));
      return key !== undefined && present[key] === optionalString(value, name)
        ? [key]
        : [];
    });
    return save(call, without(matching));
  }
  throw arm.invalidBody('operation must be one of Merge, Replace, Delete');
}
