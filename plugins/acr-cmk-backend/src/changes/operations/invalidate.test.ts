import {
  type KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../__testUtils__/demoWorld';
import { testDatabases } from '../../__testUtils__/databases';
import { createIdentity } from '../../domain/steps/createIdentity';
import { InventoryRows } from '../../inventory/rows';
import { invalidate } from './invalidate';

const databases = testDatabases({ fast: 'SQLite' });

it('expires the fact that there is no identity, once an operation has made it', async () => {
  const db = await databases[0].open();
  const rows = new InventoryRows(db, { now: async () => 0 });
  const identity =
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new';
  await rows.identities
    .of(identity)
    .keepProblem({ kind: 'not-found', code: 'X', message: 'There is none' }, 1);
  await invalidate(
    {
      registryId: RegistryId.parse(registryId('newimages')),
      steps: [
        { spec: createIdentity.build({ identity, location: 'westeurope' }) },
      ],
    } as never,
    {
      expire: (
        id: RegistryId,
        named: readonly KeyIdentifier[],
        identities = [],
      ) => rows.expire({ id, named, identities }, 2),
    },
  );
  expect(await rows.identities.get(identity)).toMatchObject({
    problemAt: 1,
    expiredAt: 2,
  });
  await db.destroy();
});
