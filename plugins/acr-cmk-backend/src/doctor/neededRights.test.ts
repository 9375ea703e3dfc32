import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  HSM_RIGHTS,
  LIST_HSMS,
  NEEDED_RIGHTS,
  SEE_SUBSCRIPTIONS,
} from './neededRights';

const read = (file: string) =>
  JSON.parse(
    readFileSync(resolve(__dirname, '../../../../docs/roles', file), 'utf8'),
  );

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
