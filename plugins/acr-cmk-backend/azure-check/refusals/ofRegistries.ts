import {
  clientOf,
  encryption,
  follow,
  guid,
  guidOf,
  host,
  identityId,
  newRegistry,
  patchFollow,
  type RefusalRequest,
} from './requests';

/** What registries refuse, over ARM and in their own API. */
export const OF_REGISTRIES: RefusalRequest[] = [
  {
    name: 'registry.invalidName',
    ask: lab => newRegistry(lab, {}, 'no-hyphens'),
    values: () => ({ registry: 'no-hyphens' }),
  },
  {
    name: 'registry.premiumOnly',
    ask: async lab =>
      newRegistry(lab, {
        sku: { name: 'Standard' },
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [lab.names.identityId('follow')]: {} },
        },
        ...encryption(
          lab.names.keyUri('follow'),
          await clientOf(lab, 'follow'),
        ),
      }),
  },
  {
    name: 'registry.featureNeedsPremium',
    ask: lab =>
      newRegistry(lab, {
        sku: { name: 'Standard' },
        properties: { dataEndpointEnabled: true },
      }),
    values: () => ({ feature: 'dedicated data endpoints' }),
  },
  {
    name: 'registry.trustBlockedByEncryption',
    ask: lab =>
      patchFollow(lab, {
        properties: {
          policies: { trustPolicy: { type: 'Notary', status: 'enabled' } },
        },
      }),
  },
  {
    name: 'registry.exportNeedsClosedNetwork',
    ask: lab =>
      patchFollow(lab, {
        properties: { policies: { exportPolicy: { status: 'disabled' } } },
      }),
  },
  {
    name: 'registry.cannotDisable',
    ask: lab =>
      patchFollow(lab, { properties: { encryption: { status: 'disabled' } } }),
    values: ({ names }) => ({ registry: names.registry('follow') }),
  },
  {
    name: 'registry.bothRequired',
    ask: lab => patchFollow(lab, encryption(lab.names.keyUri('follow'))),
  },
  {
    name: 'registry.userAssignedAtCreation',
    ask: lab =>
      newRegistry(lab, {
        identity: { type: 'SystemAssigned' },
        ...encryption(lab.names.keyUri('follow'), 'system'),
      }),
  },
  {
    name: 'registry.invalidKeyIdentifier',
    ask: async lab =>
      patchFollow(lab, encryption('nonsense', await clientOf(lab, 'follow'))),
    values: () => ({ keyIdentifier: 'nonsense' }),
  },
  {
    name: 'registry.identityNotAttached',
    ask: async lab =>
      patchFollow(
        lab,
        encryption(
          lab.names.keyUri('follow'),
          await clientOf(lab, 'keyDeleted'),
        ),
      ),
    values: lab => ({
      registryId: follow(lab),
      registry: lab.names.registry('follow'),
    }),
  },
  {
    name: 'registry.cannotReachKey',
    ask: async lab =>
      patchFollow(
        lab,
        encryption(
          lab.names.keyUri('keyDisabled'),
          await clientOf(lab, 'follow'),
        ),
      ),
    values: ({ names }) => ({ keyIdentifier: names.keyUri('keyDisabled') }),
  },
  {
    name: 'registry.invalidIdentityValues',
    ask: lab =>
      patchFollow(lab, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: {
            [lab.names.identityId('follow')]: {
              principalId: guid(),
              clientId: guid(),
            },
          },
        },
      }),
  },
  {
    name: 'registry.identityMissing',
    ask: lab =>
      patchFollow(lab, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [identityId(lab, lab.names.nobody)]: {} },
        },
      }),
    values: lab => ({ identity: identityId(lab, lab.names.nobody) }),
  },
  {
    name: 'registry.identityInUse',
    ask: lab =>
      patchFollow(lab, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [lab.names.identityId('follow')]: null },
        },
      }),
    values: ({ names }) => ({
      identity: names.identityId('follow'),
      registry: names.registry('follow'),
    }),
  },
  {
    name: 'registry.noSuchOperation',
    ask: lab =>
      lab.azure.arm(
        'GET',
        `${follow(lab)}/operationStatuses/registries-${guidOf(
          lab.names.runId,
        )}`,
      ),
    values: ({ names }) => ({ operation: `registries-${guidOf(names.runId)}` }),
  },
  {
    name: 'registry.adminDisabled',
    ask: lab => lab.azure.arm('POST', `${follow(lab)}/listCredentials`),
    values: ({ names }) => ({ registry: names.registry('follow') }),
  },
  {
    name: 'registry.unauthorized',
    ask: lab => lab.azure.anonymous('GET', `https://${host(lab)}/v2/`),
  },
  {
    name: 'registry.insufficientScope',
    ask: lab =>
      lab.azure.registry(
        'GET',
        { host: host(lab), path: '/v2/_catalog' },
        {
          scope: 'repository:app:pull',
        },
      ),
  },
  {
    name: 'registry.denied',
    ask: lab =>
      lab.azure.anonymous('POST', `https://${host(lab)}/oauth2/exchange`, {
        body: new URLSearchParams({
          grant_type: 'access_token',
          service: host(lab),
          access_token: 'nonsense',
        }),
      }),
  },
  {
    name: 'registry.unsupportedGrant',
    ask: lab =>
      lab.azure.anonymous('POST', `https://${host(lab)}/oauth2/token`, {
        body: new URLSearchParams({
          grant_type: 'nonsense',
          service: host(lab),
        }),
      }),
    values: () => ({ grant: 'nonsense' }),
  },
  {
    name: 'registry.noManifest',
    ask: lab =>
      lab.azure.registry(
        'GET',
        { host: host(lab), path: '/v2/app/manifests/nosuchtag' },
        {
          scope: 'repository:app:pull',
        },
      ),
    values: () => ({ reference: 'nosuchtag' }),
  },
  {
    name: 'registry.noBlob',
    ask: lab =>
      lab.azure.registry(
        'GET',
        { host: host(lab), path: `/v2/app/blobs/sha256:${'0'.repeat(64)}` },
        {
          scope: 'repository:app:pull',
        },
      ),
  },
  {
    name: 'registry.noRepository',
    ask: lab =>
      lab.azure.registry(
        'GET',
        { host: host(lab), path: '/v2/nosuch/manifests/1.0' },
        {
          scope: 'repository:nosuch:pull',
        },
      ),
  },
];
