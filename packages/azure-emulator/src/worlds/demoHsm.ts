import { ENTITY_TAG, type WorldBuilder } from './builder';
import { buildDemo, DEMO_SUBSCRIPTION } from './demo';

import { ACTORS } from './principals';
import {
  HSM_CRYPTO_AUDITOR,
  HSM_CRYPTO_OFFICER,
  HSM_CRYPTO_USER,
  HSM_ENCRYPTION_USER,
  HSM_POLICY_ADMINISTRATOR,
} from '../hsm/hsmRoles';

/** The built-in roles of each principal in the HSM. */
const ROLES: Record<string, string[]> = {
  reader: [HSM_CRYPTO_AUDITOR],
  rotator: [HSM_CRYPTO_USER],
  revoker: [HSM_POLICY_ADMINISTRATOR, HSM_CRYPTO_USER, HSM_CRYPTO_OFFICER],
};

/** The demo, and a Managed HSM with the key of one more registry, `hsmimages`. */
export function buildDemoHsm(world: WorldBuilder) {
  buildDemo(world);
  const entity = { [ENTITY_TAG]: 'resource:default/hsm-images' };
  const group = world.group(DEMO_SUBSCRIPTION, 'rg-hsm');
  const hsm = world.managedHsm(group, 'hsm-contoso', {
    [ENTITY_TAG]: 'group:default/team-shop',
  });
  for (const { name, principal } of ACTORS) {
    for (const role of ROLES[name] ?? []) {
      world.assignInHsm(hsm, { scope: '/', roleId: role }, principal.id);
    }
  }
  const key = world.key(hsm, 'hsmimages', {
    versions: [{ ageDays: 110 }, { ageDays: 20 }],
    // A Managed HSM rotates no key without a policy, not on demand either.
    rotationPolicy: {
      lifetimeActions: [
        { trigger: { timeAfterCreate: 'P18M' }, action: { type: 'Rotate' } },
      ],
      attributes: { expiryTime: 'P2Y' },
    },
  });
  const identity = world.identity(group, 'id-hsmimages', entity);
  world.assignInHsm(
    hsm,
    { scope: `/keys/${key.name}`, roleId: HSM_ENCRYPTION_USER },
    identity.principalId,
  );
  world.registry({
    name: 'hsmimages',
    group,
    tags: entity,
    identities: [identity],
    encryption: {
      key,
      mode: 'automatic',
      versionIndex: 1,
      identity,
      lastRotatedDaysAgo: 20,
    },
  });
}
