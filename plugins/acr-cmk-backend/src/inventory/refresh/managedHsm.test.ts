import { testDatabases } from '../../__testUtils__/databases';
import { startSyncWorld, type SyncWorld } from './__testUtils__/syncWorld';

jest.setTimeout(120_000);

const HOST = 'hsm-contoso.managedhsm.azure.net';

describe.each(testDatabases())(
  'the sync of a Managed HSM on $name',
  database => {
    let world: SyncWorld;
    beforeEach(async () => {
      world = await startSyncWorld({ database, azure: { world: 'demo-hsm' } });
      await world.turns(2);
    });
    afterEach(() => world.close());

    const access = () =>
      world.db('access').where({ vault_host: HOST }).first('path', 'read_at');

    it('knows the HSM, its key, and who may use it by roles of its own', async () => {
      expect(
        await world.db('registries').where({ vault_host: HOST }).pluck('id'),
      ).toEqual([expect.stringMatching(/\/hsmimages$/)]);
      expect(
        await world
          .db('vaults')
          .where({ host: HOST })
          .pluck('permission_model'),
      ).toEqual(['rbac']);
      const key = await world.rows.keys
        .of({ vaultName: 'hsm-contoso.managedhsm', keyName: 'hsmimages' })
        .read();
      expect(key?.value).toMatchObject({
        vaultName: 'hsm-contoso.managedhsm',
        type: 'RSA-HSM',
      });
      expect(await access()).toMatchObject({ path: 'direct' });
      expect(world.warnings).toEqual([]);
    });

    it('reads that access again after an hour, because no list shows it', async () => {
      /** Access as it is after a turn that begins so many minutes after its reading. */
      const afterMinutes = async (minutes: number) => {
        const now = world.azure.emulator.clock.now();
        await world
          .db('access')
          .where({ vault_host: HOST })
          .update({ read_at: now - minutes * 60_000 });
        await world.turns(1);
        return now - Number((await access())?.read_at) < 60_000;
      };
      expect(await afterMinutes(59)).toBe(false);
      expect(await afterMinutes(61)).toBe(true);
    });
  },
);
