import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fact, KeyFacts } from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  ahead,
  assignment,
  bundleWith,
  type Change,
  denied,
  known,
  NEW,
  NOW,
  OLD,
  encryptedRegistryWith,
  saysVault,
  version,
} from '../../__testUtils__/encryptedRegistries';
import {
  type EncryptedRegistry,
  encryptedRegistryOf,
  shortVersion,
} from '../encryptedRegistry';
import {
  findingRules,
  findingsOf,
  plainRegistryRules,
  rulesFingerprint,
} from '.';
import { checkOf, type FindingRule, type Verdict } from './rule';

type Row = [why: string, change: Change, verdict: Verdict['verdict']];

const newer = (span: { minutes?: number; days?: number }) => [
  version(NEW, { created: ago(span) }),
  version(OLD),
];
const BY_POLICY = {
  rotatesByPolicy: true,
  rotationPolicy: { timeAfterCreate: 'P90D' },
};
const expiring = (span: { days: number }) => [
  version(OLD, { created: ago({ days: 0 }), expires: ahead(span) }),
];
const detached = { registry: { userAssignedIdentities: [] } };
const rbac = { permissionModel: 'rbac' as const };

/** The identity's own access policy with these key permissions. */
const policyOf = (...keys: string[]): Change => {
  const { vault } = bundleWith();
  if (!vault?.known) throw new Error('The vault is known by default');
  const [own] = vault.value.accessPolicies;
  return { vault: { accessPolicies: [{ ...own, keys }] } };
};

const PROBLEM = {
  kind: 'unavailable',
  code: 'TimedOut',
  message: 'Nobody answers',
} as const;
const gone = { versions: [version(NEW, { created: ago({ days: 90 }) })] };
const withoutVersion = bundleWith(gone).key as Extract<
  Fact<KeyFacts>,
  { known: true }
>;
/** The key may have newer versions, of which the registry uses one. */
const notReadSince = { ...gone, registrySince: NOW + 1 };

const showsNoVersion = {
  encryption: {
    ...bundleWith().registry.encryption,
    versionedKeyIdentifier: undefined,
  },
};

const keyGone = {
  known: false,
  problem: { kind: 'not-found', code: 'KeyNotFound', message: 'gone' },
} as const;

/** One table for each rule. */
const tables: Record<string, Row[]> = {
  'identity-deleted': [
    ['there', { identityExists: true }, 'ok'],
    ['attached, and whether it is there is not known', {}, 'ok'],
    ['gone, and named by the registry', { identityExists: false }, 'found'],
    ['gone and detached', { ...detached, identityExists: false }, 'found'],
  ],
  'identity-detached': [
    ['attached', {}, 'ok'],
    ['detached', { ...detached, identityExists: true }, 'found'],
    ['detached, and whether it is there is not known', detached, 'found'],
    ['detached and gone', { ...detached, identityExists: false }, 'ok'],
  ],
  'vault-firewall': [
    ['open', {}, 'ok'],
    ['closed, services may pass', { vault: { defaultAction: 'deny' } }, 'ok'],
    [
      'closed to all',
      { vault: { defaultAction: 'deny', trustedServicesBypass: false } },
      'found',
    ],
    [
      'public access off, services may pass',
      { vault: { publicNetworkAccess: false } },
      'ok',
    ],
    [
      'public access off, closed to all',
      { vault: { publicNetworkAccess: false, trustedServicesBypass: false } },
      'found',
    ],
    ['the vault cannot be read', { vault: denied }, 'undecided'],
  ],
  'no-access-path': [
    ['a policy with all three', {}, 'ok'],
    ['no policy', { vault: { accessPolicies: [] } }, 'found'],
    [
      'a role at the key',
      { vault: rbac, assignments: known([assignment()]) },
      'ok',
    ],
    [
      'a role that does not wrap',
      { vault: rbac, assignments: known([assignment({ keyUses: ['get'] })]) },
      'found',
    ],
    [
      'a role that only unwraps',
      {
        vault: rbac,
        assignments: known([assignment({ keyUses: ['get', 'unwrapKey'] })]),
      },
      'ok',
    ],
    [
      'a role that only decrypts',
      {
        vault: rbac,
        assignments: known([assignment({ keyUses: ['decrypt'] })]),
      },
      'ok',
    ],
    ['a policy with unwrapKey alone', policyOf('unwrapKey'), 'ok'],
    ['a policy with decrypt alone', policyOf('Decrypt'), 'ok'],
    ['a policy with "all"', policyOf('all'), 'ok'],
    ['a policy without unwrapKey', policyOf('get', 'wrapKey'), 'found'],
    [
      'an inherited role',
      {
        vault: rbac,
        assignments: known([assignment({ scope: '/subscriptions/x' })]),
      },
      'ok',
    ],
    ['no role', { vault: rbac, assignments: known([]) }, 'found'],
    [
      'policies do not count in an RBAC vault',
      { vault: rbac, assignments: known([]) },
      'found',
    ],
    ['detached is another rule', detached, 'ok'],
    [
      'the assignments cannot be read',
      { vault: rbac, assignments: denied },
      'undecided',
    ],
    ['the assignments were never read', { vault: rbac }, 'undecided'],
    ['the vault cannot be read', { vault: denied }, 'undecided'],
  ],
  'access-incomplete': [
    ['a policy with all three', {}, 'ok'],
    ['a policy without wrapKey', policyOf('get', 'unwrapKey'), 'found'],
    ['a policy with decrypt alone', policyOf('decrypt'), 'found'],
    ['no policy is another rule', policyOf(), 'ok'],
    ['a policy without unwrapKey is another rule', policyOf('get'), 'ok'],
    [
      'a role without wrap',
      {
        vault: rbac,
        assignments: known([assignment({ keyUses: ['get', 'unwrapKey'] })]),
      },
      'found',
    ],
    [
      'the rights of two roles add up',
      {
        vault: rbac,
        assignments: known([
          assignment({ keyUses: ['get', 'wrapKey'] }),
          assignment({ keyUses: ['unwrapKey'] }),
        ]),
      },
      'ok',
    ],
    ['detached is another rule', detached, 'ok'],
    ['the vault cannot be read', { vault: denied }, 'ok'],
  ],
  'version-unusable': [
    ['enabled', {}, 'ok'],
    ['disabled', { versions: [version(OLD, { enabled: false })] }, 'found'],
    [
      'another version is disabled',
      { versions: [version(NEW, { enabled: false }), version(OLD)] },
      'ok',
    ],
    ['gone', { versions: [version(NEW)] }, 'found'],
    [
      'the key is deleted',
      {
        key: keyGone,
        deletedKey: known({
          deletedAt: '2026-11-24T10:00:00Z',
          scheduledPurgeAt: '2027-02-22T10:00:00Z',
        }),
      },
      'found',
    ],
    [
      'the key is gone',
      {
        key: {
          known: false,
          problem: { kind: 'not-found', code: 'KeyNotFound', message: 'gone' },
        },
      },
      'found',
    ],
    ['the key cannot be read', { key: denied }, 'undecided'],
    [
      'the vault is in no subscription that is listed',
      {
        key: {
          known: false,
          problem: { ...PROBLEM, kind: 'not-found', code: 'VaultNotFound' },
        },
      },
      'undecided',
    ],
    [
      'the vault was there and is gone',
      {
        key: {
          known: false,
          problem: { ...PROBLEM, kind: 'not-found', code: 'VaultGone' },
        },
      },
      'found',
    ],
    [
      'gone, and the key was read since',
      { ...gone, registrySince: NOW },
      'found',
    ],
    [
      'gone, and the key was not read since the registry uses it',
      { ...gone, registrySince: NOW + 1 },
      'undecided',
    ],
    [
      'gone, and a list has shown the key as unchanged since',
      {
        key: { ...withoutVersion, confirmedAt: NOW + 1 },
        registrySince: NOW + 1,
      },
      'found',
    ],
    [
      'gone, and the key could not be read again',
      { key: { ...withoutVersion, refreshProblem: PROBLEM } },
      'undecided',
    ],
  ],
  'key-expired': [
    ['no expiry', {}, 'ok'],
    [
      'a minute ago',
      { versions: [version(OLD, { expires: ago({ minutes: 1 }) })] },
      'found',
    ],
    [
      'in a minute',
      { versions: [version(OLD, { expires: ahead({ minutes: 1 }) })] },
      'ok',
    ],
    ['the key cannot be read is another rule', { key: denied }, 'ok'],
  ],
  'pinned-key-trap': [
    ['manual, no policy', { mode: 'manual' }, 'ok'],
    [
      'manual, the vault rotates',
      { mode: 'manual', key: { rotatesByPolicy: true } },
      'found',
    ],
    ['automatic, the vault rotates', { key: { rotatesByPolicy: true } }, 'ok'],
    ['the key cannot be read', { mode: 'manual', key: denied }, 'undecided'],
  ],
  'no-rotation-policy': [
    ['automatic, the vault rotates', { key: BY_POLICY }, 'ok'],
    ['automatic, no policy', { key: { rotatesByPolicy: false } }, 'found'],
    [
      'manual is another rule',
      { mode: 'manual', key: { rotatesByPolicy: false } },
      'ok',
    ],
    ['the key cannot be read', { key: denied }, 'undecided'],
  ],
  'expiry-before-rotation': [
    ['no expiry', { key: BY_POLICY }, 'ok'],
    [
      'the expiry is later',
      { key: BY_POLICY, versions: expiring({ days: 91 }) },
      'ok',
    ],
    [
      'the expiry is first',
      { key: BY_POLICY, versions: expiring({ days: 89 }) },
      'found',
    ],
    [
      'the policy counts from the expiry',
      {
        key: {
          rotatesByPolicy: true,
          rotationPolicy: { timeBeforeExpiry: 'P30D', expiryTime: 'P90D' },
        },
        versions: expiring({ days: 89 }),
      },
      'ok',
    ],
    [
      'no policy, so that nothing comes after the expiry',
      { key: { rotatesByPolicy: false }, versions: expiring({ days: 89 }) },
      'ok',
    ],
    [
      'expired is another rule',
      {
        key: BY_POLICY,
        versions: [
          version(OLD, {
            created: ago({ days: 9 }),
            expires: ago({ days: 1 }),
          }),
        ],
      },
      'ok',
    ],
    [
      'when the policy rotates is not known',
      { key: { rotatesByPolicy: true }, versions: expiring({ days: 89 }) },
      'undecided',
    ],
    ['the key cannot be read is another rule', { key: denied }, 'ok'],
  ],
  'last-change-failed': [
    ['none', {}, 'ok'],
    [
      'Azure shows it as failed',
      { registry: { provisioningState: 'Failed' } },
      'found',
    ],
    [
      'one by this portal failed, and the registry is on an older version',
      {
        mode: 'manual',
        versions: newer({ days: 1 }),
        changes: { failed: { message: 'Azure refused it', newVersion: NEW } },
      },
      'found',
    ],
    [
      'one by this portal failed before it made a version',
      {
        mode: 'manual',
        versions: newer({ days: 1 }),
        changes: { failed: { message: 'Azure refused it' } },
      },
      'found',
    ],
    [
      'one by this portal failed, and the registry uses the latest version all the same',
      { changes: { failed: { message: 'Azure refused it' } } },
      'ok',
    ],
    [
      'the key cannot be read, which is another rule',
      { key: denied, changes: { failed: { message: 'Azure refused it' } } },
      'ok',
    ],
  ],
  'key-behind': [
    ['the newest', {}, 'ok'],
    ['converging: 59 minutes old', { versions: newer({ minutes: 59 }) }, 'ok'],
    ['behind: 61 minutes old', { versions: newer({ minutes: 61 }) }, 'found'],
    [
      'the key was not read since the registry followed',
      notReadSince,
      'undecided',
    ],
    [
      'the registry does not show its version',
      { registry: showsNoVersion, versions: newer({ minutes: 61 }) },
      'undecided',
    ],
    [
      'the newer one is disabled',
      { versions: [version(NEW, { enabled: false }), version(OLD)] },
      'ok',
    ],
    [
      'the one in use is disabled, and an older one is not',
      {
        versions: [
          version(OLD, { enabled: false, created: ago({ days: 1 }) }),
          version(NEW, { created: ago({ days: 90 }) }),
        ],
      },
      'ok',
    ],
    [
      'manual is another rule',
      { mode: 'manual', versions: newer({ days: 90 }) },
      'ok',
    ],
    ['the key cannot be read', { key: denied }, 'undecided'],
  ],
  'key-expires-soon': [
    ['no expiry', {}, 'ok'],
    [
      'in 29 days',
      { versions: [version(OLD, { expires: ahead({ days: 29 }) })] },
      'found',
    ],
    [
      'in 31 days',
      { versions: [version(OLD, { expires: ahead({ days: 31 }) })] },
      'ok',
    ],
    [
      'expired is another rule',
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
      'ok',
    ],
    ['the key cannot be read', { key: denied }, 'undecided'],
  ],
  'purge-protection-off': [
    ['on', {}, 'ok'],
    ['off', { vault: { purgeProtection: false } }, 'found'],
    [
      'not shown, as of a Managed HSM',
      { vault: { purgeProtection: undefined } },
      'undecided',
    ],
    ['the vault cannot be read', { vault: denied }, 'undecided'],
  ],
  'older-version-pinned': [
    ['manual, the newest', { mode: 'manual' }, 'ok'],
    [
      'manual, a newer one is there',
      { mode: 'manual', versions: newer({ days: 1 }) },
      'found',
    ],
    ['automatic is another rule', { versions: newer({ days: 1 }) }, 'ok'],
    [
      'a key that rotates by policy is another rule',
      {
        mode: 'manual',
        versions: newer({ days: 1 }),
        key: { rotatesByPolicy: true },
      },
      'ok',
    ],
    [
      'the key was not read since the registry uses its version',
      { mode: 'manual', ...notReadSince },
      'undecided',
    ],
    ['the key cannot be read', { mode: 'manual', key: denied }, 'undecided'],
  ],
};

/** Facts that may be unknown. */
const FACTS = ['vault', 'keyFacts', 'assignments'] as const;
type FactName = (typeof FACTS)[number];

/** Facts that the rule reads of a registry. */
function factsRead(
  rule: FindingRule,
  encrypted: EncryptedRegistry,
): FactName[] {
  const read = new Set<string | symbol>();
  checkOf(
    rule,
    new Proxy(encrypted, {
      get(target, name) {
        read.add(name);
        return Reflect.get(target, name);
      },
    }),
  );
  return FACTS.filter(name => read.has(name));
}

const isUnknown = (encrypted: EncryptedRegistry, fact: FactName) =>
  !encrypted[fact]?.known;

describe.each(findingRules.map(rule => [rule.id, rule] as const))(
  '%s',
  (id, rule) => {
    const rows = tables[id] ?? [];

    it.each(rows)('%s', (_why, change, verdict) => {
      expect(checkOf(rule, encryptedRegistryWith(change)).verdict).toBe(
        verdict,
      );
    });

    it('has a row for each fact that it reads, in which that fact is not known', () => {
      const worlds = rows.map(([, change]) => encryptedRegistryWith(change));
      const read = worlds.flatMap(world => factsRead(rule, world));
      const shown = FACTS.filter(fact =>
        worlds.some(
          world =>
            isUnknown(world, fact) && factsRead(rule, world).includes(fact),
        ),
      );
      expect(shown).toEqual(FACTS.filter(fact => read.includes(fact)));
    });

    it('is ok without a fact that it reads only where another rule reports that', () => {
      for (const [why, change, verdict] of rows) {
        const world = encryptedRegistryWith(change);
        const lacks = factsRead(rule, world).some(fact =>
          // A vault with access policies has no assignments to read.
          fact === 'assignments'
            ? world.assignments?.known === false
            : isUnknown(world, fact),
        );
        if (verdict !== 'ok' || !lacks) continue;
        expect([why, findingsOf(world)]).toEqual([
          why,
          expect.arrayContaining([
            expect.objectContaining({ verdict: 'undecided' }),
          ]),
        ]);
      }
    });

    it('gives the same answer until the next moment of changesAt', () => {
      for (const [why, change] of rows) {
        const at = (moment: number) =>
          encryptedRegistryOf(bundleWith(change), moment)!;
        const moments = rule.checkAt ? rule.changesAt(at(NOW)) : [];
        const end = Math.min(
          ...moments.filter(moment => moment > NOW),
          Date.parse(ahead({ days: 3_650 })),
        );
        for (const share of [0.001, 0.01, 0.1, 0.5, 1]) {
          const moment = NOW + Math.floor((end - 1 - NOW) * share);
          expect([why, moment, checkOf(rule, at(moment))]).toEqual([
            why,
            moment,
            checkOf(rule, at(NOW)),
          ]);
        }
      }
    });

    it('says of a key in a Managed HSM that it is in one', () => {
      const verdicts = rows.map(([_why, change]) =>
        checkOf(
          rule,
          encryptedRegistryWith({
            ...change,
            home: 'hsm',
            vault:
              change.vault && 'known' in change.vault
                ? change.vault
                : { ...change.vault, permissionModel: 'rbac' },
          }),
        ),
      );
      expect(saysVault(verdicts)).toEqual([]);
    });

    it('says what it finds in at most 15 words, also of a Managed HSM', () => {
      const messages = rows.flatMap(([, change]) =>
        (['vault', 'hsm'] as const).flatMap(home => {
          const verdict = checkOf(
            rule,
            encryptedRegistryWith({ ...change, home }),
          );
          return verdict.verdict === 'ok' ? [] : [verdict.message];
        }),
      );
      expect(
        messages.filter(message => message.split(/\s+/).length > 15),
      ).toEqual([]);
    });

    it('has a table', () => {
      expect(rows.length).toBeGreaterThan(0);
    });
  },
);

it('has no table without a rule', () => {
  const ids = findingRules.map(({ id }) => id);
  expect(Object.keys(tables).sort()).toEqual(ids.sort());
});

it.each([...findingRules, ...plainRegistryRules].map(({ id }) => id))(
  '%s has a section in docs/troubleshooting.md',
  id => {
    const text = readFileSync(
      resolve(__dirname, '../../../../../docs/troubleshooting.md'),
      'utf8',
    );
    const headings = text.split('\n').filter(line => line.startsWith('### '));
    expect(headings).toContain(`### ${id}`);
  },
);

it.each([
  ['Azure', {}, 'Azure ended it as Failed'],
  [
    'the operation of this portal',
    { changes: { failed: { message: 'The key is refused.' } } },
    'The key is refused',
  ],
])(
  'says of a failed change what %s said, and to try again',
  (_who, change, detail) => {
    const rule = findingRules.find(({ id }) => id === 'last-change-failed')!;
    const failed = encryptedRegistryWith({
      registry: { provisioningState: 'Failed' },
      ...change,
    });
    expect(checkOf(rule, failed)).toMatchObject({
      detail,
      remedy: 'Remove the cause, then try again.',
      intent: { kind: 'rotate', key: { kind: 'current' } },
    });
  },
);

it('gives the same reason for everything that depends on a vault that cannot be read', () => {
  const findings = findingsOf(
    encryptedRegistryWith({ vault: denied, key: denied }),
  );
  expect(findings.length).toBeGreaterThan(4);
  expect(new Set(findings.map(({ detail }) => detail))).toEqual(
    new Set(['The read credential may not look']),
  );
});

describe('an expired version', () => {
  const expired = version(OLD, { expires: ago({ minutes: 1 }) });
  const findingOf = (change: Change) =>
    findingsOf(encryptedRegistryWith(change)).find(
      ({ id }) => id === 'key-expired',
    );

  it.each<[mode: 'automatic' | 'manual', key: object]>([
    ['automatic', { kind: 'current' }],
    [
      'manual',
      { kind: 'existing', keyIdentifier: expect.stringMatching(`/${NEW}$`) },
    ],
  ])('is replaced by a newer one that can be used, in %s mode', (mode, key) => {
    expect(
      findingOf({ mode, versions: [version(NEW), expired] }),
    ).toMatchObject({
      remedy: `Have the registry use version ${shortVersion(NEW)}, which is newer.`,
      intent: { kind: 'rotate', key },
    });
  });

  it.each<[why: string, change: Parameters<typeof version>[1]]>([
    ['disabled', { enabled: false }],
    ['expired', { expires: ago({ minutes: 1 }) }],
    ['not valid yet', { notBefore: ahead({ days: 1 }) }],
  ])('is replaced by a new one where the newer is %s', (_why, change) => {
    expect(
      findingOf({ versions: [version(NEW, change), expired] }),
    ).toMatchObject({
      remedy: 'Rotate to a new version.',
      intent: { kind: 'rotate' },
    });
  });
});

it('finds nothing in a healthy registry', () => {
  expect(findingsOf(encryptedRegistryWith())).toEqual([]);
});

describe('the fingerprint of the rules', () => {
  const [rule, ...others] = findingRules;

  it('is the same for the same rules', () => {
    expect(rulesFingerprint([...findingRules])).toBe(
      rulesFingerprint(findingRules),
    );
  });

  it.each<[string, object[]]>([
    ['a rule more', [...findingRules, { ...rule, id: 'new' }]],
    ['a rule less', others],
    ['another severity', [{ ...rule, severity: 'info' }, ...others]],
    ['another check', [{ ...rule, check: () => 'other' }, ...others]],
  ])('differs with %s', (_why, changed) => {
    expect(rulesFingerprint(changed)).not.toBe(rulesFingerprint(findingRules));
  });
});

describe('a key that its vault does not have', () => {
  const findingOf = (change: Change) =>
    findingsOf(encryptedRegistryWith({ key: keyGone, ...change }));

  it('is one finding, however many rules depend on the key', () => {
    expect(findingOf({ mode: 'manual' }).map(({ id }) => id)).toEqual([
      'version-unusable',
    ]);
    expect(findingOf({}).map(({ id }) => id)).toEqual(['version-unusable']);
  });

  it.each<
    [
      message: string,
      deletedKey: Change['deletedKey'],
      detail: string | undefined,
    ]
  >([
    [
      'The key shop was deleted on 24 Nov 2026, recoverable until 22 Feb 2027',
      known({
        deletedAt: '2026-11-24T10:00:00Z',
        scheduledPurgeAt: '2027-02-22T10:00:00Z',
      }),
      undefined,
    ],
    ['The key shop was deleted and can be recovered', known({}), undefined],
    [
      'The key shop does not exist in the vault kv1',
      keyGone,
      'It is not among the deleted keys. A deletion takes some seconds to show there',
    ],
    [
      'The key shop does not exist in the vault kv1, or is deleted',
      denied,
      'Could not determine until when it can be recovered: The read credential may not look',
    ],
  ])('%s', (message, deletedKey, detail) => {
    const [finding] = findingOf({ deletedKey });
    expect(finding).toMatchObject({ message, intent: { kind: 'restore' } });
    expect(finding.detail).toBe(detail);
  });

  it.each<[remedy: string, deletedKey: Change['deletedKey']]>([
    ['Restore recovers the key.', known({})],
    ['Restore recovers the key if it is soft-deleted.', keyGone],
    ['Restore recovers the key if it is soft-deleted.', denied],
  ])('%s', (remedy, deletedKey) => {
    expect(findingOf({ deletedKey })[0].remedy).toBe(remedy);
  });
});
