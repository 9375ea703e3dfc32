import {
  ARM,
  Json,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
} from '../__testUtils__/emulated';
import { DAY, FOLLOW_DELAY_MS } from '../assumptions';
import { inSeconds, seconds } from '../state/durations';

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
    expect(await rows('id-new')).toHaveLength(1);
    await call('reader', 'GET', registryUrl('shopimages'));
    expect(await rows('plainimages')).toHaveLength(1);
    advance(30);
    expect(await rows('plainimages')).toHaveLength(0);
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

describe('assumptions', () => {
  it.each([
    [{ resourceGraphDelay: 1 }, "no assumption 'resourceGraphDelay'"],
    [{ resourceGraphDelaySeconds: -1 }, "'resourceGraphDelaySeconds' must be"],
    [{ resourceGraphDelaySeconds: '1' }, "'resourceGraphDelaySeconds' must be"],
    [{ resourceGraphPaging: 'odd' }, 'one of exact, losing'],
    [{ resourceGraphShowsVersionInUse: null }, 'true or false'],
    [{ constructor: 1 }, "no assumption 'constructor'"],
  ])('%j is refused', (changed, message) => {
    expect(() => azure.emulator.assumptions.change(changed as never)).toThrow(
      message,
    );
  });
});
