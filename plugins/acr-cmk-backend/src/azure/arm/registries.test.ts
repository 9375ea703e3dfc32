import type { Registry } from '@azure/arm-containerregistry';
import {
  RegistryId,
  type RegistryNetwork,
} from 'backstage-plugin-acr-cmk-common';
import { OPEN_NETWORK } from '../../__testUtils__/encryptedRegistries';
import {
  checkedOperationUrl,
  identityOf,
  toOperationStatus,
  toRegistryFacts,
  toLocations,
} from './registries';

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const ID = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shop1`;
const LOCATED = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/locations/westeurope/operationResults/registries-1`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop`;

/** As ARM answers: types with a small first letter, `resourcegroups` in ids of identities. */
const ANSWERED: Registry = {
  id: ID,
  name: 'shop1',
  location: 'westeurope',
  sku: { name: 'Premium' },
  loginServer: 'shop1.azurecr.io',
  provisioningState: 'Succeeded',
  tags: { team: 'shop' },
  identity: {
    type: 'userAssigned' as any,
    userAssignedIdentities: {
      [IDENTITY.replace('resourceGroups', 'resourcegroups')]: {
        clientId: 'c',
        principalId: 'p',
      },
    },
  },
  encryption: {
    status: 'enabled',
    keyVaultProperties: {
      keyIdentifier: 'https://kv-shop.vault.azure.net/keys/orders',
      identity: 'c',
    },
  },
};

describe('a registry as facts', () => {
  it('has its identities by ids in Azure’s own spelling', () => {
    expect(toRegistryFacts(ANSWERED).userAssignedIdentities).toEqual([
      { resourceId: IDENTITY, clientId: 'c', principalId: 'p' },
    ]);
  });

  // containerregistry.json 2025-11-01: publicNetworkAccess and networkRuleSet.defaultAction default to Enabled and Allow.
  it.each<[why: string, answered: Partial<Registry>, network: RegistryNetwork]>(
    [
      ['nothing', {}, OPEN_NETWORK],
      [
        'a closed endpoint',
        { publicNetworkAccess: 'Disabled' },
        { ...OPEN_NETWORK, publicNetworkAccess: false },
      ],
      [
        'an endpoint state that is not known',
        { publicNetworkAccess: 'SecuredByPerimeter' },
        { ...OPEN_NETWORK, publicNetworkAccess: false },
      ],
      [
        'selected networks',
        {
          publicNetworkAccess: 'Enabled',
          networkRuleSet: {
            defaultAction: 'Deny',
            ipRules: [
              { action: 'Allow', iPAddressOrRange: '203.0.113.7' },
              { action: 'Allow', iPAddressOrRange: '10.0.0.0/8' },
            ],
          },
        },
        {
          publicNetworkAccess: true,
          defaultAction: 'deny',
          ipRules: ['10.0.0.0/8', '203.0.113.7'],
        },
      ],
    ],
  )('of %s has its network rules', (_why, answered, network) => {
    expect(toRegistryFacts({ ...ANSWERED, ...answered }).network).toEqual(
      network,
    );
  });

  it('has no rotation time before the first rotation', () => {
    expect(toRegistryFacts(ANSWERED).encryption).not.toHaveProperty(
      'lastKeyRotation',
    );
  });

  it('keeps a rotation time of seven decimals to the millisecond', () => {
    const facts = toRegistryFacts({
      ...ANSWERED,
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          lastKeyRotationTimestamp: new Date('2026-11-01T10:00:00.1234567Z'),
        },
      } as any,
    });
    expect(facts.encryption.lastKeyRotation).toBe('2026-11-01T10:00:00.123Z');
  });

  it.each<[type: string, systemPrincipalId: string | undefined]>([
    ['systemAssigned', 's'],
    ['SystemAssigned', 's'],
    ['systemAssigned, userAssigned', 's'],
    ['userAssigned', undefined],
    ['None', undefined],
  ])('of identity type %s has the system identity %s', (type, expected) => {
    const facts = toRegistryFacts({
      ...ANSWERED,
      identity: { type: type as any, principalId: 's' } as any,
    });
    expect(facts.systemPrincipalId).toBe(expected);
  });

  it('without identity and encryption is a registry without a key', () => {
    const facts = toRegistryFacts({
      ...ANSWERED,
      identity: null as any,
      encryption: undefined,
      tags: undefined,
    });
    expect(facts).toMatchObject({
      encryption: { status: 'disabled' },
      userAssignedIdentities: [],
      tags: {},
    });
  });
});

describe('the identity that a PATCH attaches', () => {
  it.each<[attach: string, system: boolean, user: boolean, type: string]>([
    ['system', false, false, 'SystemAssigned'],
    ['system', false, true, 'SystemAssigned, UserAssigned'],
    [IDENTITY, false, false, 'UserAssigned'],
    [IDENTITY, false, true, 'UserAssigned'],
    [IDENTITY, true, false, 'SystemAssigned, UserAssigned'],
  ])('%s on top of (%s, %s) is %s', (attach, system, userAssigned, type) => {
    expect(identityOf({ attach, current: { system, userAssigned } })).toEqual({
      type,
      ...(attach === 'system'
        ? {}
        : { userAssignedIdentities: { [IDENTITY]: {} } }),
    });
  });
});

describe('the state of an operation', () => {
  it.each<[why: string, body: any, expected: object]>([
    ['done', { status: 'Succeeded' }, { status: 'succeeded' }],
    [
      'F9: failed',
      { status: 'Failed', error: { code: 'BadRequest', message: 'No key.' } },
      { status: 'failed', code: 'BadRequest', message: 'No key.' },
    ],
    // common-types/resource-management, ErrorDetail.details.
    [
      'F9: failed, with the cause in the details',
      {
        status: 'Failed',
        error: {
          code: 'BadRequest',
          message: 'See details.',
          details: [{ code: 'X', message: 'No key.' }],
        },
      },
      {
        status: 'failed',
        code: 'BadRequest',
        message: 'See details. No key.',
      },
    ],
    [
      'F9: cancelled, without a reason',
      { status: 'Canceled' },
      {
        status: 'failed',
        code: 'Canceled',
        message: 'Azure ended the operation as Canceled',
      },
    ],
    [
      'F9: in progress',
      { status: 'Updating' },
      { status: 'running', retryAfterSeconds: 3 },
    ],
    [
      'a state that is new to us is work in progress',
      { status: 'Pondering' },
      { status: 'running', retryAfterSeconds: 3 },
    ],
    ['an empty body', undefined, { status: 'running', retryAfterSeconds: 3 }],
  ])('%s', (_why, body, expected) => {
    expect(toOperationStatus(body, 3)).toEqual(expected);
  });
});

describe('the URL of an operation', () => {
  const id = RegistryId.parse(ID);
  const url = (path: string) =>
    `https://management.azure.com${path}?api-version=2025-11-01`;

  it('of this registry is taken, in any case', () => {
    const loud = url(`${ID.toUpperCase()}/operationStatuses/registries-1`);
    expect(checkedOperationUrl(id, loud, 'management.azure.com')).toBe(loud);
  });

  it.each([
    ['another host', `https://evil.example${ID}/operationStatuses/1`],
    [
      'a host that begins alike',
      `https://management.azure.com.evil.example${ID}/operationStatuses/1`,
    ],
    [
      'a host behind user info',
      `https://management.azure.com@evil.example${ID}/operationStatuses/1`,
    ],
    ['user info', `https://me@management.azure.com${ID}/operationStatuses/1`],
    ['a port', `https://management.azure.com:8443${ID}/operationStatuses/1`],
    ['no TLS', `http://management.azure.com${ID}/operationStatuses/1`],
    ['another registry', url(`${ID}2/operationStatuses/1`)],
    ['another subscription', url(LOCATED.replace('1111-4111', '2222-4111'))],
    ['something else at a location', url(`${LOCATED}/keys`)],
    ['the registry itself', url(ID)],
    ['a way out', url(`${ID}/../shop2/operationStatuses/1`)],
    ['an encoded way out', url(`${ID}/%2e%2e/shop2/operationStatuses/1`)],
    ['an encoded slash', url(`${ID}/..%2fshop2/operationStatuses/1`)],
    ['no URL', 'later'],
  ])('is not asked, and no refusal of the change: %s', (_why, operationUrl) => {
    expect(() =>
      checkedOperationUrl(id, operationUrl, 'management.azure.com'),
    ).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });

  // As the deletion of a registry answers in 2026-03-01-preview, in a recording of 2026-04-03.
  it('at a location of its subscription is taken, with its signature', () => {
    const signed = `${url(LOCATED)}&t=1&c=MII&s=abc&h=def`;
    expect(checkedOperationUrl(id, signed, 'management.azure.com')).toBe(
      signed,
    );
  });

  it('that failed without an error says how it ended', () => {
    expect(
      toOperationStatus({ properties: { provisioningState: 'Failed' } }),
    ).toEqual({
      status: 'failed',
      code: 'Failed',
      message: 'Azure ended the operation as Failed',
    });
  });
});

describe('the locations of registries', () => {
  it('are names, made of what the provider shows', () => {
    expect(
      toLocations({
        resourceTypes: [
          { resourceType: 'locations', locations: [] },
          {
            resourceType: 'registries',
            locations: ['West Europe', 'East US 2'],
          },
        ],
      }),
    ).toEqual(['westeurope', 'eastus2']);
  });

  it('are not guessed from another answer', () => {
    expect(() => toLocations({ resourceTypes: [] })).toThrow('no locations');
  });
});
