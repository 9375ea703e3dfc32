import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import { permissionIn } from './permissions';

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
