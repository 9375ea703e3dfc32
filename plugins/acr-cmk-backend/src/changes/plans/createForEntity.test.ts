/** A registry for an entity that the catalog has already: refused before anything is made. */
import type { CreateRegistryIntent } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../../__testUtils__/asAdmin';
import {
  person,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const NEW = registryId('newimages');
const INTENT: CreateRegistryIntent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-newimages', create: true },
  key: {
    kind: 'new-key',
    vaultName: 'kv-contoso-rbac',
    keyName: 'newimages',
  },
};

describe('creating a registry', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal({
      entities: [
        resource('shop-images', registryId('shopimages')),
        resource(
          'announced',
          `${registryId('shopimages')},${NEW.toUpperCase()}`,
        ),
        person('olivia', 'team-shop'),
      ],
    });
    portal.azure.clearRequests();
  });
  afterEach(() => portal.stop());

  const plan = (entity: string) => portal.plan(entity, NEW, INTENT);
  const ofEntity = async (entity: string) =>
    (await plan(entity)).checks.find(({ id }) => id === 'entity');

  it('is refused for an entity that names other registries, before anything is made', async () => {
    const made = await plan('shop-images');
    expect(made.blocked).toBe(true);
    expect(made.checks.filter(({ status }) => status === 'fail')).toEqual([
      {
        id: 'entity',
        status: 'fail',
        message:
          'resource:default/shop-images is in the catalog already and names shopimages. Nothing would name the new registry, because this portal cannot change the annotations of an entity.',
        remedy: expect.stringContaining(NEW),
      },
    ]);
    await expect(portal.carryOut(made)).rejects.toThrow('409');
    expect(
      portal.writes().filter(write => !/checkNameAvailability$/.test(write)),
    ).toEqual([]);
    expect(portal.azure.state.registries()).not.toContain('newimages');
  });

  it('is a plan about the entity when its annotation names the registry already', async () => {
    expect(await ofEntity('announced')).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('names the registry'),
    });
    const operation = await portal.carryOut(await plan('announced'));
    expect(operation).toMatchObject({ state: 'succeeded' });
    const { registries } = await portal
      .as()
      .registriesOf('resource:default/announced', { refresh: true });
    expect(registries.map(one => one.kind === 'registry' && one.name)).toEqual([
      'shopimages',
      'newimages',
    ]);
  });

  it('is planned for an entity that is not there yet', async () => {
    expect(await ofEntity('invoice-images')).toMatchObject({ status: 'pass' });
    expect((await plan('invoice-images')).blocked).toBe(false);
  });

  it('is blocked in a vault whose firewall lets no registry in', async () => {
    await asAdmin(portal.azure).changeVault('kv-contoso-rbac', {
      networkAcls: { bypass: 'None', defaultAction: 'Deny' },
    });
    await portal.ageFacts(60 * 60_000);
    const made = await plan('invoice-images');
    expect(made.blocked).toBe(true);
    expect(made.checks.find(({ id }) => id === 'vault-firewall')).toMatchObject(
      { status: 'fail' },
    );
  });
});
