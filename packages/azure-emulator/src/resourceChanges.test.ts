import {
  ARM,
  Json,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from './__testUtils__/emulated';
import {
  DAY,
  FOLLOW_DELAY_MS,
  RESOURCE_CHANGES_KEPT_MS,
  RESOURCE_GRAPH_READ_WINDOW,
} from './assumptions';
import { inSeconds, seconds } from './durations';

const OPERATION_SECONDS = 10;
const DELAY_SECONDS = 60;
const azure = useEmulator({
  operationSeconds: OPERATION_SECONDS,
  assumptions: { resourceChangesDelaySeconds: DELAY_SECONDS },
});
const { call } = azure;
const GRAPH = `${ARM}/providers/Microsoft.ResourceGraph/resources`;
const advance = (count: number) => azure.emulator.clock.advance(seconds(count));
beforeEach(() => azure.emulator.clock.freeze());

const query = async (text: string) =>
  (await call('reader', 'POST', GRAPH, { query: text })).json
    .data as unknown as Json[];
const changes = () =>
  query(
    'resourcechanges | extend at = todatetime(properties.changeAttributes.timestamp), target = tostring(properties.targetResourceId) | order by at asc, target asc | project target, kind = tostring(properties.changeType), changes = properties.changes, attributes = properties.changeAttributes',
  );
const tag = (name: string, tags: object) =>
  call('admin', 'PATCH', registryUrl(name), { tags });
const rotate = (key: string, vault = 'kv-contoso-rbac') =>
  azure.emulator.outOfBand(
    'POST',
    `https://${vault}.vault.azure.net/keys/${key}/rotate`,
  );
const versionInGraph = async (name: string) => {
  const [row] = await query(
    `resources | where type =~ 'microsoft.containerregistry/registries' and name =~ '${name}' | project v = properties.encryption.keyVaultProperties.versionedKeyIdentifier`,
  );
  return row?.v as unknown as string | null;
};

describe('resourcechanges', () => {
  it('is empty in a new world', async () => {
    advance(DELAY_SECONDS);
    expect(await changes()).toEqual([]);
  });

  it('has a row for a write when its operation has ended, a while later', async () => {
    await tag('shopimages', { team: 'shop' });
    advance(OPERATION_SECONDS);
    expect(await changes()).toEqual([]);
    advance(DELAY_SECONDS);
    const [row, ...others] = await changes();
    expect(others).toEqual([]);
    expect(row).toEqual({
      target: new URL(registryUrl('shopimages')).pathname,
      kind: 'Update',
      changes: {
        'tags.backstage-entity-ref': {
          previousValue: 'resource:default/shop-images',
        },
        'tags.team': { newValue: 'shop' },
      },
      attributes: {
        changedBy: azure.emulator.ready.principals.admin.clientId,
        changedByType: 'Application',
        changesCount: 2,
        clientType: 'Unknown',
        correlationId: expect.any(String),
        newResourceSnapshotId: expect.any(String),
        previousResourceSnapshotId: expect.any(String),
        operation: 'microsoft.containerregistry/registries/write',
        timestamp: expect.stringMatching(/\+00:00$/),
      },
    });
  });

  it('has no row for a write that changes nothing', async () => {
    await call('admin', 'PATCH', registryUrl('shopimages'), {});
    advance(OPERATION_SECONDS + DELAY_SECONDS);
    expect(await changes()).toEqual([]);
  });

  it('distinguishes creation from deletion, without values', async () => {
    const id = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
    await call('admin', 'PUT', id, { location: 'westeurope' });
    advance(1);
    await call('admin', 'DELETE', id);
    await call('admin', 'DELETE', registryUrl('plainimages'));
    advance(DELAY_SECONDS);
    const rows = (await changes()).map(({ target, kind, changes: values }) => [
      String(target).split('/').pop(),
      kind,
      values,
    ]);
    expect(rows).toEqual([
      ['id-new', 'Create', null],
      ['id-new', 'Delete', null],
      ['plainimages', 'Delete', null],
    ]);
  });

  it('shows changes of vaults and of resource groups', async () => {
    await call(
      'admin',
      'PUT',
      `${vaultUrl('kv-contoso-policy')}/accessPolicies/remove`,
      {
        properties: {
          accessPolicies: [
            {
              tenantId: azure.emulator.ready.tenantId,
              objectId: azure.emulator.state.principalId('acr-cmk-reader'),
              permissions: {},
            },
          ],
        },
      },
    );
    await call(
      'admin',
      'PATCH',
      `${ARM}${SUBSCRIPTION}/resourceGroups/rg-new`,
      {
        tags: { a: 'b' },
      },
    );
    advance(DELAY_SECONDS);
    const containers = await query(
      'resourcecontainerchanges | project resourceGroup, c = properties.changes',
    );
    // The reader has no role that reads resource groups.
    expect(containers).toEqual([]);
    const seen = await call('admin', 'POST', GRAPH, {
      query:
        'resourcecontainerchanges | project resourceGroup, c = properties.changes',
    });
    expect(seen.json.data).toEqual([
      { resourceGroup: 'rg-new', c: { 'tags.a': { newValue: 'b' } } },
    ]);
  });

  it('cuts long values and says so', async () => {
    await tag('shopimages', { long: 'x'.repeat(600) });
    advance(OPERATION_SECONDS + DELAY_SECONDS);
    const [{ changes: values }] = await changes();
    expect(values['tags.long']).toEqual({
      newValue: 'x'.repeat(500),
      isTruncated: 'true',
    });
  });

  it('keeps rows for fourteen days', async () => {
    await tag('shopimages', { a: 'b' });
    const tagged = async () =>
      (await changes()).filter(({ changes: values }) => values?.['tags.a']);
    advance(OPERATION_SECONDS + inSeconds(RESOURCE_CHANGES_KEPT_MS) - 1);
    expect(await tagged()).toHaveLength(1);
    advance(1);
    expect(await tagged()).toEqual([]);
  });

  it('a registry that follows its key was changed by the system', async () => {
    await rotate('shopimages');
    advance(inSeconds(FOLLOW_DELAY_MS) + DELAY_SECONDS);
    const row = (await changes()).find(({ target }) =>
      String(target).endsWith('/shopimages'),
    )!;
    expect(row.attributes).toMatchObject({
      changedBy: 'System',
      changedByType: 'System',
    });
    expect(Object.keys(row.changes)).toEqual(
      expect.arrayContaining([
        'properties.encryption.keyVaultProperties.versionedKeyIdentifier',
      ]),
    );
  });

  it('is part of the state that a snapshot holds', async () => {
    await tag('shopimages', { a: 'b' });
    advance(OPERATION_SECONDS + DELAY_SECONDS);
    expect(await changes()).toHaveLength(1);
    const snapshot = azure.emulator.snapshot();
    await tag('ordersimages', { a: 'b' });
    advance(OPERATION_SECONDS + DELAY_SECONDS);
    expect(await changes()).toHaveLength(2);
    azure.emulator.restore(snapshot);
    expect(await changes()).toHaveLength(1);
  });
});

describe('what Resource Graph knows of a registry', () => {
  it('is as old as the delay says', async () => {
    azure.emulator.assumptions.change({ resourceGraphDelaySeconds: 30 });
    const rows = (name: string) =>
      query(`resources | where name =~ '${name}' | project tags`);
    await tag('shopimages', { a: 'b' });
    await call('admin', 'DELETE', registryUrl('plainimages'));
    await call(
      'admin',
      'PUT',
      `${ARM}${SUBSCRIPTION}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`,
      { location: 'westeurope' },
    );
    expect(await rows('plainimages')).toHaveLength(1);
    expect(await rows('id-new')).toHaveLength(0);
    advance(OPERATION_SECONDS);
    expect((await rows('shopimages'))[0].tags).not.toHaveProperty('a');
    advance(30 - OPERATION_SECONDS);
    expect(await rows('plainimages')).toHaveLength(0);
    expect(await rows('id-new')).toHaveLength(1);
    await call('reader', 'GET', registryUrl('shopimages'));
    advance(30);
    expect((await rows('shopimages'))[0].tags).toEqual({ a: 'b' });
  });

  it('may lack the version in use', async () => {
    expect(await versionInGraph('shopimages')).toMatch(/\/[0-9a-f]{32}$/);
    azure.emulator.assumptions.change({
      resourceGraphShowsVersionInUse: false,
    });
    expect(await versionInGraph('shopimages')).toBeNull();
    expect(
      (await call('reader', 'GET', registryUrl('shopimages'))).json.properties
        .encryption.keyVaultProperties,
    ).toHaveProperty('versionedKeyIdentifier');
  });

  it.each<[delay: number | null, meaning: string]>([
    [3600, 'an hour later'],
    [null, 'not before the next write'],
  ])(
    'may learn that a registry followed with a delay of %s seconds: %s',
    async delay => {
      azure.emulator.assumptions.change({
        resourceGraphFollowDelaySeconds: delay,
      });
      const before = await versionInGraph('shopimages');
      await rotate('shopimages');
      advance(inSeconds(FOLLOW_DELAY_MS));
      const now = () =>
        azure.emulator.state.registry('shopimages').versionedKeyIdentifier;
      expect(now()).not.toBe(before);
      expect(await versionInGraph('shopimages')).toBe(before);
      advance(delay ?? inSeconds(DAY));
      const later = delay === null ? before : now();
      expect(await versionInGraph('shopimages')).toBe(later);
      expect(
        (await changes()).filter(({ target }) =>
          String(target).endsWith('/shopimages'),
        ),
      ).toEqual([]);
      await tag('shopimages', { a: 'b' });
      advance(OPERATION_SECONDS);
      expect(await versionInGraph('shopimages')).toBe(now());
      advance(DELAY_SECONDS);
      expect(
        (await changes()).filter(({ target }) =>
          String(target).endsWith('/shopimages'),
        ),
      ).toHaveLength(delay === null ? 1 : 2);
    },
  );
});

describe('reading with useResourceGraph=true', () => {
  const flagged = (url: string) => `${url}?useResourceGraph=true`;
  const get = (url: string) => call('reader', 'GET', flagged(url));

  it.each([
    ['a registry', registryUrl('shopimages'), '2025-11-01'],
    ['a vault', vaultUrl('kv-contoso-rbac'), '2026-02-01'],
    [
      'an identity',
      `${ARM}${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shopimages`,
      '2024-11-30',
    ],
  ])('returns %s and says where it came from', async (_what, url, version) => {
    const { json, headers } = await get(url);
    const { json: direct } = await call('reader', 'GET', url);
    expect(json).toEqual({ ...direct, apiVersion: version });
    expect(headers).toMatchObject({
      'x-ms-user-quota-remaining': String(
        RESOURCE_GRAPH_READ_WINDOW.queries - 1,
      ),
      'x-ms-user-quota-resets-after': '00:01:00',
      'x-ms-arg-snapshot-timestamp': expect.stringMatching(/^\d{4}-/),
      'x-ms-resource-graph-request-duration': expect.any(String),
      'x-ms-ratelimit-remaining-subscription-reads': expect.any(String),
    });
  });

  it('lists a type in a group and in a subscription', async () => {
    const type = 'providers/Microsoft.ContainerRegistry/registries';
    for (const scope of [
      `${ARM}${SUBSCRIPTION}`,
      `${ARM}${SUBSCRIPTION}/resourceGroups/rg-shop`,
    ]) {
      const { json } = await get(`${scope}/${type}`);
      const { json: direct } = await call('reader', 'GET', `${scope}/${type}`);
      const ids = ({ value }: Json) =>
        (value as unknown as Json[]).map(({ id }) => id);
      expect(ids(json)).toEqual(ids(direct));
      expect((json.value as unknown as Json[])[0].apiVersion).toBe(
        '2025-11-01',
      );
    }
  });

  it('needs the same permission', async () => {
    const url = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages`;
    expect((await call('anonymous', 'GET', flagged(url))).status).toBe(401);
  });

  it('answers 422 for what it cannot index, the resource provider answers', async () => {
    azure.emulator.assumptions.change({
      resourceGraphCannotIndex: ['shop*', '*/vaults/kv-contoso-rbac'],
    });
    expect((await get(registryUrl('shopimages'))).status).toBe(422);
    expect((await get(vaultUrl('kv-contoso-rbac'))).status).toBe(422);
    expect((await get(registryUrl('ordersimages'))).status).toBe(200);
    expect(
      (await call('reader', 'GET', registryUrl('shopimages'))).status,
    ).toBe(200);
  });

  it('answers a false 404 for what is new, until it has learned of it', async () => {
    azure.emulator.assumptions.change({ resourceGraphDelaySeconds: 5 });
    const url = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
    await call('admin', 'PUT', url, { location: 'westeurope' });
    const early = await get(url);
    expect([early.status, early.json.error.code]).toEqual([
      404,
      'ResourceNotFound',
    ]);
    expect((await call('reader', 'GET', url)).status).toBe(200);
    advance(5);
    expect((await get(url)).status).toBe(200);
  });

  it('is ignored for what Resource Graph does not have', async () => {
    const { status, headers } = await get(
      `${vaultUrl('kv-contoso-rbac')}/keys/shopimages`,
    );
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('x-ms-user-quota-remaining');
  });
});

describe('assumptions', () => {
  it.each([
    [{ resourceGraphDelay: 1 }, "no assumption 'resourceGraphDelay'"],
    [{ resourceGraphDelaySeconds: -1 }, "'resourceGraphDelaySeconds' must be"],
    [{ resourceGraphDelaySeconds: '1' }, "'resourceGraphDelaySeconds' must be"],
    [{ resourceGraphPaging: 'odd' }, 'one of exact, losing'],
    [{ resourceGraphShowsVersionInUse: null }, 'true or false'],
    [{ resourceGraphCannotIndex: 'all' }, 'a list of names'],
    [{ constructor: 1 }, "no assumption 'constructor'"],
  ])('%j is refused', (changed, message) => {
    expect(() => azure.emulator.assumptions.change(changed as never)).toThrow(
      message,
    );
  });
});
