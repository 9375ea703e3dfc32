/**
 * Table of authorities: five people, every intent, on their own, a shared and a foreign key, in an open and a
 * closed vault, with their own and a foreign identity. The expected answers are a table that a person can read.
 */
import fc from 'fast-check';
import {
  WRAP_PERMISSIONS,
  type Intent,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import {
  bundleWith,
  encryptedRegistryWith,
  registryOf,
} from '../../__testUtils__/encryptedRegistries';
import {
  type Effect,
  effectsOf,
  registriesRegainingKey,
} from '../../domain/effects';
import type { Consumer } from '../../domain/consumers/consumer';
import type { Registry } from '../../domain/registry';
import type { StepSpec } from '../../domain/steps';
import { addAccessPolicy } from '../../domain/steps/addAccessPolicy';
import { attachIdentity } from '../../domain/steps/attachIdentity';
import { createIdentity } from '../../domain/steps/createIdentity';
import { createKey } from '../../domain/steps/createKey';
import { createRegistry } from '../../domain/steps/createRegistry';
import { createRoleAssignment } from '../../domain/steps/createRoleAssignment';
import { deleteRoleAssignment } from '../../domain/steps/deleteRoleAssignment';
import { makeKeyVersion } from '../../domain/steps/makeKeyVersion';
import { pointRegistryAtKey } from '../../domain/steps/pointRegistryAtKey';
import { resendKey } from '../../domain/steps/resendKey';
import { setVersionEnabled } from '../../domain/steps/setVersionEnabled';
import { authoritiesOf, type Requirement } from './authoritiesOf';

const base = bundleWith().registry;
const VERSION = base.keyInUse!.version!;
const TAG = 'backstage-entity-ref';
const VAULT = (name: string) =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
const IDENTITY = (name: string) =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const keyUri = (vault: string, key: string) =>
  `https://${vault}.vault.azure.net/keys/${key}`;

/** A registry of an entity, with an identity of its own, that uses a key. */
function registry(name: string, key: string, entity?: string): Registry {
  const client = `client-${name}`;
  return registryOf({
    ...base,
    id: base.id.replace(/[^/]+$/, `${name}images`),
    name: `${name}images`,
    tags: entity ? { [TAG]: `resource:default/${entity}` } : {},
    encryption: {
      ...base.encryption,
      identity: client,
      keyIdentifier: key,
      versionedKeyIdentifier: `${key}/${VERSION}`,
    },
    userAssignedIdentities: [
      {
        resourceId: IDENTITY(`id-${name}`),
        clientId: client,
        principalId: `principal-${name}`,
      },
    ],
  });
}

/** `mine` is team A's, `theirs` team B's; `ours` and `yours` share a key, and `nobodys` uses it too. */
const OWN = keyUri('kv-open', 'own');
const SHARED = keyUri('kv-open', 'shared');
const FOREIGN = keyUri('kv-open', 'foreign');
const CLOSED = keyUri('kv-closed', 'closed');
const mine = registry('mine', OWN, 'a-mine');
const ours = registry('ours', SHARED, 'a-ours');
const yours = registry('yours', SHARED, 'b-yours');
const nobodys = registry('nobodys', SHARED);
const theirs = registry('theirs', FOREIGN, 'b-theirs');
const registries = [mine, ours, yours, nobodys, theirs];

const facts = {
  registries,
  registriesComplete: true,
  vaults: [
    {
      ...bundleVault(),
      id: VAULT('kv-open'),
      name: 'kv-open',
      tags: { [TAG]: 'group:default/team-a,group:default/team-b' },
    },
    { ...bundleVault(), id: VAULT('kv-closed'), name: 'kv-closed' },
  ],
  groups: [
    {
      id: base.registryId.groupId,
      tags: { [TAG]: 'group:default/team-a' },
    },
  ],
  keys: [],
  identities: registries.map(({ tags, userAssignedIdentities: [one] }) => ({
    resourceId: one.resourceId,
    name: one.resourceId.replace(/^.*\//, ''),
    clientId: one.clientId!,
    principalId: one.principalId!,
    tags: {
      [TAG]: /\/a-/.test(tags[TAG] ?? '')
        ? 'group:default/team-a'
        : 'group:default/team-b',
    },
  })),
};

function bundleVault() {
  const { vault } = bundleWith();
  if (!vault?.known)
    throw new Error('The vault of the healthy registry is known');
  return vault.value;
}

const config = {
  bindings: new Map(),
  keys: [],
  identities: new Map(),
  resourceGroups: new Map(),
};

const A = ['resource:default/a-mine', 'resource:default/a-ours'];
const rotatesFor =
  (entities: string[]) => (permission: string, entityRef?: string) =>
    ['acr-cmk.registry.create', 'acr-cmk.registry.read'].includes(permission) ||
    (/key\.(rotate|revoke|restore|grant)$/.test(permission) &&
      entities.includes(entityRef ?? ''));

const PEOPLE: Record<
  string,
  (permission: string, entityRef?: string) => boolean
> = {
  owner: rotatesFor(A),
  'other owner': rotatesFor(['resource:default/b-theirs']),
  'sharing owner': rotatesFor(['resource:default/b-yours']),
  platform: () => true,
  nobody: () => false,
};

const point = (of: Registry, key: string, identity = of.encryption.identity!) =>
  pointRegistryAtKey.build({
    registryId: of.id,
    key,
    mode: 'automatic',
    use: VERSION,
    identity,
  });
const rotate = (of: Registry) => [
  makeKeyVersion.build({ key: of.key!.versionless }),
  point(of, of.key!.versionless.toString()),
];
const setEnabled = (of: Registry, enabled: boolean) =>
  setVersionEnabled.build({ key: of.key!.at(VERSION), enabled });
const grantAt = (scope: string, principalId: string) =>
  createRoleAssignment.build({
    assignment: {
      scope,
      name: '1',
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: '/roles/1',
      roleName: 'Crypto User',
    },
  });
const grantTo = (principalId: string, key: string) => {
  const { vaultName, keyName } = KeyIdentifier.parse(key);
  return grantAt(`${VAULT(vaultName)}/keys/${keyName}`, principalId);
};
const grant = (of: Registry, key: string) =>
  grantTo(of.userAssignedIdentities[0].principalId!, key);
const removeRole = (of: Registry) =>
  deleteRoleAssignment.build({
    assignment: {
      id: '1',
      name: '1',
      scope: `${VAULT(of.key!.vaultName)}/keys/${of.key!.keyName}`,
      principalId: of.userAssignedIdentities[0].principalId!,
      principalType: 'ServicePrincipal',
      roleDefinitionId: '/roles/1',
      roleName: 'Crypto User',
      keyUses: [...WRAP_PERMISSIONS],
    },
  });
/** Key in the same open vault as FOREIGN that does not exist yet. */
const MADE = `${FOREIGN}-made`;
const NEW = RegistryId.parse(base.id.replace(/[^/]+$/, 'brandnew'));
const create = (key: string, identity: string) =>
  createRegistry.build({
    registryId: NEW,
    location: 'westeurope',
    tags: {},
    identity: IDENTITY(identity),
    key,
    mode: 'automatic',
    use: VERSION,
  });

/** Intents on team A's registries. */
const ROTATE: Intent = { kind: 'rotate' };
const REVOKE: Intent = { kind: 'revoke' };
const RESTORE: Intent = { kind: 'restore' };
const RETIRE: Intent = { kind: 'retire', version: VERSION };
const CREATE: Intent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'x' },
  key: { kind: 'existing', keyIdentifier: OWN },
};

interface PlanCase {
  intent: Intent;
  entity: string;
  of?: Registry;
  steps: StepSpec[];
}

const on = (of: Registry, intent: Intent, steps: StepSpec[]): PlanCase => ({
  intent,
  entity: of === ours ? 'a-ours' : 'a-mine',
  of,
  steps,
});
const created = (steps: StepSpec[]): PlanCase => ({
  intent: CREATE,
  entity: 'a-new',
  steps,
});

function answer({ intent, entity, of, steps }: PlanCase, known = registries) {
  return authoritiesOf(effectsOf(steps, { registries: known }), {
    intent,
    entityRef: `resource:default/${entity}`,
    claimants: new Set([`resource:default/${entity}`, 'group:default/team-a']),
    registryId: of?.registryId ?? NEW,
    registry: of,
    facts,
    config,
  });
}

const inShort = ({ permission, entityRef }: Requirement) =>
  [permission.name.replace('acr-cmk.', ''), entityRef?.replace(/^.*\//, '')]
    .filter(Boolean)
    .join(' ');

/** `yes` where the person may alone; `others` where others have to agree; `no` where nobody may. */
function verdicts(asked: PlanCase) {
  const found = answer(asked);
  return Object.fromEntries(
    Object.entries(PEOPLE).map(([who, may]) => {
      if (found.refusal) return [who, 'no'];
      const lacked = found.requirements.filter(
        ({ permission, entityRef }) => !may(permission.name, entityRef),
      );
      return [who, lacked.length === 0 ? 'yes' : 'others'];
    }),
  );
}

const YES = {
  owner: 'yes',
  'other owner': 'others',
  'sharing owner': 'others',
  platform: 'yes',
  nobody: 'others',
};
const PLATFORM = { ...YES, owner: 'others' };
const NO = {
  owner: 'no',
  'other owner': 'no',
  'sharing owner': 'no',
  platform: 'no',
  nobody: 'no',
};

/** One row: what is asked for, what it requires, and who may alone. */
const TABLE: [
  what: string,
  asked: PlanCase,
  requires: string[],
  who: object,
][] = [
  [
    'rotate, own key',
    on(mine, ROTATE, rotate(mine)),
    ['key.rotate a-mine'],
    YES,
  ],
  [
    'rotate, shared key',
    on(ours, ROTATE, rotate(ours)),
    ['unbound.change', 'key.rotate b-yours', 'key.rotate a-ours'],
    PLATFORM,
  ],
  [
    'rotate to a foreign key in an open vault',
    on(mine, ROTATE, [point(mine, FOREIGN)]),
    ['key.rotate a-mine', 'key.rotate b-theirs'],
    PLATFORM,
  ],
  [
    'rotate to a foreign key in a closed vault',
    on(mine, ROTATE, [point(mine, CLOSED)]),
    [],
    NO,
  ],
  [
    'rotate to an own identity of another registry',
    on(mine, ROTATE, [
      attachIdentity.build({
        registryId: mine.id,
        identity: IDENTITY('id-ours'),
      }),
    ]),
    ['key.rotate a-mine'],
    YES,
  ],
  [
    'rotate to a foreign identity',
    on(mine, ROTATE, [
      attachIdentity.build({
        registryId: mine.id,
        identity: IDENTITY('id-theirs'),
      }),
    ]),
    [],
    NO,
  ],
  [
    'rotate with a grant at the own key, which gives it back',
    on(mine, ROTATE, [grant(mine, OWN), ...rotate(mine)]),
    ['key.restore a-mine', 'key.rotate a-mine'],
    YES,
  ],
  [
    'rotate with a grant at the shared key by an identity that another registry uses',
    on(mine, ROTATE, [grant(yours, SHARED), point(mine, SHARED)]),
    [
      'key.grant a-mine',
      'key.restore b-yours',
      'key.rotate a-mine',
      'key.rotate a-ours',
      'key.rotate b-yours',
      'unbound.change',
    ],
    PLATFORM,
  ],
  [
    'rotate with a grant at a new key',
    on(mine, ROTATE, [
      createKey.build({ key: MADE, type: 'RSA', size: 2048 }),
      grant(mine, MADE),
      point(mine, MADE),
    ]),
    ['key.grant a-mine', 'key.rotate a-mine'],
    YES,
  ],
  [
    'rotate with a grant in a closed vault',
    on(mine, ROTATE, [grant(mine, CLOSED), ...rotate(mine)]),
    [],
    NO,
  ],
  [
    'revoke by role, own key',
    on(mine, REVOKE, [removeRole(mine)]),
    ['key.revoke a-mine'],
    YES,
  ],
  [
    'revoke by role, shared key: the narrowest way needs nobody else',
    on(ours, REVOKE, [removeRole(ours)]),
    ['key.revoke a-ours'],
    YES,
  ],
  [
    'revoke by version, shared key',
    on(ours, REVOKE, [setEnabled(ours, false)]),
    ['unbound.change', 'key.revoke b-yours', 'key.revoke a-ours'],
    PLATFORM,
  ],
  [
    'restore by role, own key',
    on(mine, RESTORE, [
      grant(mine, OWN),
      resendKey.build({ registryId: mine.id }),
    ]),
    ['key.restore a-mine'],
    YES,
  ],
  [
    'restore by version, shared key',
    on(ours, RESTORE, [
      setEnabled(ours, true),
      resendKey.build({ registryId: ours.id }),
    ]),
    ['unbound.change', 'key.restore b-yours', 'key.restore a-ours'],
    PLATFORM,
  ],
  [
    'retire, own key',
    on(mine, RETIRE, [setEnabled(mine, false)]),
    ['key.revoke a-mine'],
    YES,
  ],
  [
    'create with a foreign key in an open vault and an own identity',
    created([create(FOREIGN, 'id-mine')]),
    ['registry.create', 'key.rotate b-theirs'],
    { ...PLATFORM, 'other owner': 'yes' },
  ],
  [
    'create with the shared key',
    created([create(SHARED, 'id-mine')]),
    [
      'registry.create',
      'unbound.change',
      'key.rotate a-ours',
      'key.rotate b-yours',
    ],
    PLATFORM,
  ],
  [
    'create with a key and an identity that are made for it',
    created([
      createIdentity.build({
        identity: IDENTITY('id-new'),
        location: 'westeurope',
      }),
      createKey.build({ key: MADE, type: 'RSA', size: 2048 }),
      grantTo('created-identity', MADE),
      create(MADE, 'id-new'),
    ]),
    ['registry.create'],
    { ...YES, 'other owner': 'yes', 'sharing owner': 'yes' },
  ],
  [
    'create with an identity that is made for it, and a key that others use',
    created([
      createIdentity.build({
        identity: IDENTITY('id-new'),
        location: 'westeurope',
      }),
      grantTo('created-identity', FOREIGN),
      create(FOREIGN, 'id-new'),
    ]),
    ['registry.create', 'key.grant a-new', 'key.rotate b-theirs'],
    PLATFORM,
  ],
  ['create in a closed vault', created([create(CLOSED, 'id-mine')]), [], NO],
  [
    'create with a foreign identity',
    created([create(OWN, 'id-theirs')]),
    [],
    NO,
  ],
];

describe('the table of authorities', () => {
  it.each(TABLE)('%s', (_what, asked, requires, who) => {
    const { requirements = [] } = answer(asked) as {
      requirements?: Requirement[];
    };
    expect({
      requires: requirements.map(inShort).sort(),
      who: verdicts(asked),
    }).toEqual({ requires: [...requires].sort(), who });
  });

  /** Requirements of steps for `mine`, while not every registry could be listed. */
  function whileUnlisted(steps: StepSpec[]) {
    const { keyFacts } = encryptedRegistryWith();
    if (!keyFacts.known) throw new Error('The healthy key is known');
    const found = authoritiesOf(effectsOf(steps, { registries }), {
      intent: ROTATE,
      entityRef: 'resource:default/a-mine',
      claimants: new Set(['resource:default/a-mine', 'group:default/team-a']),
      registryId: mine.registryId,
      registry: mine,
      facts: {
        ...facts,
        keys: [{ ...keyFacts.value, vaultName: 'kv-open', name: 'own' }],
        registriesComplete: false,
      },
      config,
    });
    return (found as { requirements: Requirement[] }).requirements.map(inShort);
  }

  it.each([
    ['disables a version', [setEnabled(mine, false)]],
    ['enables a version', [setEnabled(mine, true)]],
    ['removes access', [removeRole(mine)]],
    ['grants access to a key that exists', [grant(mine, OWN)]],
    ['uses a key that exists', [point(mine, FOREIGN)]],
  ])(
    'asks the platform about registries that could not be listed, where the plan %s',
    (_, steps) => {
      expect(whileUnlisted(steps)).toContain('unbound.change');
    },
  );

  it('asks nobody about registries that could not be listed for a new version', () => {
    expect(whileUnlisted(rotate(mine))).toEqual(['key.rotate a-mine']);
  });

  it('counts nobody as one who gets back a key that the plan creates', () => {
    const made = createKey.build({ key: MADE, type: 'RSA', size: 2048 });
    expect(whileUnlisted([made, grant(mine, MADE)])).not.toContain(
      'unbound.change',
    );
    expect(whileUnlisted([made, grant(mine, OWN)])).toContain('unbound.change');
  });

  it('does not name a registry outside of the scopes', () => {
    const steps = rotate(ours);
    const found = authoritiesOf(effectsOf(steps, { registries }), {
      intent: ROTATE,
      entityRef: 'resource:default/a-ours',
      claimants: new Set(['resource:default/a-ours', 'group:default/team-a']),
      registryId: ours.registryId,
      registry: ours,
      facts: { ...facts, outOfScope: new Set([yours.registryId.key]) },
      config,
    });
    const { requirements = [] } = found as { requirements?: Requirement[] };
    const of = requirements.find(
      ({ entityRef }) => entityRef === 'resource:default/b-yours',
    );
    expect(of?.because).toBe(
      'a registry outside of acrCmk.scopes uses this key',
    );
  });

  it('counts nobody as a user of a key that the plan creates', () => {
    const key = keyUri('kv-open', 'brand-new');
    expect(
      whileUnlisted([
        createKey.build({
          key,
          type: 'RSA',
          size: 3072,
        }),
        point(mine, key),
      ]),
    ).not.toContain('unbound.change');
  });

  it.each([
    ['a resource group', VAULT('').replace(/\/providers.*/, '')],
    ['another vault', VAULT('kv-closed')],
  ])(
    'refuses everybody a grant at %s, which reaches further than the vault of the key',
    (_what, scope) => {
      const [{ principalId }] = mine.userAssignedIdentities;
      const found = answer(on(mine, ROTATE, [grantAt(scope, principalId!)]));
      expect(found.refusal?.message).toBe(
        `Access at ${scope} would reach further than the vault of the registry's key. Grant it at the key`,
      );
    },
  );

  it('asks the platform for an access policy in a vault that is not open, because it is for every key', () => {
    const closed = registry('mine', CLOSED, 'a-mine');
    const policy = addAccessPolicy.build({
      vaultId: VAULT('kv-closed'),
      entry: {
        tenantId: '1',
        objectId: 'principal-mine',
        keys: ['get'],
        secrets: [],
        certificates: [],
        storage: [],
      },
    });
    const requires = (intent: Intent, known: Registry[]) =>
      (
        answer(on(closed, intent, [policy]), known) as {
          requirements: Requirement[];
        }
      ).requirements.map(inShort);
    for (const intent of [ROTATE, RESTORE]) {
      expect(requires(intent, [])).toEqual([
        'key.grant a-mine',
        'unbound.change',
      ]);
      // What the registry gets back, it had.
      expect(requires(intent, [closed])).toEqual(['key.restore a-mine']);
    }
  });

  it('lets nobody agree to a step of another release', () => {
    const newer = { kind: 'make-key-version', version: 99 } as never;
    expect(answer(on(mine, ROTATE, [newer])).refusal?.message).toContain(
      'does not know what the step make-key-version does',
    );
  });

  it('lets no plan reach a registry whose people were not asked, whatever its steps', () => {
    const some = fc.constantFrom(...registries);
    const keys = fc.constantFrom(OWN, SHARED, FOREIGN, CLOSED);
    const step: fc.Arbitrary<StepSpec> = fc.oneof(
      some.map(of => makeKeyVersion.build({ key: of.key!.versionless })),
      fc
        .tuple(some, fc.boolean())
        .map(([of, enabled]) => setEnabled(of, enabled)),
      fc.tuple(some, keys).map(([of, key]) => point(of, key)),
      some.map(removeRole),
      fc.tuple(some, keys).map(([of, key]) => grant(of, key)),
      some.map(of => resendKey.build({ registryId: of.id })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), steps => {
        const found = answer(on(mine, ROTATE, steps));
        if (found.refusal) return;
        const effects: Effect[] = effectsOf(steps, { registries });
        for (const one of reached(effects)) {
          const entity = facts.registries.find(
            ({ registryId }) => registryId.key === one,
          )?.tags[TAG];
          expect(
            found.requirements.some(({ permission, entityRef }) =>
              entity
                ? entityRef === entity
                : permission.name === 'acr-cmk.unbound.change',
            ),
          ).toBe(true);
        }
        for (const one of registriesRegainingKey(effects)) {
          const entity = facts.registries.find(
            ({ registryId }) => registryId.key === one,
          )?.tags[TAG];
          expect(
            !entity ||
              found.requirements.some(
                ({ permission, entityRef }) =>
                  permission.name === 'acr-cmk.key.restore' &&
                  entityRef === entity,
              ),
          ).toBe(true);
        }
      }),
      { seed: 20261125, numRuns: 500 },
    );
  });
});

describe('a resource of another Azure service that loses a key', () => {
  const lost = (certain: boolean): Effect[] => [
    {
      kind: 'service-loses-key',
      serviceId: '/servers/orders',
      key: 'kv-open/shop',
      certain,
    },
  ];
  const answerTo = (
    effects: readonly Effect[],
    more: { services?: Consumer[] },
  ) => {
    const found = authoritiesOf(effects, {
      intent: ROTATE,
      entityRef: 'resource:default/a-mine',
      claimants: new Set(['resource:default/a-mine']),
      registryId: mine.registryId,
      registry: mine,
      facts: { ...facts, ...more },
      config,
    });
    return (found as { requirements: Requirement[] }).requirements;
  };
  const needsOf = (tags: Record<string, string>) =>
    answerTo(lost(true), {
      services: [
        {
          id: '/servers/Orders',
          type: 'microsoft.sql/servers',
          name: 'Orders',
          subscriptionId: '1',
          resourceGroup: 'rg',
          location: 'westeurope',
          tags,
          uses: [],
        },
      ],
    });

  it('needs the permission on each entity that its tag names', () => {
    expect(
      needsOf({ [TAG]: 'component:default/shop, component:default/orders' }),
    ).toMatchObject([
      {
        permission: { name: 'acr-cmk.key.revoke' },
        entityRef: 'component:default/shop',
        because: 'another Azure service (SQL server) loses the key',
      },
      { entityRef: 'component:default/orders' },
    ]);
  });

  it('is the business of the platform without a tag, and when it may lose the key', () => {
    for (const needs of [needsOf({}), answerTo(lost(false), {})]) {
      expect(needs).toMatchObject([
        { permission: { name: 'acr-cmk.unbound.change' } },
      ]);
    }
  });
});

/** Registries that effects change, take a key from, or change the key of. */
function reached(effects: readonly Effect[]): string[] {
  return effects.flatMap(effect => {
    switch (effect.kind) {
      case 'registry-changed':
      case 'registry-loses-key':
        return [effect.registryId];
      case 'key-changed':
      case 'registry-begins-to-use-key':
        return effect.usedBy.filter(id => id !== mine.registryId.key);
      default:
        return [];
    }
  });
}
