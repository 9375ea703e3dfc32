import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  type Change,
  encryptedRegistryWith,
  NOW,
  OLD,
  registryOf,
} from '../__testUtils__/encryptedRegistries';
import type { Verdict } from '../authority/Gate';
import { guidsFrom } from '../cmk/plan/draft';
import { rotateIntent } from '../cmk/plan/rotate';
import type { Registry } from '../cmk/registry';
import { MemberPlanner } from './MemberPlanner';

const ENTITY = 'resource:default/shop-images';
const { registry, key, vault, keyFacts, assignments } = encryptedRegistryWith();
const OTHER_KEY = 'https://kv1.vault.azure.net/keys/other';
const SECOND = registryOf({
  ...registry,
  id: registry.id.replace('shopimages', 'toolimages'),
  name: 'toolimages',
});

/** A plan of the registry by itself, as the gate allows it. */
function allowed(change: Change, others: readonly Registry[]): Verdict {
  const encrypted = encryptedRegistryWith(change);
  const registries = [encrypted.registry, ...others];
  const draft = rotateIntent.plan(
    encrypted,
    { kind: 'rotate' },
    {
      registries,
      elsewhere: [],
      registriesComplete: true,
      credentials: { rotate: true, revoke: true },
      revokes: [],
      lacksKey: false,
      disabledVersions: new Set(),
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
  const planner = new MemberPlanner({
    gate: { ask: async () => allowed(change, others) },
    inventory: { registry: () => Promise.reject(new Error('Not asked')) },
    logger: mockServices.logger.mock(),
  });
  return planner.plan(
    {
      registryId: registry.registryId,
      entityRef: ENTITY,
      key: key.versionless,
    },
    {
      intent: { kind: 'new-version' },
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
      state: 'excluded',
      plan: null,
      needs: [],
      message:
        'Registry shopimages cannot change the key https://kv1.vault.azure.net/keys/shop, because the registry no longer uses that key. Start a new campaign for the keys that are in use now.',
    });
  });
});
