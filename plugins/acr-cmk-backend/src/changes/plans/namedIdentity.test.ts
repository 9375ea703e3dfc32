import {
  bundleWith,
  known,
  registryOf,
} from '../../__testUtils__/encryptedRegistries';
import {
  type AzureProblem,
  type CreateRegistryIntent,
  FactsUnavailable,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { IdentityNotOpen } from '../gate/closed';
import type { KnownIdentity } from '../../domain/identity';
import type { Change } from '../../domain/plan/change';
import { NOW } from '../../inventory/read/FactReader';
import type { Inventory } from '../../inventory/Inventory';
import { identityNamed, identityOfNew } from './namedIdentity';

const resourceId =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop';
const IDENTITY: KnownIdentity = {
  resourceId,
  name: 'id-shop',
  clientId: '66666666-0000-4000-8000-000000000000',
  principalId: '77777777-0000-4000-8000-000000000000',
};
const change = {
  intent: { kind: 'rotate' },
  entityRef: 'resource:default/shop-images',
} as Change;

/** Name of an identity that nobody has opened. */
const name = (userAssignedIdentities: { resourceId: string }[]) =>
  identityNamed(
    {
      named: 'id-shop',
      registry: registryOf(
        bundleWith({ registry: { userAssignedIdentities } }).registry,
      ),
    },
    { change, freshness: NOW, isIdentityOpen: () => false },
    {
      identities: {
        matching: async (_text, _freshness, isOpen) =>
          known([IDENTITY].filter(isOpen)),
      } as Pick<Inventory['identities'], 'matching'>,
    } as Inventory,
  );

describe('an identity that a plan names and nobody has opened', () => {
  it('is refused', async () => {
    await expect(name([])).rejects.toThrow(IdentityNotOpen);
  });

  it('is found where the registry has it, also while Azure does not say its client id', async () => {
    const { identity } = await name([{ resourceId: resourceId.toUpperCase() }]);
    expect(identity).toMatchObject({ reference: IDENTITY.clientId });
  });
});

describe('the identity of a new registry while a subscription cannot be listed', () => {
  const problem: AzureProblem = {
    kind: 'denied',
    code: 'AuthorizationFailed',
    message: 'a subscription cannot be listed',
  };
  const missing: AzureProblem = {
    kind: 'not-found',
    code: 'ResourceNotFound',
    message: 'it is not there',
  };
  const matching = jest.fn<
    ReturnType<Inventory['identities']['matching']>,
    [text: string]
  >(async () => ({ known: false, problem }));
  beforeEach(() => matching.mockClear());
  const find = (create: boolean, ofNew = missing, named = 'id-new') =>
    identityOfNew(
      {
        change: {
          entityRef: 'resource:default/new-images',
          registryId: RegistryId.parse(
            '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/newimages',
          ),
          intent: {
            kind: 'create-registry',
            identity: { name: named, create },
          },
        } as Change<CreateRegistryIntent>,
        freshness: NOW,
        isIdentityOpen: () => true,
      },
      {
        identities: {
          matching,
          of: async () => ({ known: false, problem: ofNew }),
        } as Pick<Inventory['identities'], 'matching' | 'of'>,
      } as Inventory,
    );

  it('is created without looking for it anywhere else, since nobody else uses it', async () => {
    expect(await find(true)).toBeUndefined();
    expect(matching).not.toHaveBeenCalled();
  });

  it('is looked for by a client id, which no identity that is created has as its name', async () => {
    const clientId = '66666666-0000-4000-8000-000000000000';
    await expect(find(true, missing, clientId)).rejects.toThrow(
      FactsUnavailable,
    );
    expect(matching).toHaveBeenCalledTimes(1);
  });

  it('is not created where it cannot be read whether there is one', async () => {
    await expect(find(true, problem)).rejects.toThrow(FactsUnavailable);
  });

  it('is not chosen among those that exist', async () => {
    await expect(find(false)).rejects.toThrow(FactsUnavailable);
  });
});
