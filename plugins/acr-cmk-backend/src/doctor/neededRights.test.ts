import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  KeyIdentifier,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { CONSUMER_READ_ACTIONS } from '../domain/consumers/readActions';
import { rightsOf } from '../domain/rights';
import type { StepSpec } from '../domain/steps';
import { entryFor } from '../domain/steps/accessPolicy';
import { addAccessPolicy } from '../domain/steps/addAccessPolicy';
import { createRoleAssignment } from '../domain/steps/createRoleAssignment';
import { deleteKey } from '../domain/steps/deleteKey';
import { deleteRoleAssignment } from '../domain/steps/deleteRoleAssignment';
import { recoverKey } from '../domain/steps/recoverKey';
import { removeAccessPolicy } from '../domain/steps/removeAccessPolicy';
import { setVersionEnabled } from '../domain/steps/setVersionEnabled';
import {
  HSM_RIGHTS,
  LIST_HSMS,
  NEEDED_RIGHTS,
  REVOKER_SIZES,
  SEE_SUBSCRIPTIONS,
} from './neededRights';

const document = (path: string) =>
  readFileSync(resolve(__dirname, '../../../../docs', path), 'utf8');
const read = (file: string) => JSON.parse(document(`roles/${file}`));

const ROLES = {
  read: 'registry-key-reader',
  rotate: 'registry-key-rotator',
  revoke: 'registry-key-revoker',
  provision: 'registry-key-provisioner',
} as const;

it.each(Object.entries(ROLES))(
  'the rights that are looked for of %s are those of docs/roles',
  (job, name) => {
    const needed = NEEDED_RIGHTS[job as keyof typeof ROLES];
    const role = read(`${name}.json`);
    const actions = new Set([
      ...needed.subscription,
      ...needed.scope,
      ...needed.identity,
      ...needed.vault,
      LIST_HSMS,
      ...(job === 'read' ? [SEE_SUBSCRIPTIONS] : []),
      // In a trial, one identity reads and rotates.
      ...(job === 'rotate' ? read(`${ROLES.read}.json`).Actions : []),
    ]);
    expect([...actions].sort()).toEqual([...role.Actions].sort());
    expect([...needed.data].sort()).toEqual([...role.DataActions].sort());
    expect(needed.keyPermissions).toEqual(
      read('key-permissions.json')[name] ?? [],
    );
  },
);

it.each(REVOKER_SIZES.map(size => [size.role, size] as const))(
  'the rights of the size %s are those of docs/roles',
  (name, { vault, data, keyPermissions }) => {
    const role = read(`${name}.json`);
    const { scope, identity } = NEEDED_RIGHTS.revoke;
    const actions = new Set([...scope, ...identity, ...vault, LIST_HSMS]);
    expect([...actions].sort()).toEqual([...role.Actions].sort());
    expect(data).toEqual(role.DataActions);
    expect(keyPermissions).toEqual(read('key-permissions.json')[name] ?? []);
  },
);

const VAULT = '/vault';
const KEY = KeyIdentifier.of('kv-shop', 'shop');
const GRANT = { vaultId: VAULT, tenantId: 't', objectId: 'o' };
const ASSIGNMENT = {
  id: `${VAULT}/assignment`,
  name: 'assignment',
  roleName: 'r',
  wrapsKeys: true,
  keyUses: [],
  scope: VAULT,
  roleDefinitionId: 'r',
  principalId: 'o',
  principalType: 'ServicePrincipal',
};

// The steps of each method, and those that undo it.
const STEPS: Record<RevokeMethodId, StepSpec[]> = {
  'access-policy': [
    removeAccessPolicy.build({ ...GRANT, keyPermissions: ['get'] }),
    addAccessPolicy.build({
      vaultId: VAULT,
      entry: entryFor({ ...GRANT, keyPermissions: ['get'] }),
    }),
  ],
  'role-assignment': [
    deleteRoleAssignment.build({ assignment: ASSIGNMENT }),
    createRoleAssignment.build({ assignment: ASSIGNMENT }),
  ],
  'disable-version': [
    setVersionEnabled.build({ key: KEY.at('0'.repeat(32)), enabled: false }),
  ],
  'disable-all-versions': [
    setVersionEnabled.build({ key: KEY.at('0'.repeat(32)), enabled: false }),
  ],
  'delete-key': [deleteKey.build({ key: KEY }), recoverKey.build({ key: KEY })],
};

it.each(REVOKER_SIZES.map(size => [size.role, size] as const))(
  'the size %s has the rights of exactly the methods that it names',
  (_name, { methods, vault, data, keyPermissions }) => {
    const carriesOut = (Object.keys(STEPS) as RevokeMethodId[]).filter(method =>
      STEPS[method]
        .flatMap(step => rightsOf(step, () => VAULT))
        .every(right =>
          right.data
            ? data.includes(right.action) &&
              keyPermissions.includes(right.data.permission ?? '')
            : vault.includes(right.action),
        ),
    );
    expect(carriesOut.sort()).toEqual([...methods].sort());
  },
);

it.each(REVOKER_SIZES.map(({ role, methods }) => [role, methods] as const))(
  'docs/permissions.md names the methods of %s',
  (role, methods) => {
    const row = document('permissions.md')
      .split('\n')
      .find(line => line.startsWith(`| [${role}.json]`));
    const [, , cell = ''] = row?.split('|') ?? [];
    const named = cell.includes('every method')
      ? Object.keys(STEPS)
      : [...cell.matchAll(/`([a-z-]+)`/g)].map(([, method]) => method);
    expect(named.sort()).toEqual([...methods].sort());
  },
);

it('the role for other Azure services has what shows them, and nothing else', () => {
  expect(read('key-consumer-reader.json').Actions).toEqual(
    CONSUMER_READ_ACTIONS,
  );
});

it('the role for a subscription has what is needed there, and lets its holder be asked for it', () => {
  expect(read('registry-name-checker.json').Actions).toEqual([
    ...NEEDED_RIGHTS.provision.subscription,
    'Microsoft.Authorization/permissions/read',
  ]);
  const jobs = Object.values(NEEDED_RIGHTS).filter(
    ({ subscription }) => subscription.length > 0,
  );
  expect(jobs).toEqual([NEEDED_RIGHTS.provision]);
});

it('an identity that revokes reads deleted keys of a Managed HSM', () => {
  expect(HSM_RIGHTS.revoke).toContain(
    'Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action',
  );
});
