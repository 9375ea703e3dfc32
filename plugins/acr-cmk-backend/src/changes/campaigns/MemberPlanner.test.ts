import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type {
  CampaignIntent,
  KeyIdentifier,
  RotateIntent,
} from 'backstage-plugin-acr-cmk-common';
import {
  type Change,
  encryptedRegistryWith,
  NOW,
  OLD,
  registryOf,
} from '../../__testUtils__/encryptedRegistries';
import type { Verdict } from '../gate/Gate';
import { guidsFrom } from '../../domain/plan/draft';
import { rotateIntent } from '../../domain/plan/rotate';
import type { Registry } from '../../domain/registry';
import type { StoredPlan } from '../plans/PlanStore';
import { MemberPlanner, ordinaryIntent } from './MemberPlanner';
import { NO_SERVICES } from '../../domain/plan/__testUtils__/planOf';

const ENTITY = 'resource:default/shop-images';
const { registry, key, vault, keyFacts, assignments } = encryptedRegistryWith();
const OTHER_KEY = 'https://kv1.vault.azure.net/keys/other';
const SECOND = registryOf({
  ...registry,
  id: registry.id.replace('shopimages', 'toolimages'),
  name: 'toolimages',
});

const NEW_VERSION: CampaignIntent = { kind: 'new-version' };

/** A plan of the registry by itself, as the gate allows it. */
function allowed(
  change: Change,
  {
    others = [],
    intent = NEW_VERSION,
  }: { others?: readonly Registry[]; intent?: CampaignIntent },
): Verdict {
  const encrypted = encryptedRegistryWith(change);
  const registries = [encrypted.registry, ...others];
  const draft = rotateIntent.plan(
    encrypted,
    ordinaryIntent(intent) as RotateIntent,
    {
      registries,
      elsewhere: [],
      registriesComplete: true,
      ...NO_SERVICES,
      credentials: { rotate: true, revoke: true },
      revokes: [],
      lacksKey: false,
      disabledVersions: new Set(),
      ...(intent.kind === 'identity' && { identity: encrypted.identity }),
      target: { key: encrypted.key, vault, keyFacts, assignments },
      allows: { retire: true, deleteKey: true },
      guid: guidsFrom('a test'),
    },
  );
  return {
    verdict: 'allowed',
    entityRef: ENTITY,
    made: {
      draft,
      fingerprint: {},
      registry: encrypted.registry,
      facts: {
        registries,
        registriesComplete: true,
        vaults: [],
        keys: [],
        identities: [],
        groups: [],
      },
    },
    requirements: [],
    needs: [],
  };
}

/** The member that is the key of the registry, planned with the facts of now. */
async function planned(change: Change, others: readonly Registry[] = []) {
  return plannedWith(allowed(change, { others }), {
    key: key.versionless,
    intent: NEW_VERSION,
  });
}

/** Keeps nothing. */
const keep = async ({ planId: id }: { planId: string }) =>
  ({
    plan: { id, hash: 'h'.repeat(64) },
    steps: [],
  }) as unknown as StoredPlan;

async function plannedWith(
  verdict: Verdict,
  of: { key?: KeyIdentifier; intent: CampaignIntent },
) {
  const planner = new MemberPlanner({
    gate: { ask: async () => verdict },
    plans: { keep },
    inventory: { registry: () => Promise.reject(new Error('Not asked')) },
    logger: mockServices.logger.mock(),
  });
  return planner.plan(
    {
      registryId: registry.registryId,
      entityRef: ENTITY,
      key: of.key,
    },
    {
      intent: of.intent,
      credentials: mockCredentials.user(),
      now: NOW,
    },
  );
}

describe('a member that is a key', () => {
  it.each<[string, Change]>([
    ['follows new versions', {}],
    ['is pinned to a version', { mode: 'manual' }],
  ])(
    'changes all registries that use it by then, where its own %s',
    async (_, change) => {
      expect(await planned(change, [SECOND])).toMatchObject({
        outcome: 'change',
        registries: [registry.registryId, SECOND.registryId],
      });
    },
  );

  it('is blocked once its registry uses another key', async () => {
    const encryption = {
      ...registry.encryption,
      keyIdentifier: OTHER_KEY,
      versionedKeyIdentifier: `${OTHER_KEY}/${OLD}`,
    };
    expect(await planned({ registry: { encryption } })).toEqual({
      outcome: 'blocked',
      plan: null,
      needs: [],
      message:
        'Registry shopimages cannot change the key https://kv1.vault.azure.net/keys/shop, because the registry no longer uses that key. Start a new campaign for the keys that are in use now.',
    });
  });
});

describe('a member whose registry names the identity already', () => {
  const IDENTITY: CampaignIntent = { kind: 'identity', identity: 'id-shop' };
  const WITH_GRANT: CampaignIntent = { ...IDENTITY, grantAccess: true };
  const NO_ACCESS: Change = { vault: { accessPolicies: [] } };

  it.each<[string, Change, CampaignIntent, object]>([
    [
      'changes when the identity lacks access, which is to be granted',
      NO_ACCESS,
      WITH_GRANT,
      {
        outcome: 'change',
        before: 'id-shop',
        after:
          'id-shop, with access to the key; a registry gets its key back, which was revoked or lost',
      },
    ],
    [
      'is blocked when the identity lacks access, which is not to be granted',
      NO_ACCESS,
      IDENTITY,
      { outcome: 'blocked' },
    ],
    [
      'has nothing to change when the identity has access',
      {},
      WITH_GRANT,
      { outcome: 'already', before: 'id-shop', after: 'id-shop' },
    ],
  ])('%s', async (_, change, intent, outcome) => {
    const verdict = allowed(change, { intent });
    expect(await plannedWith(verdict, { intent })).toMatchObject(outcome);
  });
});
