import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import { explainPermissions, permissionIn } from './permissions';

it.each(acrCmkPermissions.map(({ name }) => name))(
  'finds the permission %s in a message, so that its meaning can be added',
  name => {
    expect(
      permissionIn(`You need the permission ${name} on this entity.`),
    ).toBe(name);
  },
);

it.each([undefined, '', 'Restore access first', 'acr-cmk.key'])(
  'finds no permission in: %s',
  message => {
    expect(permissionIn(message)).toBeUndefined();
  },
);

it.each([
  [
    'You need the permission acr-cmk.key.rotate on this entity',
    'You need the permission acr-cmk.key.rotate (MEANING) on this entity',
  ],
  [
    'Needs approval from team-shop (acr-cmk.key.rotate), because it is shared',
    'Needs approval from team-shop (acr-cmk.key.rotate, to MEANING), because it is shared',
  ],
  [
    'Needs approval from team-shop (acr-cmk.key.rotate on resource:default/a)',
    'Needs approval from team-shop (acr-cmk.key.rotate, to MEANING, on resource:default/a)',
  ],
])(
  'adds the meaning of a permission without brackets in brackets: %s',
  (message, explained) => {
    const t = (() => 'MEANING') as unknown as Parameters<
      typeof explainPermissions
    >[0];
    expect(explainPermissions(t, message)).toBe(explained);
  },
);
