import { InvalidInput } from 'backstage-plugin-acr-cmk-common';
import {
  denied,
  known,
  bundleWith,
} from '../__testUtils__/encryptedRegistries';
import {
  findIdentity,
  findNewRegistrysIdentity,
  type KnownIdentity,
} from './identity';

const SUBSCRIPTION = '/subscriptions/11111111-2222-4333-8444-555555555555';
const idOf = (name: string, group = 'rg') =>
  `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const ATTACHED = {
  resourceId: idOf('id-shop'),
  clientId: '66666666-0000-4000-8000-000000000000',
  principalId: '77777777-0000-4000-8000-000000000000',
};
const OTHER: KnownIdentity = {
  resourceId: idOf('id-other'),
  name: 'id-other',
  clientId: '88888888-0000-4000-8000-000000000000',
  principalId: '99999999-0000-4000-8000-000000000000',
};
const SYSTEM = 'aaaaaaaa-0000-4000-8000-000000000000';

const { registry } = bundleWith({
  registry: { userAssignedIdentities: [ATTACHED], systemPrincipalId: SYSTEM },
});
const find = (text: string, listed: KnownIdentity[] = [OTHER]) =>
  findIdentity(text, registry, known(listed));

describe('the identity that a person names', () => {
  it.each([
    ['its resource id', ATTACHED.resourceId],
    ['its resource id in another case', ATTACHED.resourceId.toUpperCase()],
    ['its name', 'ID-Shop'],
    ['its client id', ATTACHED.clientId],
  ])('is an attached one by %s', (_how, text) => {
    expect(find(text)).toMatchObject({
      kind: 'user-assigned',
      attached: true,
      reference: ATTACHED.clientId,
      principalId: ATTACHED.principalId,
    });
  });

  it.each([
    ['its resource id', OTHER.resourceId],
    ['its name', 'id-other'],
    ['its client id', OTHER.clientId.toUpperCase()],
  ])('is one to be attached by %s', (_how, text) => {
    expect(find(text)).toMatchObject({
      attached: false,
      reference: OTHER.clientId,
      userAssigned: { resourceId: OTHER.resourceId },
    });
  });

  it.each(['system', '[system]', 'SYSTEM'])('is the system one by %s', text => {
    expect(find(text)).toMatchObject({
      kind: 'system',
      attached: true,
      principalId: SYSTEM,
    });
  });

  it.each([
    [
      'the principal id of an attached one',
      ATTACHED.principalId,
      ATTACHED.clientId,
    ],
    ['the principal id of a listed one', OTHER.principalId, OTHER.clientId],
    ['the principal id of the system one', SYSTEM, 'use `system`'],
    ['a resource of another type', registry.id, 'is not the resource id'],
    [
      'a path that climbs',
      `${ATTACHED.resourceId}/../x`,
      'is not the resource id',
    ],
    ['control characters', 'id-\u0000shop', 'is neither'],
    ['a whole URL', `https://management.azure.com${idOf('x')}`, 'is neither'],
    ['nothing', ' ', 'is neither'],
  ])('is refused for %s, with what would be right', (_what, text, hint) => {
    expect(() => find(text)).toThrow(InvalidInput);
    expect(() => find(text)).toThrow(/^intent\.identity: /);
    expect(() => find(text)).toThrow(hint);
  });

  it('is not offered as the system one for a registry that does not exist yet', () => {
    expect(() => findNewRegistrysIdentity('id shop', known([]))).toThrow(
      /^intent\.identity\.name: is no resource id, name or client id of a user-assigned identity$/,
    );
  });

  it.each(['bbbbbbbb-0000-4000-8000-000000000000', 'id-nobody'])(
    'is none for what names none that may be used: %s',
    text => {
      expect(find(text)).toBeUndefined();
    },
  );

  it('is refused when two have the name', () => {
    const twin = { ...OTHER, resourceId: idOf('id-other', 'elsewhere') };
    expect(() => find('id-other', [OTHER, twin])).toThrow('resource id');
  });

  it('is not guessed when the identities could not be listed', () => {
    expect(() => findIdentity('id-other', registry, denied)).toThrow(
      'could not be read',
    );
    expect(findIdentity('id-shop', registry, denied)).toMatchObject({
      attached: true,
    });
  });
});
