import { requireAction } from '../authorise';
import { arm, eventGrid as errors } from '../errors';
import {
  Answer,
  asRecord,
  Call,
  noContent,
  ok,
  optionalArray,
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http';
import { resourceId, same } from '../ids';
import { EventSubscription, SystemTopic } from '../model';
import type { Route } from '../router';
import type { EventDelivery } from '../eventDelivery';
import { DEFAULT_EVENT_RETRY } from '../assumptions';
import { groupOf } from './scopes';

const SUBSCRIPTIONS = 'Microsoft.EventGrid/eventSubscriptions';
const TOPICS = 'Microsoft.EventGrid/systemTopics';
const AT_SCOPE = `{scope*}/providers/${SUBSCRIPTIONS}`;
const TOPICS_IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${TOPICS}`;
const TOPIC = `${TOPICS_IN_GROUP}/{topic}`;
const AT_TOPIC = `${TOPIC}/eventSubscriptions`;

/** What events can come from here, by the topic type of its system topic. */
const SOURCES: Record<string, RegExp> = {
  'Microsoft.KeyVault.vaults':
    /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/[^/]+$/i,
  'Microsoft.Resources.Subscriptions': /^\/subscriptions\/[^/]+$/i,
  'Microsoft.Resources.ResourceGroups':
    /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i,
};

/** Event Grid: system topics, and event subscriptions of a topic or directly at a resource. */
export function eventGridRoutes(delivery: EventDelivery): Route[] {
  const atScope = (call: Call) => call.params.scope;
  const atTopic = (call: Call) => topicOf(call).source;
  return [
    {
      service: 'arm',
      method: 'GET',
      path: TOPICS_IN_GROUP,
      needs: { kind: 'action', action: `${TOPICS}/read` },
      answer: call => {
        const group = groupOf(call);
        return ok({
          value: call.azure.store
            .all('systemTopics')
            .filter(topic => same(topic.group, group.name))
            .filter(topic => same(topic.subscriptionId, group.subscriptionId))
            .map(topicJson),
        });
      },
    },
    {
      service: 'arm',
      method: 'GET',
      path: TOPIC,
      needs: { kind: 'action', action: `${TOPICS}/read` },
      answer: call => ok(topicJson(topicOf(call))),
    },
    {
      service: 'arm',
      method: 'PUT',
      path: TOPIC,
      needs: { kind: 'action', action: `${TOPICS}/write` },
      answer: putTopic,
    },
    {
      service: 'arm',
      method: 'DELETE',
      path: TOPIC,
      needs: { kind: 'action', action: `${TOPICS}/delete` },
      answer: removeTopic,
    },
    ...subscriptionRoutes(AT_SCOPE, atScope, delivery),
    ...subscriptionRoutes(AT_TOPIC, atTopic, delivery),
  ];
}

function subscriptionRoutes(
  path: string,
  sourceOf: (call: Call) => string,
  delivery: EventDelivery,
): Route[] {
  const route = (
    {
      method,
      verb,
      tail = '',
    }: { method: string; verb: string; tail?: string },
    answer: Route['answer'],
  ): Route => ({
    service: 'arm',
    method,
    path: `${path}${tail}`,
    // Checked below: at the resource whose events they are, or at the topic.
    needs: { kind: 'token' },
    answer: call => {
      requireAction(call, {
        action: `${
          path === AT_SCOPE ? SUBSCRIPTIONS : `${TOPICS}/eventSubscriptions`
        }/${verb}`,
        scope: call.request.path.replace(
          /\/providers\/Microsoft\.EventGrid\/eventSubscriptions.*$/i,
          '',
        ),
      });
      return answer(call);
    },
  });
  return [
    route({ method: 'GET', verb: 'read' }, call => {
      const source = sourceOf(call);
      return ok({
        value: call.azure.store
          .all('eventSubscriptions')
          .filter(each => same(each.source, source))
          .map(subscriptionJson),
      });
    }),
    route({ method: 'GET', tail: '/{name}', verb: 'read' }, call => {
      const found = call.azure.store.get(
        'eventSubscriptions',
        call.request.path,
      );
      if (!found)
        throw arm.notFound(`Resource ${call.request.path} not found.`);
      return ok(subscriptionJson(found));
    }),
    route({ method: 'PUT', tail: '/{name}', verb: 'write' }, call =>
      putSubscription(call, sourceOf(call), delivery),
    ),
    route(
      { method: 'DELETE', tail: '/{name}', verb: 'delete' },
      ({ azure, request }) => {
        if (!azure.store.get('eventSubscriptions', request.path)) {
          return noContent();
        }
        azure.store.remove('eventSubscriptions', request.path);
        return { status: 200 };
      },
    ),
  ];
}

function topicOf({ azure, params }: Call): SystemTopic {
  const id = topicId(params);
  const found = azure.store.get('systemTopics', id);
  if (!found) {
    throw arm.resourceNotFound(TOPICS, params.topic, params.group);
  }
  return found;
}

function topicId(params: Record<string, string>): string {
  const group = { subscriptionId: params.subscription, name: params.group };
  return resourceId(group, TOPICS, params.topic);
}

function topicJson(topic: SystemTopic) {
  return {
    id: topic.id,
    name: topic.name,
    type: TOPICS,
    location: topic.location,
    tags: topic.tags,
    properties: {
      provisioningState: 'Succeeded',
      source: topic.source,
      topicType: topic.topicType,
    },
  };
}

function putTopic(call: Call): Answer {
  const { azure, params, request } = call;
  const group = groupOf(call);
  const properties = asRecord(request.body.properties, 'properties');
  const source = requiredString(properties.source, 'properties.source');
  const topicType = requiredString(
    properties.topicType,
    'properties.topicType',
  );
  const known = Object.keys(SOURCES).find(name => same(name, topicType));
  if (!known || !SOURCES[known].test(source)) {
    throw errors.invalidSource(source, topicType);
  }
  const id = topicId(params);
  const other = azure.store
    .all('systemTopics')
    .find(topic => same(topic.source, source) && !same(topic.id, id));
  if (other) throw errors.oneTopicPerSource(source, other.id);
  const before = azure.store.get('systemTopics', id);
  const topic: SystemTopic = {
    id,
    subscriptionId: group.subscriptionId,
    group: group.name,
    name: params.topic,
    location: requiredString(request.body.location, 'location'),
    tags: stringMap(request.body.tags, 'tags') ?? {},
    source,
    topicType: known,
  };
  azure.store.put('systemTopics', topic);
  return { status: before ? 200 : 201, body: topicJson(topic) };
}

function removeTopic({ azure, params }: Call): Answer {
  const id = topicId(params);
  if (!azure.store.get('systemTopics', id)) return noContent();
  for (const each of azure.store.all('eventSubscriptions')) {
    if (each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`)) {
      azure.store.remove('eventSubscriptions', each.id);
    }
  }
  azure.store.remove('systemTopics', id);
  return { status: 200 };
}

function subscriptionJson(each: EventSubscription) {
  const { destination, retry } = each;
  return {
    id: each.id,
    name: each.name,
    type: SUBSCRIPTIONS,
    properties: {
      topic: each.source,
      provisioningState: 'Succeeded',
      destination: {
        endpointType: 'WebHook',
        properties: {
          // The whole address may contain a secret; only listing the full url shows it.
          endpointBaseUrl: destination.url.replace(/\?.*$/, ''),
          maxEventsPerBatch: destination.maxEventsPerBatch,
          preferredBatchSizeInKilobytes: 64,
          ...(destination.tenantId && {
            azureActiveDirectoryTenantId: destination.tenantId,
            azureActiveDirectoryApplicationIdOrUri: destination.audience,
          }),
        },
      },
      filter: {
        subjectBeginsWith: each.filter.subjectBeginsWith,
        subjectEndsWith: each.filter.subjectEndsWith,
        includedEventTypes: each.filter.eventTypes ?? null,
        advancedFilters: each.filter.advanced,
      },
      labels: [],
      eventDeliverySchema: each.schema,
      retryPolicy: {
        maxDeliveryAttempts: retry.attempts,
        eventTimeToLiveInMinutes: retry.minutes,
      },
    },
  };
}

/** Azure creates it in the background; here the answer comes when the endpoint has been validated. */
async function putSubscription(
  call: Call,
  source: string,
  delivery: EventDelivery,
): Promise<Answer> {
  const { azure, request, params } = call;
  if (!Object.values(SOURCES).some(pattern => pattern.test(source))) {
    throw errors.invalidSource(source, 'none');
  }
  const before = azure.store.get('eventSubscriptions', request.path);
  const desired = readSubscription(call, {
    source,
    name: params.name,
    createdAt: before?.createdAt ?? azure.now(),
  });
  const problem = await delivery.validate(desired);
  if (problem) throw errors.urlValidation(desired.destination.url, problem);
  azure.store.put('eventSubscriptions', desired);
  return { status: before ? 200 : 201, body: subscriptionJson(desired) };
}

function readSubscription(
  { request }: Call,
  known: Pick<EventSubscription, 'source' | 'name' | 'createdAt'>,
): EventSubscription {
  const properties = asRecord(request.body.properties, 'properties');
  const destination = asRecord(
    properties.destination,
    'properties.destination',
  );
  if (destination.endpointType !== 'WebHook') {
    throw errors.onlyWebHooks();
  }
  const hook = asRecord(
    destination.properties,
    'properties.destination.properties',
  );
  const filter = optionalRecord(properties.filter, 'properties.filter') ?? {};
  const retry =
    optionalRecord(properties.retryPolicy, 'properties.retryPolicy') ?? {};
  const schema =
    optionalString(
      properties.eventDeliverySchema,
      'properties.eventDeliverySchema',
    ) ?? 'EventGridSchema';
  if (schema !== 'EventGridSchema' && schema !== 'CloudEventSchemaV1_0') {
    throw errors.unknownSchema(schema);
  }
  const tenantId = optionalString(
    hook.azureActiveDirectoryTenantId,
    'azureActiveDirectoryTenantId',
  );
  const audience = optionalString(
    hook.azureActiveDirectoryApplicationIdOrUri,
    'azureActiveDirectoryApplicationIdOrUri',
  );
  const types = optionalArray(
    filter.includedEventTypes,
    'filter.includedEventTypes',
  )?.map(type => requiredString(type, 'filter.includedEventTypes'));
  return {
    ...known,
    id: request.path,
    schema,
    destination: {
      url: requiredString(
        hook.endpointUrl,
        'properties.destination.properties.endpointUrl',
      ),
      maxEventsPerBatch: Number(hook.maxEventsPerBatch ?? 1),
      ...(tenantId && audience && { tenantId, audience }),
    },
    filter: {
      subjectBeginsWith:
        optionalString(filter.subjectBeginsWith, 'subjectBeginsWith') ?? '',
      subjectEndsWith:
        optionalString(filter.subjectEndsWith, 'subjectEndsWith') ?? '',
      ...(types?.length && { eventTypes: types }),
      advanced: readAdvanced(filter.advancedFilters),
    },
    retry: {
      attempts: Number(
        retry.maxDeliveryAttempts ?? DEFAULT_EVENT_RETRY.attempts,
      ),
      minutes: Number(
        retry.eventTimeToLiveInMinutes ?? DEFAULT_EVENT_RETRY.minutes,
      ),
    },
  };
}

const TEXT_OPERATORS = [
  'StringIn',
  'StringNotIn',
  'StringContains',
  'StringBeginsWith',
  'StringEndsWith',
];

function readAdvanced(value: unknown): EventSubscription['filter']['advanced'] {
  return (optionalArray(value, 'filter.advancedFilters') ?? []).map(each => {
    const { operatorType, key, values } = asRecord(
      each,
      'filter.advancedFilters',
    );
    const operator = requiredString(operatorType, 'operatorType');
    if (!TEXT_OPERATORS.includes(operator)) {
      throw errors.unsupportedFilter(operator);
    }
    return {
      operatorType: operator,
      key: requiredString(key, 'key'),
      values: (optionalArray(values, 'values') ?? []).map(text =>
        requiredString(text, 'values'),
      ),
    };
  });
}
