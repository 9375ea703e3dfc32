import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  EntityUnknown,
  type Intent,
  PlanDrifted,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import {
  registryOf,
  bundleWith,
} from '../../__testUtils__/encryptedRegistries';
import { changeOf } from '../../domain/plan/change';
import type { MadePlan } from '../../domain/plan/draft';
import { type Freshness, JUST_NOW, NOW } from '../../inventory/read/FactReader';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import { type Asker, Gate, requireAllowed } from './Gate';
import { PermissionChecker } from './PermissionChecker';

const ENTITY = 'resource:default/shop-images';
const PLAN_ID = '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10';
const { registry } = bundleWith({
  registry: { tags: { 'backstage-entity-ref': ENTITY } },
});
const OTHER = RegistryId.parse(`${registry.id}2`);

const ROTATE: Intent = { kind: 'rotate' };
const REVOKE: Intent = { kind: 'revoke' };
const CREATE: Intent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-shop' },
  key: { kind: 'new-key', vaultName: 'kv1', keyName: 'shop' },
};

const olivia = mockCredentials.user('user:default/olivia');
const priya = mockCredentials.user('user:default/priya');

const REQUESTER: Asker = { kind: 'requester', credentials: olivia };
const approver = (intent: Intent, credentials = priya): Asker => ({
  kind: 'approver',
  credentials,
  operation: {
    entityRef: ENTITY,
    requestedBy: 'user:default/olivia',
    intent,
    authorities: [],
  },
});
const PLUGIN: Asker = { kind: 'plugin', onBehalfOf: 'user:default/olivia' };

/** Deviations from the normal circumstances of a request. */
interface Circumstances {
  /** Permissions that the policy refuses. */
  lacks?: string[];
  /**
   * Registries that the entity names; `gone` when there is no entity, `away` when the catalog does not answer.
   */
  names?: RegistryId[] | 'gone' | 'away';
  /** The catalog hides the entity from people. */
  hidden?: boolean;
  inScope?: boolean;
  vaults?: string[];
  bound?: boolean;
  approvals?: Intent['kind'][];
  fingerprint?: Record<string, string>;
}

const AGREED = { steps: 'as agreed' };
/** Fields that the gate adds to the fingerprint of a plan without effects. */
const AGREED_WITH_PEOPLE = {
  ...AGREED,
  authorities: '',
  requester: 'is in the catalog',
};

function gateWhere(circumstances: Circumstances) {
  const permissions = mockServices.permissions.mock();
  const asked: string[] = [];
  permissions.authorize.mockImplementation(async requests =>
    requests.map(({ permission }) => {
      asked.push(permission.name);
      return {
        result: circumstances.lacks?.includes(permission.name)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      };
    }),
  );
  const entity = async (entityRef: string) => {
    const { names = [registry.registryId] } = circumstances;
    if (names === 'away') throw new TypeError('fetch failed');
    if (names === 'gone') throw new EntityUnknown(entityRef);
    return { entityRef, named: names.map(id => ({ id })) };
  };
  const made: MadePlan = {
    draft: { effects: [] } as unknown as MadePlan['draft'],
    fingerprint: circumstances.fingerprint ?? AGREED,
    facts: {
      registries: [],
      registriesComplete: true,
      vaults: [],
      keys: [],
      identities: [],
      groups: [],
    },
    registry:
      circumstances.bound === false
        ? registryOf({ ...registry, tags: {} })
        : registry,
  };
  const make = jest.fn(async ({ change }) =>
    change.intent.kind === 'create-registry'
      ? { ...made, registry: undefined }
      : made,
  );
  const gate = new Gate({
    config: {
      scopes:
        circumstances.inScope === false
          ? []
          : [{ subscriptionId: registry.registryId.subscriptionId }],
      vaults: circumstances.vaults && new Set(circumstances.vaults),
      bindings: new Map(),
      keys: [],
      identities: new Map(),
      resourceGroups: new Map(),
      readUnlinked: true,
    },
    backends: {
      strictestApprovals: async () => ({
        approvals: new Set(circumstances.approvals),
        sharedKeys: 'ask',
      }),
    },
    catalog: {
      registriesOf: async entityRef => {
        if (circumstances.hidden) throw new EntityUnknown(entityRef);
        return entity(entityRef);
      },
      registriesAsPlugin: entity,
      ownership: async entityRef => ({
        exists: circumstances.names !== 'gone',
        named: [],
        claimants: new Set([entityRef]),
        requester: 'is in the catalog',
      }),
      relationsOf: async () => ['is in the catalog'],
      visibleAmong: async refs => new Set(refs),
      inTagsOf: async () => () => new Set(),
    },
    permissionChecker: new PermissionChecker({ permissions }),
    plans: { make },
  });
  return { gate, make, asked };
}

async function answer(
  asker: Asker,
  intent: Intent,
  circumstances: Circumstances,
): Promise<string> {
  const { gate, make } = gateWhere(circumstances);
  const verdict = await gate.ask({
    asker,
    change: changeOf({ entityRef: ENTITY, registryId: registry.id, intent }),
    planId: PLAN_ID,
    agreed: AGREED_WITH_PEOPLE,
  });
  switch (verdict.verdict) {
    case 'allowed':
      return 'allowed';
    case 'changed':
      return `changed: ${verdict.changes.map(({ field }) => field)}`;
    default: {
      const { error, change } = verdict.refusal;
      const asks = make.mock.calls.length > 0 ? 'after reading Azure' : 'first';
      return `${error.code} (${change.field}), ${asks}`;
    }
  }
}

describe('the gate', () => {
  const EXISTING: [
    why: string,
    circumstances: Circumstances,
    requester: string,
    approver: string,
    plugin: string,
  ][] = [
    ['all is as agreed', {}, 'allowed', 'allowed', 'allowed'],
    [
      'the requester may not read the entity',
      { lacks: ['acr-cmk.registry.read'] },
      'PERMISSION_MISSING (permission), first',
      'allowed',
      'allowed',
    ],
    [
      'the requester may not rotate',
      { lacks: ['acr-cmk.key.rotate'] },
      'PERMISSION_MISSING (permission), first',
      'allowed',
      'allowed',
    ],
    [
      'the approver may not approve',
      { lacks: ['acr-cmk.operation.approve'] },
      'allowed',
      'PERMISSION_MISSING (permission), first',
      'allowed',
    ],
    [
      'the entity does not exist',
      { names: 'gone' },
      'ENTITY_UNKNOWN (entity), first',
      'ENTITY_UNKNOWN (entity), first',
      'ENTITY_UNKNOWN (entity), first',
    ],
    [
      'the catalog hides the entity from people',
      { hidden: true },
      'ENTITY_UNKNOWN (entity), first',
      'allowed',
      'allowed',
    ],
    [
      'the catalog hides the entity from people, and the approver may not approve',
      { hidden: true, lacks: ['acr-cmk.operation.approve'] },
      'ENTITY_UNKNOWN (entity), first',
      'PERMISSION_MISSING (permission), first',
      'allowed',
    ],
    [
      'the entity names another registry',
      { names: [OTHER] },
      'REGISTRY_NOT_OF_ENTITY (entity), first',
      'REGISTRY_NOT_OF_ENTITY (entity), first',
      'REGISTRY_NOT_OF_ENTITY (entity), first',
    ],
    [
      'the registry is out of scope',
      { inScope: false },
      'ACTION_REFUSED (scope), first',
      'ACTION_REFUSED (scope), first',
      'ACTION_REFUSED (scope), first',
    ],
    [
      'nothing proves that the registry belongs to the entity',
      { bound: false },
      'ACTION_REFUSED (binding), after reading Azure',
      'ACTION_REFUSED (binding), after reading Azure',
      'ACTION_REFUSED (binding), after reading Azure',
    ],
    [
      'the plan has changed',
      { fingerprint: { ...AGREED, steps: 'others' } },
      'changed: steps',
      'changed: steps',
      'changed: steps',
    ],
  ];
  it.each(EXISTING)(
    'about a rotate, when %s',
    async (_why, circumstances, requester, byApprover, plugin) => {
      expect({
        requester: await answer(REQUESTER, ROTATE, circumstances),
        approver: await answer(approver(ROTATE), ROTATE, circumstances),
        plugin: await answer(PLUGIN, ROTATE, circumstances),
      }).toEqual({ requester, approver: byApprover, plugin });
    },
  );

  const NEW: typeof EXISTING = [
    ['all is as agreed', {}, 'allowed', 'allowed', 'allowed'],
    [
      'the requester may not create registries',
      { lacks: ['acr-cmk.registry.create'] },
      'PERMISSION_MISSING (permission), first',
      'allowed',
      'allowed',
    ],
    [
      'no entity exists yet, and nothing binds it',
      { names: 'gone', bound: false },
      'allowed',
      'allowed',
      'allowed',
    ],
    [
      'the registry would be out of scope',
      { inScope: false },
      'ACTION_REFUSED (scope), first',
      'ACTION_REFUSED (scope), first',
      'ACTION_REFUSED (scope), first',
    ],
    [
      'the vault is not in the list',
      { vaults: ['kv2'] },
      'INVALID_INPUT (vault), first',
      'INVALID_INPUT (vault), first',
      'INVALID_INPUT (vault), first',
    ],
    [
      'the plan has changed',
      { fingerprint: { ...AGREED, steps: 'others' } },
      'changed: steps',
      'changed: steps',
      'changed: steps',
    ],
  ];
  it.each(NEW)(
    'about a new registry, when %s',
    async (_why, circumstances, requester, byApprover, plugin) => {
      expect({
        requester: await answer(REQUESTER, CREATE, circumstances),
        approver: await answer(approver(CREATE), CREATE, circumstances),
        plugin: await answer(PLUGIN, CREATE, circumstances),
      }).toEqual({ requester, approver: byApprover, plugin });
    },
  );

  it('refuses an approval by the requester of the change', async () => {
    expect(await answer(approver(ROTATE, olivia), ROTATE, {})).toBe(
      'ACTION_REFUSED (permission), first',
    );
  });

  it.each([['a requester', REQUESTER]])(
    'names the approval that the configuration asks for, for %s',
    async (_who, asker) => {
      const { gate } = gateWhere({ approvals: ['revoke'] });
      const change = changeOf({
        entityRef: ENTITY,
        registryId: registry.id,
        intent: REVOKE,
      });
      expect(await gate.ask({ asker, change, planId: PLAN_ID })).toMatchObject({
        verdict: 'allowed',
        needs: [
          {
            permission: { name: 'acr-cmk.operation.approve' },
            entityRef: ENTITY,
          },
        ],
      });
    },
  );

  it.each<[who: string, asker: Asker, agreed: boolean, freshness: Freshness]>([
    ['a requester who plans', REQUESTER, false, JUST_NOW],
    ['a requester who accepts', REQUESTER, true, NOW],
    ['an approver', approver(ROTATE), true, NOW],
    ['the plugin before the first write', PLUGIN, true, NOW],
    ['the plugin that restores', PLUGIN, false, NOW],
  ])(
    'lets only a plan that nobody has agreed to share its facts: for %s',
    async (_who, asker, agreed, freshness) => {
      const { gate, make } = gateWhere({});
      const change = changeOf({
        entityRef: ENTITY,
        registryId: registry.id,
        intent: ROTATE,
      });
      await gate.ask({
        asker,
        change,
        planId: PLAN_ID,
        ...(agreed && { agreed: AGREED_WITH_PEOPLE }),
      });
      expect(make).toHaveBeenCalledWith(expect.objectContaining({ freshness }));
    },
  );

  it('asks for no approval of what the plugin does automatically, and asks the policy nothing', async () => {
    const { gate, asked } = gateWhere({ approvals: ['restore'] });
    expect(
      await gate.ask({
        asker: PLUGIN,
        change: changeOf({
          entityRef: ENTITY,
          registryId: registry.id,
          intent: { kind: 'restore' },
        }),
        planId: PLAN_ID,
      }),
    ).toMatchObject({ verdict: 'allowed', needs: [] });
    expect(asked).toEqual([]);
  });

  it('cannot tell, as the plugin, while the catalog does not answer', async () => {
    await expect(answer(PLUGIN, ROTATE, { names: 'away' })).rejects.toThrow(
      PreconditionUnavailable,
    );
    for (const person of [REQUESTER, approver(ROTATE)]) {
      await expect(answer(person, ROTATE, { names: 'away' })).rejects.toThrow(
        'fetch failed',
      );
    }
  });

  it('has its answers thrown where somebody waits for them', () => {
    const changes = [{ field: 'steps', shown: 'a', now: 'b' }];
    expect(() =>
      requireAllowed(PLAN_ID, { verdict: 'changed', changes }),
    ).toThrow(PlanDrifted);
  });
});
