import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityUnknown, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { registryId, resource } from '../__testUtils__/demoWorld';
import { InventoryRows } from '../inventory/rows';
import { CatalogLinks } from './CatalogLinks';

const SHOP = RegistryId.parse(registryId('shopimages'));
const VIEWER = mockCredentials.user('user:default/vera');

/** A catalog in which viewers do not see what is secret; the plugin sees everything. */
class Catalog {
  calls: string[] = [];
  constructor(
    public entities: Entity[],
    public secret: string[] = [],
  ) {}

  service(): CatalogService {
    const withOnly = (visible: Entity[]) =>
      catalogServiceMock({ entities: visible });
    return new Proxy({} as CatalogService, {
      get:
        (_, method: keyof CatalogService) =>
        (
          request: never,
          options: { credentials: { principal: { type: string } } },
        ) => {
          const isPlugin = options.credentials.principal.type === 'service';
          this.calls.push(
            `${String(method)} as ${isPlugin ? 'plugin' : 'viewer'}`,
          );
          const visible = this.entities.filter(
            ({ metadata }) => isPlugin || !this.secret.includes(metadata.name),
          );
          return (withOnly(visible)[method] as Function)(request, options);
        },
    });
  }
}

describe('links between entities and registries', () => {
  let db: Knex;
  let now: number;
  let rows: InventoryRows;
  const clock = { now: async () => now };
  beforeEach(async () => {
    db = await openSqlite();
    now = 1_000;
    rows = new InventoryRows(db, clock);
  });
  afterEach(() => db.destroy());

  const linksOf = (catalog: Catalog) =>
    new CatalogLinks({
      catalog: catalog.service(),
      auth: mockServices.auth(),
      links: rows.links,
    });

  it('are looked for under other names of the annotation, where an entity names no registry by ours', async () => {
    const named = (name: string, annotations: Record<string, string>) => ({
      ...resource(name, ''),
      metadata: { name, annotations },
    });
    const links = linksOf(
      new Catalog([
        resource('shop-images', registryId('shopimages')),
        named('typo', {
          'azure.com/container-registy-id': registryId('shopimages'),
        }),
        named('other', { 'azure.com/container-registy-id': 'shopimages' }),
        named('both', {
          'azure.com/container-registry-id': registryId('shopimages'),
          'example.com/registry': registryId('shopimages'),
        }),
      ]),
    );
    expect(await links.misspeltAnnotations()).toEqual([
      {
        entityRef: 'resource:default/typo',
        annotation: 'azure.com/container-registy-id',
      },
    ]);
  });

  it('lead from a person to what they own, by requests whose URL Node.js takes', async () => {
    const groups = Array.from(
      { length: 600 },
      (_, n) => `group:default/team-with-a-long-name-${n}`,
    );
    const relations = (type: string, refs: string[]) =>
      refs.map(targetRef => ({ type, targetRef }));
    const lengths: number[] = [];
    const service = new Catalog([
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'User',
        metadata: { name: 'vera', namespace: 'default' },
        relations: relations('memberOf', groups),
      },
      {
        ...resource('first', SHOP.toString()),
        relations: relations('ownedBy', [groups[0]]),
      },
      {
        ...resource('last', SHOP.toString()),
        relations: relations('ownedBy', [groups[599]]),
      },
      {
        ...resource('of-others', SHOP.toString()),
        relations: relations('ownedBy', ['group:default/team-others']),
      },
    ]).service();
    const links = new CatalogLinks({
      catalog: {
        ...catalogServiceMock({ entities: [] }),
        getEntityByRef: service.getEntityByRef,
        getEntities: (request, options) => {
          const [[key, refs]] = Object.entries(request!.filter!);
          lengths.push(
            refs
              .map((ref: string) => `${key}=${encodeURIComponent(ref)}`)
              .join().length,
          );
          return service.getEntities(request, options);
        },
      },
      auth: mockServices.auth(),
      links: rows.links,
    });
    expect(await links.claimantsOf('user:default/vera')).toEqual(
      new Set([
        'user:default/vera',
        ...groups,
        'resource:default/first',
        'resource:default/last',
      ]),
    );
    expect(Math.max(...lengths)).toBeLessThan(8 * 1024);
  });

  it('are read page by page, all of them', async () => {
    const many = Array.from({ length: 450 }, (_, n) =>
      resource(`images-${n}`, registryId(`images${n}`)),
    );
    const catalog = new Catalog(many);
    const keep = jest.spyOn(rows.links, 'keep');
    await linksOf(catalog).refreshLinks(clock);
    expect(await rows.links.linked(1_000)).toHaveLength(450);
    expect(catalog.calls).toEqual(['streamEntities as plugin']);
    expect(keep.mock.calls.map(([page]) => page.length)).toEqual([
      200, 200, 50,
    ]);
    expect(await rows.listings.get('links', ['catalog'])).toMatchObject([
      { value: 450, observedAt: 1_000 },
    ]);
  });

  it('of an entity that is gone are dropped by the next sweep', async () => {
    const catalog = new Catalog([
      resource('a', SHOP.toString()),
      resource('b', SHOP.toString()),
    ]);
    await linksOf(catalog).refreshLinks(clock);
    now += 1;
    catalog.entities.pop();
    await linksOf(catalog).refreshLinks(clock);
    expect(
      (await rows.links.behind([SHOP.key])).map(({ entityRef }) => entityRef),
    ).toEqual(['resource:default/a']);
  });

  it('stay when a sweep breaks off', async () => {
    const catalog = new Catalog([resource('a', SHOP.toString())]);
    await linksOf(catalog).refreshLinks(clock);
    const broken = {
      streamEntities() {
        throw new Error('The catalog is away');
      },
    };
    const links = new CatalogLinks({
      catalog: broken as unknown as CatalogService,
      auth: mockServices.auth(),
      links: rows.links,
    });
    now += 1;
    await expect(links.refreshLinks(clock)).rejects.toThrow('away');
    expect(await rows.links.behind([SHOP.key])).toHaveLength(1);
  });

  it('name the entities that the viewer may see, and count the others', async () => {
    const catalog = new Catalog(
      [resource('seen', SHOP.toString()), resource('hidden', SHOP.toString())],
      ['hidden'],
    );
    const links = linksOf(catalog);
    await links.refreshLinks(clock);
    catalog.calls = [];
    const behind = await links.entitiesBehind([SHOP], VIEWER);
    expect(behind(SHOP)).toEqual({
      visible: [
        {
          entityRef: 'resource:default/seen',
          owner: 'group:default/team-shop',
        },
      ],
      hidden: 1,
    });
    expect(catalog.calls).toEqual([
      'getEntitiesByRefs as viewer',
      'getEntitiesByRefs as plugin',
    ]);
  });

  it('in tags are named as the viewer may see them, and one that does not exist counts for nothing', async () => {
    const catalog = new Catalog(
      [resource('seen', SHOP.toString()), resource('hidden', SHOP.toString())],
      ['hidden'],
    );
    const refs = ['seen', 'hidden', 'gone'].map(
      name => `resource:default/${name}`,
    );
    const links = linksOf(catalog);
    const behind = await links.entitiesInTags(refs, VIEWER);
    expect(behind(refs)).toEqual({
      visible: [{ entityRef: refs[0], owner: 'group:default/team-shop' }],
      hidden: 1,
    });
    expect(behind([])).toEqual({ visible: [], hidden: 0 });
    catalog.calls = [];
    await links.entitiesInTags([], VIEWER);
    expect(catalog.calls).toEqual([]);
  });

  it('show nothing of what was read as the plugin and the viewer may not see', async () => {
    const catalog = new Catalog(
      [resource('seen', SHOP.toString()), resource('hidden', SHOP.toString())],
      ['hidden'],
    );
    const links = linksOf(catalog);
    await links.refreshLinks(clock);
    await db('registries').insert({
      id: SHOP.key,
      subscription_id: SHOP.subscriptionId,
      resource_group: SHOP.resourceGroup,
      name: SHOP.name,
      vault_host: 'kv1.vault.azure.net',
      key_name: 'shop',
    });
    const refs = await links.around('resource:default/seen');
    expect(refs).toEqual(['resource:default/seen', 'resource:default/hidden']);
    const found = await links.entitiesAsPlugin(refs);
    expect([...found.keys()]).toEqual(refs);
    catalog.calls = [];
    const entities = links.entitiesSeenBy(
      VIEWER,
      new Map([
        [refs[0], found.get(refs[0])],
        [refs[1], undefined],
      ]),
    );
    const seen = await links.registriesOf(refs[0], VIEWER, entities);
    expect(seen.entityRef).toBe(refs[0]);
    await expect(links.registriesOf(refs[1], VIEWER, entities)).rejects.toThrow(
      EntityUnknown,
    );
    expect(
      (await links.entitiesBehind([SHOP], VIEWER, entities))(SHOP),
    ).toMatchObject({
      visible: [{ entityRef: 'resource:default/seen' }],
      hidden: 1,
    });
    expect(catalog.calls).toEqual(['getEntitiesByRefs as plugin']);
  });

  it('read the annotations of each entity once, however many registries there are', async () => {
    const ids = Array.from({ length: 300 }, (_, n) =>
      RegistryId.parse(registryId(`images${n}`)),
    );
    const links = linksOf(
      new Catalog(ids.map(id => resource(`of-${id.name}`, id.toString()))),
    );
    await links.refreshLinks(clock);
    const parse = jest.spyOn(RegistryId, 'parse');
    const behind = await links.entitiesBehind(ids, VIEWER);
    expect(ids.map(id => behind(id).visible[0].entityRef)).toEqual(
      ids.map(({ name }) => `resource:default/of-${name}`),
    );
    expect(parse).toHaveBeenCalledTimes(300);
    parse.mockRestore();
  });

  it('ask the catalog nothing for registries that no entity names', async () => {
    const catalog = new Catalog([]);
    const behind = await linksOf(catalog).entitiesBehind([SHOP], VIEWER);
    expect(behind(SHOP)).toEqual({ visible: [], hidden: 0 });
    expect(catalog.calls).toEqual([]);
  });

  it('are not believed when the entity names another registry by now, or is gone', async () => {
    const catalog = new Catalog([
      resource('moved', SHOP.toString()),
      resource('gone', SHOP.toString()),
    ]);
    const links = linksOf(catalog);
    await links.refreshLinks(clock);
    catalog.entities = [resource('moved', registryId('otherimages'))];
    const behind = await links.entitiesBehind([SHOP], VIEWER);
    expect(behind(SHOP)).toEqual({ visible: [], hidden: 0 });
  });

  it('come with those that depend on them, for all registries in one request as the viewer', async () => {
    const ORDERS = RegistryId.parse(registryId('ordersimages'));
    const depends = (name: string, on: string[]): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, namespace: 'default' },
      relations: [
        {
          type: 'ownedBy',
          targetRef: `group:default/team-${name.slice(-1)}`,
        },
        ...on.map(each => ({
          type: 'dependsOn',
          targetRef: `resource:default/${each}`,
        })),
      ],
    });
    const used = (name: string, id: RegistryId, by: string[]): Entity => {
      const entity = resource(name, id.toString());
      return {
        ...entity,
        relations: [
          ...(entity.relations ?? []),
          ...by.map(each => ({
            type: 'dependencyOf',
            targetRef: `component:default/${each}`,
          })),
        ],
      };
    };
    const many = Array.from({ length: 110 }, (_, n) => `web-${n + 100}`);
    const catalog = new Catalog(
      [
        used('shop', SHOP, [...many, 'both', 'secret']),
        used('orders', ORDERS, ['both', 'gone']),
        used('hidden', ORDERS, ['of-hidden']),
        ...many.map(name => depends(name, ['shop'])),
        depends('both', ['shop', 'orders']),
        depends('of-hidden', ['hidden']),
        depends('secret', ['shop']),
      ],
      ['secret', 'hidden'],
    );
    const links = linksOf(catalog);
    await links.refreshLinks(clock);
    catalog.calls = [];
    const { behind, dependents } = await links.affected([SHOP, ORDERS], VIEWER);
    expect(behind(ORDERS)).toMatchObject({ hidden: 1 });
    expect(dependents).toMatchObject({
      count: 112,
      hidden: 1,
      on: ['resource:default/orders', 'resource:default/shop'],
    });
    expect(dependents.first.map(({ entityRef }) => entityRef)).toEqual(
      ['both', 'of-hidden', ...many.slice(0, 98)].map(
        name => `component:default/${name}`,
      ),
    );
    expect(dependents.first[0].owner).toBe('group:default/team-h');
    // Those of both, of-hidden, and web-100 to web-209: the teams h, n, and 0 to 9.
    expect(dependents.owners).toBe(12);
    expect(catalog.calls).toEqual([
      'getEntitiesByRefs as viewer',
      'getEntitiesByRefs as plugin',
      'getEntitiesByRefs as viewer',
      'getEntitiesByRefs as plugin',
    ]);
  });

  it('of an entity are right as soon as somebody opens it', async () => {
    const catalog = new Catalog([resource('a', registryId('otherimages'))]);
    const links = linksOf(catalog);
    await links.refreshLinks(clock);
    catalog.entities = [resource('a', SHOP.toString())];
    now += 1;
    await links.registriesOf('resource:default/a', VIEWER);
    expect(await rows.links.linked(10)).toEqual([SHOP.key]);
  });
});
