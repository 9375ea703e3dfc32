import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  bundleWith,
  type Change,
  NEW,
  OLD,
  version,
} from '../../__testUtils__/encryptedRegistries';
import type { Consumer, ConsumerUse, LookedAt } from '../consumers/consumer';
import type { ChangeIntent } from './intent';
import type { PlanContext } from './draft';
import { planFingerprint } from './fingerprint';
import { checkOf, plan } from './__testUtils__/planOf';

const MOVED: Change = { inUse: NEW, versions: [version(NEW), version(OLD)] };
const { registry } = bundleWith(MOVED);
const KEY = registry.key as KeyIdentifier;
const [{ clientId = '', principalId = '', resourceId }] =
  registry.userAssignedIdentities;
const EVERYTHING: LookedAt = { state: 'all', types: [], notReadable: [] };

const use = (changes: Partial<ConsumerUse> = {}): ConsumerUse => ({
  key: KEY.versionless,
  isInUse: false,
  use: 'current',
  identities: [],
  ...changes,
});

/** A SQL server that uses the key of the registry. */
const sql = (uses: Partial<ConsumerUse>, changes: Partial<Consumer> = {}) => ({
  id: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Sql/servers/Orders',
  type: 'microsoft.sql/servers',
  name: 'Orders',
  subscriptionId: '1',
  resourceGroup: 'rg',
  location: 'westeurope',
  uses: [use(uses)],
  ...changes,
});

const planned = (
  intent: ChangeIntent,
  services: Consumer[],
  {
    change = MOVED,
    lookedAt = EVERYTHING,
  }: { change?: Change; lookedAt?: LookedAt } = {},
) =>
  plan(intent, change, {
    registries: [bundleWith(change).registry],
    services,
    lookedAt,
  } satisfies Partial<PlanContext>);

const serviceEffects = (draft: ReturnType<typeof plan>) =>
  draft.effects.flatMap(effect =>
    effect.kind === 'service-loses-key' ? [effect.certain] : [],
  );

describe('a retirement', () => {
  const RETIRE: ChangeIntent = { kind: 'retire', version: OLD };

  it.each<[string, Partial<ConsumerUse>]>([
    ['uses', { key: KEY.at(OLD), isInUse: true }],
    ['is set to', { key: KEY.at(OLD) }],
    ['has earlier data on', { key: KEY.at(OLD), use: 'earlier' }],
  ])('is refused while another service %s the version', (_how, uses) => {
    const draft = planned(RETIRE, [sql(uses)]);
    expect(checkOf(draft, 'other-services')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(
        /use the version .*, or name it in their settings: SQL server\. SQL server: Within 10 minutes/,
      ),
    });
    expect(serviceEffects(draft)).toEqual([true]);
  });

  it.each<[string, Partial<ConsumerUse>]>([
    ['does not show its version', {}],
    ['may have moved on from the version that is set', { key: KEY.at(NEW) }],
  ])('is not known to be harmless where another service %s', (_how, uses) => {
    const draft = planned(RETIRE, [sql(uses)]);
    expect(checkOf(draft, 'other-services')).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining(
        'Not known to have moved on: SQL server',
      ),
    });
    expect(serviceEffects(draft)).toEqual([false]);
    expect(draft.services).toHaveLength(1);
  });

  it.each<[string, Partial<ConsumerUse>]>([
    ['is known to use another', { key: KEY.at(NEW), isInUse: true }],
    ['stays on another', { key: KEY.at(NEW), follows: false }],
  ])('warns of old data where a service %s', (_how, uses) => {
    const draft = planned(RETIRE, [sql(uses)]);
    expect(checkOf(draft, 'other-services')).toMatchObject({ status: 'pass' });
    expect(checkOf(draft, 'earlier-data')).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('Backups'),
    });
    expect(serviceEffects(draft)).toEqual([]);
  });

  it.each<[LookedAt['state'], RegExp]>([
    ['no', /^Other Azure services: not looked at\.$/],
    ['partly', /^Not all of the other Azure services could be looked at/],
  ])('says that it is not known when looked at %s', (state, message) => {
    const lookedAt = { ...EVERYTHING, state };
    expect(
      checkOf(planned(RETIRE, [], { lookedAt }), 'other-services'),
    ).toMatchObject({
      status: 'unknown',
      message: expect.stringMatching(message),
    });
  });

  it('passes when every service was looked at and none uses the version', () => {
    expect(checkOf(planned(RETIRE, []), 'other-services')).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('Always Encrypted'),
    });
  });
});

describe('a revoke', () => {
  it.each<[string, Partial<ConsumerUse>, boolean[]]>([
    ['disable-version', { key: KEY.at(NEW), isInUse: true }, [true]],
    ['disable-version', {}, [false]],
    ['disable-version', { key: KEY.at(OLD), isInUse: true }, []],
    ['disable-all-versions', { key: KEY.at(OLD), isInUse: true }, [true]],
    ['delete-key', {}, [true]],
  ])('by %s of a key with the use %j', (method, uses, expected) => {
    const draft = planned({ kind: 'revoke', method } as ChangeIntent, [
      sql(uses),
    ]);
    expect(serviceEffects(draft)).toEqual(expected);
    expect(draft.methods?.find(({ chosen }) => chosen)?.services).toBe(
      expected.length,
    );
    const { status, message } = checkOf(draft, 'other-services')!;
    expect([status, /SQL server.*10 minutes/.test(message)]).toEqual(
      expected.length > 0 ? ['warn', true] : ['pass', false],
    );
  });

  it.each([
    ['its object id', { reference: 'x', principalId }],
    ['its client id', { reference: clientId }],
    ['its ARM id', { reference: resourceId }],
  ])('of an identity counts who names it by %s', (_how, identity) => {
    const revoke: ChangeIntent = { kind: 'revoke', method: 'access-policy' };
    expect(
      serviceEffects(planned(revoke, [sql({ identities: [identity] })])),
    ).toEqual([true]);
    expect(
      serviceEffects(
        planned(revoke, [sql({ identities: [{ reference: 'another' }] })]),
      ),
    ).toEqual([]);
  });

  it('names what it takes from other services among the changes', () => {
    const draft = planned({ kind: 'revoke', method: 'delete-key' }, [sql({})]);
    expect(draft.changes).toContainEqual({
      what: 'Access of 1 resource of other Azure services to the key',
      before: 'granted',
      after: 'none',
    });
  });
});

describe.each<ChangeIntent>([
  { kind: 'rotate' },
  {
    kind: 'automatic-rotation',
    rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
  },
])('the plan of $kind', intent => {
  const following = (services: Consumer[], lookedAt = EVERYTHING) => {
    const draft = planned(intent, services, { lookedAt });
    expect(serviceEffects(draft)).toEqual([]);
    return checkOf(draft, 'services-follow');
  };

  it.each<[string, Partial<ConsumerUse>, string, RegExp]>([
    [
      'takes it',
      { follows: true },
      'pass',
      /^Take the new version by themselves: SQL server \(time not documented\)\.$/,
    ],
    ['stays', { follows: false }, 'warn', /^Stay on their version: SQL server/],
    [
      'that keeps the key for earlier data stays',
      { use: 'earlier', follows: true },
      'warn',
      /^Stay on their version: SQL server/,
    ],
    [
      'is not known to take it',
      {},
      'warn',
      /^Not known whether they take it: SQL server/,
    ],
  ])('says that a service %s', (_does, uses, status, message) => {
    expect(following([sql(uses)])).toMatchObject({
      status,
      message: expect.stringMatching(message),
    });
  });

  it('says when each service takes it, and how far others were looked at', () => {
    const disks = 'microsoft.compute/diskencryptionsets';
    expect(
      following(
        [
          sql({ follows: true }, { id: '/1', type: disks }),
          sql({ follows: true }, { id: '/2', type: disks }),
          sql({ follows: false }),
        ],
        { ...EVERYTHING, state: 'no' },
      ),
    ).toMatchObject({
      status: 'warn',
      message:
        'Take the new version by themselves: disk encryption set (within an hour) (2). Stay on their version: SQL server. Other Azure services: not looked at.',
    });
  });

  it.each([
    ['no', [], /^Other Azure services: not looked at\.$/],
    ['partly', [], /^Not all of the other Azure services could be looked at/],
    ['partly', [sql({ follows: true })], /^Take the new .* Not all of the/],
  ] as const)(
    'does not pass where others may use the key: looked at %s',
    (state, services, message) => {
      expect(following([...services], { ...EVERYTHING, state })).toMatchObject({
        status: 'unknown',
        message: expect.stringMatching(message),
        remedy: expect.stringContaining('key-consumer-reader.json'),
      });
    },
  );

  it('passes where all were looked at and none uses the key, and does not depend on that', () => {
    expect(following([])).toMatchObject({
      status: 'pass',
      message: expect.stringMatching(/^None of the other Azure services/),
    });
    const agreed = (state: LookedAt['state']) =>
      planFingerprint(
        intent,
        planned(intent, [], { lookedAt: { ...EVERYTHING, state } }),
      );
    expect(agreed('no')).toEqual(agreed('all'));
  });
});
