import { DemoPeople } from '../../changes/gate/__testUtils__/DemoPeople';
import { registryId } from '../../__testUtils__/portal';

const CATALOG = {
  entityRef: 'resource:default/catalog-images',
  registryId: registryId('catalogimages'),
};

describe('what is offered for the registry of an entity', () => {
  const people = new DemoPeople();
  beforeAll(() =>
    people.start({
      identities: [
        {
          resourceId: registryId('').replace(
            /Microsoft\.ContainerRegistry.*$/,
            'Microsoft.ManagedIdentity/userAssignedIdentities/id-searchimages',
          ),
          entityRefs: ['group:default/team-shop'],
        },
      ],
    }),
  );
  afterAll(() => people.stop());

  const client = (user: string) => people.portal.as(user);
  const names = async (list: Promise<{ name: string }[]>) =>
    (await list).map(({ name }) => name);

  it.each(['daniel', 'priya'])(
    'follows the entity, for each viewer: %s',
    async user => {
      expect(
        await names(client(user).keys('kv-contoso-rbac', CATALOG)),
      ).toEqual(['catalogimages']);
      const { items: vaults } = await client(user).vaults(CATALOG);
      expect(vaults.map(({ name }) => name)).toEqual([
        'kv-contoso-policy',
        'kv-contoso-rbac',
      ]);
      const { items: identities } = await client(user).identities(CATALOG);
      expect(identities.map(({ name }) => name)).toEqual(['id-catalogimages']);
    },
  );

  it('has a plan accept each key of the list, and refuse one that is not on it', async () => {
    const plan = (name: string) =>
      client('priya').plan({
        ...CATALOG,
        intent: {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier: `https://kv-contoso-rbac.vault.azure.net/keys/${name}`,
          },
        },
      });
    await expect(plan('catalogimages')).resolves.toBeDefined();
    await expect(plan('shopimages')).rejects.toThrow();
  });

  it('has identities that are open to the entity, attached to the registry or not', async () => {
    const { items } = await client('olivia').identities({
      entityRef: 'resource:default/shop-images',
      registryId: registryId('shopimages'),
    });
    expect(items.map(({ name, attached }) => [name, attached])).toEqual([
      ['id-searchimages', false],
      ['id-shopimages', true],
    ]);
    await expect(
      client('olivia').plan({
        entityRef: 'resource:default/shop-images',
        registryId: registryId('shopimages'),
        intent: {
          kind: 'rotate',
          key: { kind: 'current' },
          identity: items[0].resourceId,
          grantAccess: true,
        },
      }),
    ).resolves.toMatchObject({ blocked: false });
  });

  it('is what the person and their teams may use, without an entity', async () => {
    expect(await names(client('daniel').keys('kv-contoso-rbac'))).toEqual([
      'catalogimages',
      'platform-shared',
    ]);
  });

  it('is not revealed to people who may not see the entity', async () => {
    const { status, body } = await people.portal.request(
      'GET',
      '/v1/identities?entityRef=resource:default/nobodys',
    );
    expect([status, body.error.code]).toEqual([404, 'ENTITY_UNKNOWN']);
    const alone = await people.portal.request(
      'GET',
      `/v1/identities?registryId=${CATALOG.registryId}`,
    );
    expect([alone.status, alone.body.error.field]).toEqual([400, 'entityRef']);
  });

  it('is not revealed to people who may see the entity, and not read its registries', async () => {
    people.portal.forbid('acr-cmk.registry.read');
    const { status, body } = await people.portal.request(
      'GET',
      `/v1/identities?entityRef=${CATALOG.entityRef}`,
    );
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('acr-cmk.registry.read'),
    ]);
  });
});
