import { Key, KeyVersion, Vault } from '../state/model';
import { DAY, DETACHED_IDENTITY_WORKS_MS } from '../assumptions';
import { reach, ReachFacts, ReachProblem, ReachPurpose } from './reach';

const NOW = Date.UTC(2030, 0, 1);

const version: KeyVersion = {
  version: 'a'.repeat(32),
  kty: 'RSA',
  keyOps: ['wrapKey', 'unwrapKey'],
  enabled: true,
  createdAt: NOW - DAY,
  updatedAt: NOW - DAY,
};
const vault: Vault = {
  id: '/v',
  subscriptionId: 's',
  group: 'g',
  name: 'kv',
  location: 'westeurope',
  tags: {},
  createdAt: 0,
  createdBy: '',
  modifiedAt: 0,
  modifiedBy: '',
  tenantId: 't',
  sku: { family: 'A', name: 'standard' },
  accessPolicies: [],
  softDeleteRetentionInDays: 90,
  publicNetworkAccess: 'Enabled',
  flags: {},
};
const key: Key = { id: 'kv/k', vault: 'kv', name: 'k', versions: [version] };
const closed = (bypass: string): Vault => ({
  ...vault,
  networkAcls: {
    bypass,
    defaultAction: 'Deny',
    ipRules: [],
    virtualNetworkRules: [],
  },
});
const all = { get: true, wrap: true, unwrap: true };
const facts: ReachFacts = {
  identity: { kind: 'user' },
  vault,
  key,
  version,
  may: all,
  now: NOW,
  userAssignedPassesBypass: true,
};

describe('reach', () => {
  it.each<
    [
      why: string,
      change: Partial<ReachFacts>,
      purpose: ReachPurpose,
      verdict: ReachProblem | 'reaches',
    ]
  >([
    ['everything is in order', {}, 'rewrap', 'reaches'],
    ['no identity', { identity: undefined }, 'unwrap', 'identity'],
    [
      'a detached identity still reads',
      { identity: { kind: 'user', lostAt: NOW } },
      'unwrap',
      'reaches',
    ],
    [
      'a detached identity cannot rotate',
      { identity: { kind: 'user', lostAt: NOW } },
      'rewrap',
      'identity',
    ],
    [
      'one millisecond before its certificate expires',
      {
        identity: {
          kind: 'user',
          lostAt: NOW - DETACHED_IDENTITY_WORKS_MS + 1,
        },
      },
      'unwrap',
      'reaches',
    ],
    [
      'when its certificate has expired',
      { identity: { kind: 'user', lostAt: NOW - DETACHED_IDENTITY_WORKS_MS } },
      'unwrap',
      'identity',
    ],
    ['no vault', { vault: undefined }, 'unwrap', 'vault'],
    [
      'a closed vault without bypass',
      { vault: closed('None') },
      'unwrap',
      'firewall',
    ],
    [
      'a closed vault with bypass',
      { vault: closed('AzureServices') },
      'unwrap',
      'reaches',
    ],
    [
      'public access disabled, bypass by default',
      { vault: { ...vault, publicNetworkAccess: 'Disabled' } },
      'unwrap',
      'reaches',
    ],
    ['no key', { key: undefined }, 'unwrap', 'key'],
    [
      'a deleted key',
      { key: { ...key, deleted: { at: 1, purgeAt: 2 } } },
      'unwrap',
      'key',
    ],
    ['no version', { version: undefined }, 'unwrap', 'version'],
    [
      'a disabled version',
      { version: { ...version, enabled: false } },
      'unwrap',
      'disabled',
    ],
    [
      'an expired version still unwraps',
      { version: { ...version, expiresAt: NOW } },
      'unwrap',
      'reaches',
    ],
    [
      'an expired version does not wrap',
      { version: { ...version, expiresAt: NOW } },
      'rewrap',
      'dates',
    ],
    [
      'one millisecond before it expires',
      { version: { ...version, expiresAt: NOW + 1 } },
      'rewrap',
      'reaches',
    ],
    [
      'a version that is not valid yet',
      { version: { ...version, notBefore: NOW + 1 } },
      'rewrap',
      'dates',
    ],
    [
      'a key that cannot wrap',
      { version: { ...version, kty: 'EC' } },
      'rewrap',
      'kind',
    ],
    ['no unwrap', { may: { ...all, unwrap: false } }, 'unwrap', 'access'],
    [
      'without get pulls still work',
      { may: { ...all, get: false } },
      'unwrap',
      'reaches',
    ],
    ['no get', { may: { ...all, get: false } }, 'rewrap', 'access'],
    ['no wrap', { may: { ...all, wrap: false } }, 'rewrap', 'access'],
  ])('%s', (_why, change, purpose, verdict) => {
    const found = reach({ ...facts, ...change }, purpose);
    expect(found.reaches ? 'reaches' : found.problem).toBe(verdict);
  });
});
