import {
  type CreateRegistryIntent,
  RegistryId,
  type RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  assignment,
  type Change,
  denied,
  known,
  NEW,
  OLD,
  saysVault,
  bundleWith,
  encryptedRegistryWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import { readStep } from '../steps';
import { findingsOf } from '../findings';
import type { NewRegistryFacts } from './draft';
import type { NewRegistryIntent } from './intent';
import type { ChangeIntent } from './intent';
import { definitionOf } from './intents';
import {
  CONTEXT,
  methodsFor,
  MISSING,
  plan,
  statusOf,
  checkOf,
} from './__testUtils__/planOf';

const { registry } = bundleWith();

describe('a key in a Managed HSM', () => {
  const HSM_ID =
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm1';
  const KEY = 'https://hsm1.managedhsm.azure.net/keys/shop';
  const inHsm = (assignments: RoleAssignmentFacts[]): Change => ({
    registry: {
      encryption: {
        ...registry.encryption,
        keyIdentifier: KEY,
        versionedKeyIdentifier: `${KEY}/${OLD}`,
      },
    },
    vault: { id: HSM_ID, name: 'hsm1.managedhsm', permissionModel: 'rbac' },
    key: { vaultName: 'hsm1.managedhsm', type: 'RSA-HSM' },
    assignments: known(assignments),
  });
  const own = assignment({
    id: `${HSM_ID}/keys/shop/providers/Microsoft.Authorization/roleAssignments/1`,
    scope: `${HSM_ID}/keys/shop`,
    roleDefinitionId: '/roleDefinitions/33413926-3206-4cdd-b39a-83574fe37a17',
  });

  it('may be left open to a group by a revoke, which the plan says', () => {
    const check = checkOf(
      plan({ kind: 'revoke' }, inHsm([own])),
      'access-path',
    );
    expect(check?.message).toBe(
      'No role assignment of the identity itself is left after this assignment is deleted; a Managed HSM does not report group membership.',
    );
  });

  it('may be open to a group when no assignment is shown', () => {
    const message = checkOf(
      plan({ kind: 'rotate' }, inHsm([])),
      'access-path',
    )?.message;
    expect(message).toContain(
      'no access to the key of its own; a group may give it',
    );
  });

  it('without an assignment may be open to a group, as the finding says', () => {
    const [finding] = findingsOf(encryptedRegistryWith(inHsm([]))).filter(
      ({ id }) => id === 'no-access-path',
    );
    expect(finding.message).toContain(
      'no access of its own; a group may give it',
    );
  });

  const MADE: ChangeIntent = {
    kind: 'rotate',
    key: { kind: 'new-key', vaultName: 'hsm1.managedhsm', keyName: 'shop' },
  };
  const ROTATED: ChangeIntent = {
    kind: 'automatic-rotation',
    rotation: {
      kind: 'on',
      policy: { timeBeforeExpiry: 'P30D', expiryTime: 'P1Y' },
    },
  };
  it.each<[intent: ChangeIntent, change?: Change]>([
    [{ kind: 'rotate' }],
    [{ kind: 'rotate' }, { vault: denied }],
    [{ kind: 'rotate' }, { vault: { defaultAction: 'deny' } }],
    [
      { kind: 'rotate' },
      { vault: { defaultAction: 'deny', trustedServicesBypass: false } },
    ],
    [{ kind: 'rotate' }, { vault: { purgeProtection: false } }],
    [{ kind: 'rotate' }, { vault: { purgeProtection: undefined } }],
    [{ kind: 'rotate', rotateEveryDays: 90 }, { mode: 'manual' }],
    [{ kind: 'rotate' }, { assignments: denied }],
    [
      { kind: 'rotate' },
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
    ],
    [
      {
        kind: 'rotate',
        key: { kind: 'existing', keyIdentifier: `${KEY}/${NEW}` },
      },
    ],
    [{ kind: 'rotate', key: { kind: 'current' } }],
    [MADE, { key: MISSING }],
    [MADE, { key: MISSING, vault: denied }],
    [MADE],
    ...methodsFor(inHsm([own])).flatMap((method): [ChangeIntent, Change][] => [
      [{ kind: 'revoke', method }, {}],
      [{ kind: 'revoke', method }, { vault: denied }],
      [{ kind: 'revoke', method }, { vault: { purgeProtection: false } }],
    ]),
    [{ kind: 'restore' }],
    [{ kind: 'restore' }, { assignments: known([]) }],
    [{ kind: 'restore' }, { assignments: known([]), vault: denied }],
    [{ kind: 'restore' }, { key: MISSING }],
    [{ kind: 'retire', version: OLD }, { inUse: NEW }],
    [ROTATED],
    [ROTATED, { versions: [version(OLD, { expires: ago({ days: 1 }) })] }],
  ])('is said to be in one: %j %j', (intent, change = {}) => {
    const facts: Change = {
      home: 'hsm',
      assignments: known([own]),
      ...change,
    };
    const draft = plan(intent, facts, { deletedKey: MISSING });
    const titles = draft.steps.map(spec => readStep(spec)!.planned.title);
    expect(saysVault([draft, titles])).toEqual([]);
  });

  it('is of the type RSA-HSM when it is made for a new registry', () => {
    const { key, vault, identity } = encryptedRegistryWith(inHsm([own]));
    const id = RegistryId.parse(`${registry.id}new`);
    const intent: CreateRegistryIntent = {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-shop', create: false },
      key: {
        kind: 'new-key',
        vaultName: 'hsm1.managedhsm',
        keyName: 'shop',
      },
    };
    const draft = (
      definitionOf(intent) as NewRegistryIntent<CreateRegistryIntent>
    ).plan({ registryId: id, entityRef: 'resource:default/new', intent }, {
      ...CONTEXT,
      credentials: { ...CONTEXT.credentials, provision: true },
      registry: MISSING,
      group: known({ id: `${registry.id}`.split('/providers/')[0] }),
      name: known({ free: true }),
      locations: known(['westeurope']),
      identity,
      key,
      vault,
      keyFacts: MISSING,
      madeBefore: {},
      now: 0,
    } as unknown as NewRegistryFacts);
    expect(draft.steps).toContainEqual(
      expect.objectContaining({ kind: 'create-key', type: 'RSA-HSM' }),
    );
    expect(statusOf(draft, 'key-type')).toBe('pass');
  });

  it('is of the type RSA-HSM when it is new and nobody says otherwise', () => {
    const encrypted = encryptedRegistryWith(inHsm([own]));
    const draft = plan(
      {
        kind: 'rotate',
        key: {
          kind: 'new-key',
          vaultName: 'hsm1.managedhsm',
          keyName: 'shop',
        },
      },
      { key: { type: 'RSA' } },
      {
        target: {
          key: encrypted.key,
          vault: encrypted.vault,
          keyFacts: MISSING,
        },
      },
    );
    expect(draft.steps[0]).toMatchObject({
      kind: 'create-key',
      type: 'RSA-HSM',
    });
    expect(statusOf(draft, 'key-type')).toBe('pass');
  });
});
