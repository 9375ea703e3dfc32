import {
  NOWHERE,
  NO_TOKEN,
  OTHER_LOCATION,
  armUrl,
  guidOf,
  identityId,
  newRegistry,
  vaultBody,
  type RefusalRequest,
} from './requests';

/** What ARM itself refuses. */
export const OF_ARM: RefusalRequest[] = [
  {
    name: 'arm.noToken',
    ask: lab => lab.azure.anonymous('GET', armUrl(lab)),
  },
  {
    name: 'arm.badToken',
    ask: lab =>
      lab.azure.anonymous('GET', armUrl(lab), {
        headers: { authorization: NO_TOKEN },
      }),
  },
  {
    name: 'arm.missingApiVersion',
    ask: ({ azure, names }) =>
      azure.arm('GET', names.groupId, { apiVersion: '' }),
  },
  {
    name: 'arm.invalidApiVersion',
    ask: ({ azure, names }) =>
      azure.arm('GET', names.groupId, { apiVersion: 'nonsense' }),
    values: () => ({ version: 'nonsense' }),
  },
  {
    name: 'arm.subscriptionNotFound',
    ask: ({ azure, names }) =>
      azure.arm('GET', `/subscriptions/${guidOf(names.runId)}/resourceGroups`),
    values: ({ names }) => ({ subscription: guidOf(names.runId) }),
  },
  {
    name: 'arm.groupNotFound',
    ask: ({ azure, names }) =>
      azure.arm(
        'GET',
        `${names.subscriptionPath}/resourceGroups/${names.nobody}`,
      ),
    values: ({ names }) => ({ group: names.nobody }),
  },
  {
    name: 'arm.resourceNotFound',
    ask: ({ azure, names }) =>
      azure.arm(
        'GET',
        names.resource('Microsoft.ContainerRegistry/registries', names.nobody),
      ),
    values: ({ names }) => ({
      type: 'Microsoft.ContainerRegistry/registries',
      name: names.nobody,
      group: names.group,
    }),
  },
  {
    name: 'arm.lockNotFound',
    ask: ({ azure, names }) =>
      azure.arm(
        'GET',
        `${names.groupId}/providers/Microsoft.Authorization/locks/${names.nobody}`,
      ),
    values: ({ names }) => ({ lock: names.nobody }),
  },
  {
    name: 'arm.locationNotAvailable',
    ask: lab =>
      lab.azure.arm('PUT', identityId(lab, lab.names.nobody), {
        body: { location: NOWHERE, tags: lab.names.tags },
      }),
    values: () => ({
      location: NOWHERE,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    }),
  },
  {
    name: 'arm.groupLocationNotAvailable',
    ask: ({ azure, names }) =>
      azure.arm(
        'PUT',
        `${names.subscriptionPath}/resourceGroups/${names.nobody}`,
        {
          body: { location: NOWHERE, tags: names.tags },
        },
      ),
    values: () => ({ location: NOWHERE }),
  },
  {
    name: 'arm.invalidResourceLocation',
    ask: lab =>
      lab.azure.arm('PUT', lab.names.vaultId('policies'), {
        body: {
          ...vaultBody(lab, { accessPolicies: [] }),
          location: OTHER_LOCATION(lab.names.location),
        },
      }),
    values: ({ names }) => ({
      name: names.vault('policies'),
      location: OTHER_LOCATION(names.location),
      present: names.location,
      group: names.group,
    }),
  },
  {
    name: 'arm.invalidGroupLocation',
    ask: ({ azure, names }) =>
      azure.arm('PUT', names.groupId, {
        body: { location: OTHER_LOCATION(names.location), tags: names.tags },
      }),
    values: ({ names }) => ({
      location: OTHER_LOCATION(names.location),
      present: names.location,
    }),
  },
  {
    name: 'arm.invalidNamespace',
    ask: ({ azure, names }) =>
      azure.arm(
        'GET',
        `${names.subscriptionPath}/providers/Nonsense.${names.nobody}`,
      ),
    values: ({ names }) => ({ namespace: `Nonsense.${names.nobody}` }),
  },
  {
    name: 'arm.locationRequired',
    ask: lab => newRegistry(lab, { location: undefined }),
  },
  {
    name: 'arm.invalidFilter',
    ask: ({ azure, names }) =>
      azure.arm('GET', `${names.subscriptionPath}/resources`, {
        query: { $filter: 'complete nonsense' },
      }),
    values: () => ({ filter: 'complete nonsense' }),
  },
];
