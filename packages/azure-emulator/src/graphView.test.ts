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
  RESOURCE_GRAPH_READ_WINDOW,
} from './assumptions';
import { inSeconds, seconds } from './durations';

const OPERATION_SECONDS = 10;
const azure = useEmulator({
  operationSeconds: OPERATION_SECONDS,
});
const { call } = azure;
const GRAPH = `${ARM}/providers/Microsoft.ResourceGraph/resources`;
const advance = (count: number) => azure.emulator.clock.advance(seconds(count));
beforeEach(() => azure.emulator.clock.freeze());

const query = async (text: string) =>
  (await call('reader', 'POST', GRAPH, { query: text })).json
    .data as unknown as Json[];
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
      await tag('shopimages', { a: 'b' });
      advance(OPERATION_SECONDS);
      expect(await versionInGraph('shopimages')).toBe(now());
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
